//! What an operator sees and does: `ayni mails list|show|resend`.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use serde::Serialize;

use super::{compose, deliver, enqueue, sql};
use crate::app::{App, Shared};
use crate::signals::JobKind;
use crate::told::{Filter, ToldError, wire_time, wire_time_option};
use crate::witness::Witness;

/// A mail as it is listed.
#[derive(Clone, Debug, Serialize)]
pub struct MailEntry {
    /// Its id: payment and kind.
    pub id: String,
    /// The account that collects.
    pub receiver_id: i64,
    /// The payment.
    pub payment_id: String,
    /// `request`, `reminder-1`, `reminder-2` or `receipt`.
    pub kind: String,
    /// To whom.
    pub address: String,
    /// `es` or `en`.
    pub lang: String,
    /// `pending`, `sent`, `failed`, `dropped` or `held`.
    pub state: String,
    /// Why it failed or was dropped.
    pub reason: Option<String>,
    /// Tries so far.
    pub tries: i64,
    /// When it was made.
    #[serde(serialize_with = "wire_time")]
    pub created_at: Timestamp,
    /// When it is tried next, while pending.
    #[serde(serialize_with = "wire_time_option")]
    pub next_at: Option<Timestamp>,
    /// When it was taken, or given up.
    #[serde(serialize_with = "wire_time_option")]
    pub ended_at: Option<Timestamp>,
}

/// One try of a mail.
#[derive(Clone, Debug, Serialize)]
pub struct TryEntry {
    /// 1, 2, …
    pub number: i64,
    /// When it was begun.
    #[serde(serialize_with = "wire_time")]
    pub at: Timestamp,
    /// From connecting to the last answer.
    pub latency_ms: i64,
    /// Whether the server took it.
    pub taken: bool,
    /// The server's code, where it refused.
    pub code: Option<i64>,
    /// The server's words, or why there were none.
    pub said: String,
}

/// A mail with its words and its tries.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// What is known of it.
    pub mail: MailEntry,
    /// Its subject, as it would be sent now.
    pub subject: String,
    /// Its text part, as it would be sent now.
    pub text: String,
    /// The newest tries, oldest first.
    pub tries: Vec<TryEntry>,
}

/// A payment's mails with their newest tries, the first one first.
pub fn of_payment(
    tx: &mut Tx<'_>,
    payment: PaymentId,
) -> Result<Vec<(MailEntry, Vec<TryEntry>)>, StoreError> {
    let mut found = Vec::new();
    for mail in sql::select_of_payment(tx, payment)? {
        let tries = sql::select_tries(tx, &mail.id, TRIES_SHOWN_MAX)?;
        found.push((mail, tries));
    }
    Ok(found)
}

/// Mails, newest first.
pub async fn list(db: &Db, filter: Filter) -> Result<Vec<MailEntry>, ToldError> {
    let listed = db
        .read("mails.list", move |tx| {
            let payment = filter.payment.as_ref().map(PaymentId::as_str);
            let account = filter.account.map(|account| account.0);
            sql::select_mails(tx, account, payment, filter.state.as_deref(), filter.limit.into())
        })
        .await?;
    Ok(listed)
}

/// One mail, what it says and how its tries went.
pub async fn show(app: &Shared, id: &str) -> Result<Shown, ToldError> {
    let key = id.to_owned();
    let found = app
        .db
        .read("mails.show", move |tx| {
            let mail = sql::select_mail(tx, &key)?;
            Ok::<_, StoreError>((mail, sql::select_tries(tx, &key, TRIES_SHOWN_MAX)?))
        })
        .await?;
    let (Some(mail), tries) = found else {
        return Err(ToldError::NoMail(id.to_owned()));
    };
    let written = match deliver::load(app, id).await? {
        (Some(parcel), Some(facts)) => compose::mail(app, &parcel, &facts, None).ok(),
        _ => None,
    };
    let (subject, text) = written.map(|mail| (mail.subject, mail.text)).unwrap_or_default();
    Ok(Shown {
        mail,
        subject,
        text,
        tries,
    })
}

/// Makes the mail due now, whatever its state, with two days of tries. One that is not wanted any more is dropped again.
/// Only one of `account`, where one is said.
pub async fn resend(app: &App, account: Option<AccountId>, id: &str, by: &Witness) -> Result<(), ToldError> {
    let (key, now, by) = (id.to_owned(), app.clock.now(), by.clone());
    let found = app
        .db
        .write("mails.resend", move |tx| {
            let is_its = |mail: &MailEntry| account.is_none_or(|account| account.0 == mail.receiver_id);
            if !sql::select_mail(tx, &key)?.is_some_and(|mail| is_its(&mail)) {
                return Ok(false);
            }
            by.sign(tx, &key)?;
            sql::requeue_mail(tx, &key, now)?;
            enqueue(tx, &key, now)?;
            Ok::<_, ToldError>(true)
        })
        .await?;
    app.signals.wake(JobKind::Mail);
    if found {
        Ok(())
    } else {
        Err(ToldError::NoMail(id.to_owned()))
    }
}

const TRIES_SHOWN_MAX: i64 = 100;
