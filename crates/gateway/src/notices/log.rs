//! An account's notifications as its people look through them: page by page, narrowed by what is asked for, each with
//! what was sent and every try; and what they do with them: send again, one or many, or stop.
//!
//! A page looks at a bounded number of rows, however few of them are wanted: it says where it stopped, and the next page
//! goes on from there.

use ayni_domain::ids::AccountId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::queue;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::sql;
use super::{NoticeEntry, TryEntry, content_type, enqueue, letter};
use crate::app::{App, Shared};
use crate::merchants::MerchantError;
use crate::merchants::secrets;
use crate::signals::JobKind;
use crate::told::ToldError;
use crate::walk::{self, Page};
use crate::witness::Witness;

/// What a notification tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// A payment.
    Payment,
    /// An operation: its callback.
    Operation,
    /// A settlement.
    Settlement,
    /// Nothing: it is a trial.
    Trial,
}

impl Topic {
    /// All of them.
    pub(crate) const ALL: [Topic; 4] = [Topic::Payment, Topic::Operation, Topic::Settlement, Topic::Trial];

    /// Its word in addresses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Topic::Payment => "payment",
            Topic::Operation => "operation",
            Topic::Settlement => "settlement",
            Topic::Trial => "trial",
        }
    }

    /// The topic of a notification.
    pub(crate) fn of(entry: &NoticeEntry) -> Topic {
        match (&entry.operation_id, &entry.settlement_id) {
            (Some(_), _) => Topic::Operation,
            (None, Some(_)) => Topic::Settlement,
            (None, None) if entry.payment_id.is_empty() => Topic::Trial,
            (None, None) => Topic::Payment,
        }
    }
}

/// Which notifications are wanted; what is not said is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// `pending`, `delivered` or `spent`.
    pub(crate) state: Option<String>,
    /// What they tell of.
    pub(crate) topic: Option<Topic>,
    /// Made at or after this instant.
    pub(crate) from: Option<Timestamp>,
    /// Made before it.
    pub(crate) until: Option<Timestamp>,
    /// Their address begins so.
    pub(crate) url: Option<String>,
    /// Of this payment.
    pub(crate) payment: Option<String>,
}

/// Where a page ends: after this notification, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// When it was made, Unix milliseconds.
    pub(crate) created_ms: i64,
    /// Its id.
    pub(crate) id: String,
}

/// A page of an account's notifications after a place.
pub(crate) async fn page(
    db: &Db,
    account: AccountId,
    wanted: Wanted,
    after: Option<Place>,
) -> Result<Page<NoticeEntry, Place>, StoreError> {
    db.read("notices.page", move |tx| {
        let portion = |after: Option<&Place>, rows| sql::select_page(tx, account.0, &wanted, after, rows);
        walk::page(after.clone(), portion, |entry| Place {
            created_ms: entry.created_at.as_millisecond(),
            id: entry.id.clone(),
        })
    })
    .await
}

/// One notification: what was sent, and how it went.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// What is known of it.
    pub(crate) entry: NoticeEntry,
    /// The headers of the last try, or of one made now: names and values.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// What is sent; empty for an operation's callback, whose answer lies sealed.
    pub(crate) body: String,
    /// Every try, the first one first.
    pub(crate) tries: Vec<TryEntry>,
}

/// An account's notification; `None` where it has no such one.
pub(crate) async fn show(app: &Shared, account: AccountId, id: &str) -> Result<Option<Shown>, MerchantError> {
    let (id, opener, now) = (id.to_owned(), app.clone(), app.clock.now());
    app.db
        .read("notices.of-account", move |tx| {
            let entry = sql::select_notice(tx, &id)?.filter(|entry| entry.receiver_id == account.0);
            let (Some(entry), Some(parcel)) = (entry, sql::select_parcel(tx, &id)?) else {
                return Ok(None);
            };
            let tries = sql::select_tries(tx, &id)?;
            let mut headers = vec![("content-type", content_type(parcel.version).to_owned())];
            if entry.operation_id.is_none() {
                let secrets = secrets::open(tx, &opener.keyring, account, now)?;
                let sent_at = tries.last().map_or(now, |last| last.at);
                headers.extend(letter::signatures(
                    (parcel.version, &parcel.body),
                    &secrets,
                    sent_at.as_millisecond(),
                ));
            }
            let body = String::from_utf8_lossy(&parcel.body).into_owned();
            Ok::<_, MerchantError>(Some(Shown {
                entry,
                headers,
                body,
                tries,
            }))
        })
        .await
}

/// Makes an account's failed notifications that are wanted due now, the oldest first and at most [`RESEND_MAX`]; each
/// gets one more try. Answers how many there were; those that wait for such a try already are not among them.
pub(crate) async fn resend_failed(
    app: &App,
    account: AccountId,
    wanted: Wanted,
    by: &Witness,
) -> Result<usize, ToldError> {
    let (now, by) = (app.clock.now(), by.clone());
    let resent = app
        .db
        .write("notices.resend-failed", move |tx| {
            let due = sql::select_failed(tx, account.0, &wanted, RESEND_MAX)?;
            by.sign(tx, &format!("{} failed", due.len()))?;
            for (id, url) in &due {
                sql::update_due(tx, id, now)?;
                enqueue(tx, id, url, now)?;
            }
            Ok::<_, ToldError>(due.len())
        })
        .await?;
    app.signals.wake(JobKind::Notice);
    Ok(resent)
}

/// Gives up an account's notification that is not delivered yet; a try that is under way is its last one.
pub(crate) async fn stop(app: &App, account: AccountId, id: &str, by: &Witness) -> Result<bool, ToldError> {
    let (id, now, by) = (id.to_owned(), app.clock.now(), by.clone());
    app.db
        .write("notices.stop", move |tx| {
            let is_its = |entry: &NoticeEntry| entry.receiver_id == account.0;
            if !sql::select_notice(tx, &id)?.is_some_and(|entry| is_its(&entry)) {
                return Err(ToldError::NoNotice(id.clone()));
            }
            by.sign(tx, &id)?;
            queue::cancel(tx, JobKind::Notice.as_str(), &id)?;
            Ok(sql::update_spent(tx, &id, now)?)
        })
        .await
}

/// Whether an account has failed notifications, for its first page.
pub(crate) fn has_failed(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, StoreError> {
    Ok(!sql::select_failed(tx, account.0, &Wanted::default(), 1)?.is_empty())
}

/// Notifications that one press sends again.
pub(crate) const RESEND_MAX: usize = 200;
