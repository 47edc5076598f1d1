//! What is kept has an end: a node takes out what is older than the operator's settings say, a portion at each round of
//! the housekeeping. Everything is idempotent, so several nodes may do the same.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::personal::Traces;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use super::erase::{NotErased, erase_payment};
use super::sql;
use crate::app::{App, Shared};

/// Days for which each kind of data is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Payers of payments, from the payment's making: what can be claimed in court is claimed by then.
    pub payers_days: u32,
    /// To whom mails went.
    pub mails_days: u32,
    /// What merchants answered to notifications.
    pub answers_days: u32,
    /// What was asked of institutions.
    pub operations_days: u32,
    /// Consents and their tokens, from their end.
    pub consents_days: u32,
    /// Who did what in the console.
    pub audit_days: u32,
}

impl Default for Retention {
    /// Six years for what the books rest on, as tax law keeps them; less for the rest.
    fn default() -> Retention {
        Retention {
            payers_days: 6 * 365,
            mails_days: 365,
            answers_days: 90,
            operations_days: 365,
            consents_days: 2 * 365,
            audit_days: 6 * 365,
        }
    }
}

/// Takes a portion of what is too old out.
pub(crate) async fn forget_old(app: &Shared) -> Result<(), StoreError> {
    let retention = app.settings.retention;
    let before = |days| before(app, days);
    let rows = [
        (sql::DELETE_MAIL_TRIES, before(retention.mails_days)),
        (sql::DELETE_MAILS, before(retention.mails_days)),
        (sql::BLANK_ANSWERS, before(retention.answers_days)),
        (sql::DELETE_OPERATIONS, before(retention.operations_days)),
        (sql::DELETE_CONSENTS, before(retention.consents_days)),
        (sql::DELETE_AUDIT, before(retention.audit_days)),
    ];
    let work = move |tx: &mut Tx<'_>| {
        for (text, before) in rows {
            tx.exec(text, &[before.as_millisecond().into(), PORTION.into()])?;
        }
        Ok::<_, StoreError>(())
    };
    app.db.write("privacy.forget", work).await?;
    for account in app.db.read("privacy.accounts", sql::select_accounts).await? {
        forget_payers(app, account, before(retention.payers_days)).await?;
    }
    Ok(())
}

/// The next portion of an account's old payments.
async fn forget_payers(app: &Shared, account: AccountId, before: Timestamp) -> Result<(), StoreError> {
    let page = app.db.read("privacy.old", move |tx: &mut Tx<'_>| {
        let (at, id) = sql::select_cursor(tx, account)?;
        let page = sql::select_payments(tx, account, (at, &id), before, PORTION)?;
        Ok::<_, StoreError>(
            page.iter()
                .map(|old| (old.created_at, old.id))
                .collect::<Vec<_>>(),
        )
    });
    let mut done: Option<(Timestamp, PaymentId)> = None;
    for (created_at, payment) in page.await? {
        match erase_payment(app, account, payment, &Traces::default()).await {
            Ok(()) => done = Some((created_at, payment)),
            // It is looked at again in the next round.
            Err(NotErased::InFlight(..)) => break,
            // One payment that can't be read holds up its account, and not the housekeeping of all others.
            Err(NotErased::Store(error @ StoreError::Column { .. })) => {
                tracing::error!(%payment, %error, "a payment's payer could not be taken out");
                break;
            }
            Err(NotErased::Store(error)) => return Err(error),
        }
    }
    match done {
        Some((at, payment)) => {
            let work = move |tx: &mut Tx<'_>| sql::move_cursor(tx, account, at, payment);
            app.db.write("privacy.cursor", work).await
        }
        None => Ok(()),
    }
}

fn before(app: &App, days: u32) -> Timestamp {
    let kept = SignedDuration::from_hours(24 * i64::from(days));
    app.clock.now().saturating_sub(kept).unwrap_or(Timestamp::MIN)
}

/// Rows, or payments of an account, of one round.
const PORTION: i64 = 100;
