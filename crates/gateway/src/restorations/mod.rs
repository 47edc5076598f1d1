//! A database that was restored does not know what happened after its backup was taken: orders that it takes for unsent
//! may have been sent, payments that it takes for open may have been paid, and its next settlement may pay what was paid
//! already. Nothing of that may be done twice.
//!
//! So a restoration notes itself before anybody can open the database ([`note`]), and from then on:
//!
//! - No order leaves, by site or in a file, until the operator releases them ([`crate::orders::held`]), which takes a
//!   complete reading of each statement that began after the restoration.
//! - No transfer of a payer's is authorised for a payment that is older than the restoration, until the statement of its
//!   collecting account was read since: what a payer sent meanwhile is seen there first. Attempts that were under way have
//!   ended.

mod sql;

use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use crate::payer;
use crate::payments::Payment;
use crate::reconciliation;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// A time at which the database was made of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restoration {
    /// When.
    pub restored_at: Timestamp,
    /// When the operator let money leave again.
    pub released_at: Option<Timestamp>,
}

/// Notes, in the last unit of work of a restoration, that this database is a copy; ends the attempts that were under way
/// in it, whose sessions at banks are somebody's past.
pub fn note(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    sql::insert_restoration(tx, now)?;
    payer::end_restored(tx, now)
}

/// The latest restoration, if there was one.
pub fn latest(tx: &mut Tx<'_>) -> Result<Option<Restoration>, StoreError> {
    sql::select_latest(tx)
}

/// Whether money that leaves is held.
pub fn is_held(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(latest(tx)?.is_some_and(|restoration| restoration.released_at.is_none()))
}

/// Whether a payment may have been paid without this database's knowledge, so that its payer must wait for a reading.
pub fn holds(tx: &mut Tx<'_>, payment: &Payment, collecting_id: i64) -> Result<bool, StoreError> {
    let Some(restoration) = latest(tx)?.filter(|restoration| restoration.released_at.is_none()) else {
        return Ok(false);
    };
    if payment.created_at > restoration.restored_at {
        return Ok(false);
    }
    let read_at = reconciliation::read_at(tx, collecting_id)?;
    Ok(read_at.is_none_or(|read_at| read_at < restoration.restored_at))
}

/// Lets money leave again.
pub(crate) fn release(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    sql::release(tx, now)
}
