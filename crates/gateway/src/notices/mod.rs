//! Telling merchants that their money was seen.
//!
//! A notice is made in the unit of work that settles its payment, with its body fixed for good, and is sent byte
//! for byte until the merchant answers 200 or two days are over (`spec/payments.md`, section 6). At least once,
//! never for a payment that is not `done`; one slow or dead receiver never delays another ([`lanes`]).

pub mod commands;
mod deliver;
mod lane;
pub mod lanes;
pub(crate) mod letter;
pub(crate) mod log;
mod sql;
pub(crate) mod trial;

use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::{ids::AccountId, ids::PaymentId};
use ayni_store::error::StoreError;
use ayni_store::queue::{self, NewJob};
use ayni_store::tx::Tx;
use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use crate::events::{self, Kind, NewEvent, Told};
use crate::signals::JobKind;
use crate::told::{wire_time, wire_time_option};

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// A notification that is to be made, its body already fixed.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// Drawn before the unit of work, which may run twice.
    pub id: Uuid,
    /// Whose payment it is; its secret signs.
    pub account: AccountId,
    /// What it tells of.
    pub subject: Subject,
    /// Where it goes: the payment's `notify_url` or the account's, or the account's `rendition_url`.
    pub url: String,
    /// Which form it has.
    pub version: NotifyVersion,
    /// What is sent at each try; empty for an operation, whose sealed answer is sent.
    pub body: String,
}

/// What a notice tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A settled payment. HTTP 200 acknowledges.
    Payment(PaymentId),
    /// An operation that is over: its callback. Any 2xx acknowledges.
    Operation(Uuid),
    /// A settlement, by its id. HTTP 200 acknowledges.
    Settlement(String),
    /// Nothing: somebody tries whether notifications arrive (`trial`). HTTP 200 acknowledges.
    Trial,
}

fn content_type(version: NotifyVersion) -> &'static str {
    match version {
        NotifyVersion::V3_0 => "application/json",
        NotifyVersion::V1_3 => "application/x-www-form-urlencoded",
    }
}

/// Makes the notice and the job that delivers it, in the unit of work that settles the payment.
///
/// The caller wakes [`JobKind::Notice`] after the commit.
pub fn create(tx: &mut Tx<'_>, notice: &NewNotice, now: Timestamp) -> Result<(), StoreError> {
    let id = notice.id.to_string();
    sql::insert_notice(tx, notice, now)?;
    tell(tx, notice.account, &notice.subject, Told::Notice(&id), now)?;
    enqueue(tx, &id, &notice.url, now)
}

/// The same where there may be no address: then only those who listen are told.
pub fn create_or_tell(
    tx: &mut Tx<'_>,
    id: Uuid,
    (account, subject): (AccountId, Subject),
    url: Option<String>,
    (version, body): (NotifyVersion, String),
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(url) = url else {
        let (id, body) = (id.to_string(), body.as_str());
        let unsent = Told::Unsent {
            id: &id,
            version,
            body,
        };
        return tell(tx, account, &subject, unsent, now);
    };
    let notice = NewNotice {
        id,
        account,
        subject,
        url,
        version,
        body,
    };
    create(tx, &notice, now)
}

fn tell(
    tx: &mut Tx<'_>,
    account: AccountId,
    subject: &Subject,
    notice: Told<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (kind, subject) = match subject {
        Subject::Payment(payment) => (Kind::PaymentDone, payment.to_string()),
        Subject::Operation(operation) => (Kind::OperationCallback, operation.to_string()),
        Subject::Settlement(settlement) => (Kind::SettlementDone, settlement.clone()),
        Subject::Trial => return Ok(()),
    };
    let event = NewEvent {
        account,
        kind,
        subject: &subject,
        notice,
    };
    events::record(tx, &event, now)
}

/// The account's notice of this id.
pub(crate) fn find_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &str,
) -> Result<Option<NoticeEntry>, StoreError> {
    Ok(sql::select_notice(tx, id)?.filter(|entry| entry.receiver_id == account.0))
}

/// What a notice tells of; nothing where it is a trial.
pub(crate) fn told_of(entry: &NoticeEntry) -> Option<(Kind, String)> {
    match (&entry.operation_id, &entry.settlement_id) {
        (Some(operation), _) => Some((Kind::OperationCallback, operation.clone())),
        (_, Some(settlement)) => Some((Kind::SettlementDone, settlement.clone())),
        _ if entry.payment_id.is_empty() => None,
        _ => Some((Kind::PaymentDone, entry.payment_id.clone())),
    }
}

fn enqueue(tx: &mut Tx<'_>, id: &str, url: &str, now: Timestamp) -> Result<(), StoreError> {
    let lane = lane_of(url);
    let job = NewJob {
        kind: JobKind::Notice.as_str(),
        key: id,
        lane: &lane,
        due_at: now,
        payload: "",
    };
    queue::enqueue(tx, &job, now)
}

/// What is limited together: scheme, host and port of the receiver.
fn lane_of(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

/// A payment's notices with all their tries, the first one first; at most [`NOTICES_OF_PAYMENT_MAX`].
pub fn of_payment(
    tx: &mut Tx<'_>,
    payment: PaymentId,
) -> Result<Vec<(NoticeEntry, Vec<TryEntry>)>, StoreError> {
    let mut found = Vec::new();
    for notice in sql::select_of_payment(tx, payment, NOTICES_OF_PAYMENT_MAX)? {
        let tries = sql::select_tries(tx, &notice.id)?;
        found.push((notice, tries));
    }
    Ok(found)
}

/// A payment is told of once, unless something is mended by hand.
pub const NOTICES_OF_PAYMENT_MAX: i64 = 20;

/// A notice as it is listed.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NoticeEntry {
    /// Its id.
    pub id: String,
    /// The account that is told.
    pub receiver_id: i64,
    /// The settled payment; empty where it tells of something else.
    pub payment_id: String,
    /// The operation whose callback it is.
    pub operation_id: Option<String>,
    /// The settlement that it tells of.
    pub settlement_id: Option<String>,
    /// Where it goes.
    pub url: String,
    /// `3.0` or `1.3`.
    pub version: String,
    /// `pending`, `delivered`, or `spent` when two days were over.
    pub state: String,
    /// Tries so far.
    pub tries: i64,
    /// When it was made.
    #[serde(serialize_with = "wire_time")]
    pub created_at: Timestamp,
    /// When it is tried next, while pending.
    #[serde(serialize_with = "wire_time_option")]
    pub next_at: Option<Timestamp>,
    /// When it was delivered or spent.
    #[serde(serialize_with = "wire_time_option")]
    pub ended_at: Option<Timestamp>,
}

/// One try of a notice.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TryEntry {
    /// 1, 2, …
    pub number: i64,
    /// When it was sent.
    #[serde(serialize_with = "wire_time")]
    pub at: Timestamp,
    /// The HTTP status, if the receiver answered.
    pub status: Option<i64>,
    /// From connecting to the answer's end.
    pub latency_ms: i64,
    /// Why there was no answer.
    pub error: Option<String>,
    /// The first 2 KiB of the answer.
    pub answer: String,
}
