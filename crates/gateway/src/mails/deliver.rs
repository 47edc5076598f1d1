//! One try of one mail, in explicit steps: load, see whether it is wanted still, write, send, record.

use std::time::{Duration, Instant};

use ayni_domain::ids::PaymentId;
use ayni_domain::lang::Lang;
use ayni_domain::payment::state::{Detail, State as PaymentState};
use ayni_domain::{notice, psp, reminder};
use ayni_outbound::mail::{Mailer, error::MailError, message::Attachment};
use ayni_store::queue::{self, Job};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::compose::{self, ComposeError, Facts};
use super::{Kind, State, readers, sql};
use crate::app::{App, Shared};
use crate::merchants::{MerchantError, accounts};
use crate::receipts::{self, ReceiptError};
use crate::worker::Unfinished;
use crate::{payments, reconciliation};

/// A mail as its row tells it.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) payment: PaymentId,
    pub(super) kind: Kind,
    pub(super) address: String,
    pub(super) name: String,
    pub(super) lang: Lang,
    pub(super) is_pending: bool,
    pub(super) tries: i64,
    pub(super) queued_at: Timestamp,
}

/// What became of a try.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) at: Timestamp,
    pub(super) latency_ms: i64,
    pub(super) is_taken: bool,
    /// The server's code, where it refused.
    pub(super) code: Option<u16>,
    /// The server's words, or why there were none.
    pub(super) said: String,
    /// Whether another try would change nothing.
    is_final: bool,
}

/// Sends the mail that a job names, if it is wanted still, and records what came of it.
pub async fn deliver(app: Shared, job: Job) -> Result<(), Unfinished> {
    let Some(mailer) = app.mailer.clone() else {
        let reason = "no mail server is set".to_owned();
        let pause = NO_SERVER_PAUSE;
        return Err(Unfinished { reason, pause });
    };
    let (Some(parcel), facts) = load(&app, &job.key).await.map_err(|error| unread(&error))? else {
        return Ok(finish(&app, job).await?);
    };
    let now = app.clock.now();
    if !parcel.is_pending {
        return Ok(finish(&app, job).await?);
    }
    let why_not = match &facts {
        None => Some("no-payment"),
        Some(facts) => unwanted(&parcel, facts, now),
    };
    match (why_not, facts) {
        (None, Some(facts)) => {
            let file = attachment(&app, &parcel).await?;
            let outcome = attempt(&app, &mailer, &parcel, &facts, file).await;
            record(&app, job, &parcel, outcome).await
        }
        (reason, _) => Ok(end(&app, job, State::Dropped, reason.unwrap_or_default()).await?),
    }
}

/// The mail, and what it is made of, where its payment is there.
pub(super) async fn load(app: &Shared, id: &str) -> Result<(Option<Parcel>, Option<Facts>), MerchantError> {
    let (loading, id) = (app.clone(), id.to_owned());
    app.db
        .read("mails.load", move |tx| {
            let Some(parcel) = sql::select_parcel(tx, &id)? else {
                return Ok((None, None));
            };
            let facts = facts(tx, &loading, &parcel)?;
            Ok((Some(parcel), facts))
        })
        .await
}

fn facts(tx: &mut Tx<'_>, app: &App, parcel: &Parcel) -> Result<Option<Facts>, MerchantError> {
    let Some(payment) = payments::find(tx, parcel.payment)? else {
        return Ok(None);
    };
    let account = accounts::read(tx, payment.account)?;
    let hash = readers::token_hash(&readers::token(&app.keyring, payment.account, &parcel.address));
    let reader = match parcel.kind {
        Kind::Reminder(_) => sql::select_reader(tx, &hash)?,
        Kind::Request | Kind::Receipt => None,
    };
    let seen = match parcel.kind {
        Kind::Receipt => reconciliation::find(tx, payment.id)?,
        Kind::Request | Kind::Reminder(_) => None,
    };
    Ok(Some(Facts {
        payee: match &payment.details.psp_client_merchant_name {
            Some(names) => psp::payee(&account.name, names).0,
            None => account.name.clone(),
        },
        seen,
        is_disabled: account.is_disabled(),
        has_declined: reader.is_some_and(|reader| reader.has_declined),
        payment,
    }))
}

/// Why a mail should not go out any more, if so.
fn unwanted(parcel: &Parcel, facts: &Facts, now: Timestamp) -> Option<&'static str> {
    let payment = &facts.payment;
    match parcel.kind {
        Kind::Receipt => facts.seen.is_none().then_some("not-paid"),
        Kind::Reminder(_) if facts.has_declined => Some("declined"),
        Kind::Request | Kind::Reminder(_) if facts.is_disabled => Some("account-disabled"),
        Kind::Request | Kind::Reminder(_) if reminder::is_owed(payment.state, payment.expires_at, now) => {
            None
        }
        Kind::Request | Kind::Reminder(_) => Some(match payment.state {
            PaymentState::Pending => "expired",
            PaymentState::Verifying => "being-paid",
            PaymentState::Deleted => "deleted",
            PaymentState::Done(Detail::RejectedByPayer | Detail::MarkedAsAbuse) => "rejected",
            PaymentState::Done(_) => "paid",
        }),
    }
}

/// The PDF of a receipt. Where it can't be drawn the mail goes without it: the link is in its text.
async fn attachment(app: &App, parcel: &Parcel) -> Result<Option<Attachment>, Unfinished> {
    if parcel.kind != Kind::Receipt {
        return Ok(None);
    }
    match receipts::write(app, parcel.payment, parcel.lang).await {
        Ok(written) => Ok(written.map(|receipt| Attachment {
            name: receipt.name,
            content_type: "application/pdf",
            bytes: receipt.bytes.to_vec(),
        })),
        Err(ReceiptError::Store(error)) => Err(error.into()),
        Err(ReceiptError::Merchant(error)) => Err(unread(&error)),
        Err(error @ ReceiptError::Font { .. }) => {
            tracing::error!(payment = %parcel.payment, %error, "a receipt could not be drawn");
            Ok(None)
        }
    }
}

async fn attempt(
    app: &App,
    mailer: &Mailer,
    parcel: &Parcel,
    facts: &Facts,
    file: Option<Attachment>,
) -> Outcome {
    let (at, start) = (app.clock.now(), Instant::now());
    let sent = match compose::mail(app, parcel, facts, file) {
        Ok(mail) => mailer.send(&mail).await,
        Err(error @ (ComposeError::Address | ComposeError::Template(_))) => {
            Err(MailError::Message(error.to_string()))
        }
    };
    let outcome = Outcome {
        at,
        latency_ms: i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX),
        is_taken: sent.is_ok(),
        code: sent.as_ref().err().and_then(MailError::code),
        is_final: sent.as_ref().is_err_and(MailError::is_final),
        said: match sent {
            Ok(taken) => taken.said,
            Err(error) => error.to_string(),
        },
    };
    let label = match (outcome.is_taken, outcome.is_final) {
        (true, _) => "taken",
        (false, true) => "refused",
        (false, false) => "failed",
    };
    metrics::counter!("ayni_mail_tries_total", "kind" => parcel.kind.as_str(), "outcome" => label)
        .increment(1);
    outcome
}

/// Records a try, and when the next one is due.
async fn record(app: &App, job: Job, parcel: &Parcel, outcome: Outcome) -> Result<(), Unfinished> {
    let now = app.clock.now();
    let tries = u32::try_from(parcel.tries + 1).unwrap_or(u32::MAX);
    let next = notice::next_try(parcel.queued_at, now, tries, app.entropy.u16());
    let next = next.filter(|_| !outcome.is_taken && !outcome.is_final);
    let state = match (outcome.is_taken, next) {
        (true, _) => State::Sent,
        (false, Some(_)) => State::Pending,
        (false, None) => State::Failed,
    };
    if state != State::Sent {
        // Not in the server's words: they may repeat the recipient's address.
        tracing::warn!(mail = %job.key, code = outcome.code, state = state.as_str(), "a mail was not taken");
    }
    let reason = match (state, outcome.is_final) {
        (State::Failed, true) => Some("refused"),
        (State::Failed, false) => Some("two-days-over"),
        _ => None,
    };
    app.db
        .write("mails.record", move |tx| {
            sql::insert_try(tx, &job.key, &outcome)?;
            let ended_at = next.is_none().then_some(now);
            sql::update_after_try(tx, &job.key, state, (next, ended_at), reason)?;
            match next {
                Some(next) => queue::retry(tx, &job, next, "not taken"),
                None => queue::finish(tx, &job),
            }
        })
        .await?;
    Ok(())
}

async fn end(
    app: &App,
    job: Job,
    state: State,
    reason: &'static str,
) -> Result<(), ayni_store::error::StoreError> {
    let now = app.clock.now();
    app.db
        .write("mails.end", move |tx| {
            sql::update_dropped(tx, &job.key, state, reason, now)?;
            queue::finish(tx, &job).map(drop)
        })
        .await
}

async fn finish(app: &App, job: Job) -> Result<(), ayni_store::error::StoreError> {
    app.db
        .append("mails.finish", move |tx| queue::finish(tx, &job).map(drop))
        .await
}

fn unread(error: &MerchantError) -> Unfinished {
    Unfinished {
        reason: error.to_string(),
        pause: UNREAD_PAUSE,
    }
}

const NO_SERVER_PAUSE: Duration = Duration::from_secs(60);
const UNREAD_PAUSE: Duration = Duration::from_secs(5);
