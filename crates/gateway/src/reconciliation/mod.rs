//! The only way in which a payment becomes done: a credit seen on the collecting account's statement.
//!
//! A job per collecting account reads the statement through the bank's connector ([`jobs`]), at once after an
//! authorised transfer and periodically. Each line is stored once, oldest first, and what it settles is settled in
//! the unit of work that stores it (`settle`): a crash leaves neither a gap nor a movement without its effects.
//! What can't be matched waits in the review queue for a person ([`review`]); money is never lost.

pub mod acknowledging;
mod claims;
mod division;
pub mod giving_back;
pub mod importing;
pub mod jobs;
pub mod review;
pub mod settle;
mod sql;
pub mod storing;

use ayni_connectors::statement::StatementLine;
use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, NewJob};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use crate::signals::JobKind;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// Asks, in a unit of work, that the statement of this collecting account be read at `due_at`.
///
/// A reading that is already under way does not count: another begins after it. For one that is due now, the caller
/// wakes [`JobKind::Statement`] after the commit.
pub fn request_reading(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    due_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = collecting_id.to_string();
    let job = NewJob {
        kind: JobKind::Statement.as_str(),
        key: &key,
        lane: "",
        due_at,
        payload: "",
    };
    queue::enqueue(tx, &job, now)
}

/// When the last complete reading of a collecting account's statement began.
pub fn read_at(tx: &mut Tx<'_>, collecting_id: i64) -> Result<Option<Timestamp>, StoreError> {
    sql::select_read_at(tx, collecting_id)
}

/// The collecting accounts whose statement a connector can read.
pub(crate) fn readable(tx: &mut Tx<'_>) -> Result<Vec<i64>, StoreError> {
    sql::select_readable(tx)
}

/// Money that left a collecting account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debit {
    /// The collecting account's row.
    pub collecting_id: i64,
    /// The bank's id of the line.
    pub id: String,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// Below zero.
    pub amount: Amount,
    /// The collecting account's.
    pub currency: Currency,
    /// Its comment.
    pub reference: String,
}

/// The debits that were seen since an instant, in the order in which they were booked.
pub(crate) fn debits_since(tx: &mut Tx<'_>, since: Timestamp, limit: i64) -> Result<Vec<Debit>, StoreError> {
    sql::select_debits_since(tx, since, limit)
}

/// One debit, if there is such a one that waits for nobody.
pub(crate) fn debit(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    movement: &str,
) -> Result<Option<Debit>, StoreError> {
    sql::select_debit(tx, collecting_id, movement)
}

/// What is known of a payment since its money was seen; `None` where it was not.
pub fn find(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Option<Reconciliation>, StoreError> {
    sql::select_reconciliation(tx, payment)
}

/// A line of a collecting account's statement, as it was stored.
pub fn movement(tx: &mut Tx<'_>, collecting_id: i64, id: &str) -> Result<Option<StatementLine>, StoreError> {
    sql::select_movement(tx, collecting_id, id)
}

/// What is known of a payment since its money was seen, as answers and pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// The payment.
    pub payment: PaymentId,
    /// Where the money arrived.
    pub collecting_id: i64,
    /// The bank's id of the movement.
    pub movement_id: String,
    /// When it was matched.
    pub conciliated_at: Timestamp,
    /// Whether that was after the payment's expiry.
    pub is_out_of_date: bool,
    /// The payer's bank, as in `GET /v3/banks`.
    pub bank_id: String,
    /// Its name.
    pub bank: String,
    /// `simplified_transfer` or `regular_transfer`.
    pub method: String,
    /// The payer's name.
    pub payer_name: String,
    /// The payer's e-mail, or empty.
    pub payer_email: String,
    /// The payer's RUT with dots and hyphen, or empty.
    pub payer_identifier: String,
    /// The payer's account number, or empty.
    pub payer_account: String,
    /// The bank's number of the transfer, or empty.
    pub operation_code: String,
    /// What came in, in the currency of the bank account.
    pub paid: Amount,
    /// The operator's part of it.
    pub fee: Amount,
    /// The integrator's part of it.
    pub integrator_fee: Amount,
    /// Who gets the integrator's part.
    pub integrator: Option<AccountId>,
}

/// `personal_identifier` of a payment whose money was seen, in answers and notifications alike: who paid, as people
/// write a RUT, or, where the bank did not say, the only person who may pay. Saying it twice changes nothing.
pub fn personal_identifier(seen: &str, fixed: Option<&str>) -> String {
    let text = match seen {
        "" => fixed.unwrap_or_default(),
        _ => seen,
    };
    Rut::parse(text).map_or_else(|_| text.to_owned(), Rut::formatted)
}

/// An error and all its causes, as a job's or a movement's reason shows them to an operator.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut reason = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        reason = format!("{reason}: {deeper}");
        cause = deeper.source();
    }
    reason
}
