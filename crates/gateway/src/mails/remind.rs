//! A reminder that falls due: made if its payment is owed still and its reader wants it, and the next one arranged.

use ayni_domain::ids::PaymentId;
use ayni_domain::payment::state::State;
use ayni_domain::reminder;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job, NewJob};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{Kind, MailId, NewMail, make, readers};
use crate::app::{App, Shared};
use crate::payments;
use crate::signals::JobKind;
use crate::worker::Unfinished;

/// Arranges for reminder `number` of a payment, a week from now, unless it expires before.
pub(super) fn arrange(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    number: u8,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(due_at) = reminder::due(number, now, expires_at) else {
        return Ok(());
    };
    let number = number.to_string();
    let job = NewJob {
        kind: JobKind::Reminder.as_str(),
        key: payment.as_str(),
        lane: "",
        payload: &number,
        due_at,
    };
    queue::enqueue(tx, &job, now)
}

/// Makes the reminder that is due, and arranges for the next. One whose payment is being paid just now is left out.
pub async fn remind(app: Shared, job: Job) -> Result<(), Unfinished> {
    let (reminding, now) = (app.clone(), app.clock.now());
    app.db
        .write("mails.remind", move |tx| match queue::finish(tx, &job)? {
            true => step(tx, &reminding, &job, now),
            false => Ok(()),
        })
        .await?;
    app.signals.wake(JobKind::Mail);
    Ok(())
}

fn step(tx: &mut Tx<'_>, app: &App, job: &Job, now: Timestamp) -> Result<(), StoreError> {
    let (Ok(id), Ok(number)) = (PaymentId::parse(&job.key), job.payload.parse::<u8>()) else {
        return Ok(());
    };
    let Some(payment) = payments::find(tx, id)? else {
        return Ok(());
    };
    let details = &payment.details;
    let Some(address) = &details.payer_email else {
        return Ok(());
    };
    let is_owed = reminder::is_owed(payment.state, payment.expires_at, now);
    if is_owed && readers::note(tx, &app.keyring, payment.account, address)? {
        let new = NewMail {
            id: MailId {
                payment: id,
                kind: Kind::Reminder(number),
            },
            account: payment.account,
            address,
            name: details.payer_name.as_deref().unwrap_or_default(),
            lang: details.lang,
        };
        make(tx, &new, app.mailer.is_some(), now)?;
    }
    match payment.state {
        State::Pending | State::Verifying => {
            arrange(tx, id, number.saturating_add(1), payment.expires_at, now)
        }
        State::Deleted | State::Done(_) => Ok(()),
    }
}
