//! How far each collecting account's statement was stored, and what the bank said that the account held then: the one
//! figure that comes from outside, against which the ledger is proved.
//!
//! The balance is stored in the unit of work that stores its lines, so it always belongs to exactly those that are
//! stored. A reading stores on top of the lines that it knew: where another one came first, it is refused and begins
//! anew, since the balance that it read would belong to other lines.

use ayni_domain::ledger::entry;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{balance, post, sql};

/// What is known of a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Lines stored so far.
    pub lines: i64,
    /// What the account held after them, as the bank said.
    pub balance: Option<Amount>,
    /// Whether what it held beyond them is posted.
    pub is_open: bool,
}

/// How far a statement was stored; nothing where it was never read.
pub fn known(tx: &mut Tx<'_>, collecting_id: i64) -> Result<Known, StoreError> {
    Ok(sql::select_statement(tx, collecting_id)?.unwrap_or_default())
}

/// Records that `stored` more lines are there, on top of the `before` that the reading knew, and what the account held
/// after them. Call it once their transactions are posted. What the account held beyond its lines is posted with the
/// first balance.
///
/// False where another reading stored lines meanwhile: then the unit of work must fail, and the statement be read again.
pub fn advance(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    (before, stored): (i64, i64),
    stated: Option<Amount>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let known = known(tx, collecting_id)?;
    if known.lines != before {
        return Ok(false);
    }
    let next = Known {
        lines: before + stored,
        balance: stated,
        is_open: known.is_open || stated.is_some(),
    };
    if let (Some(stated), false) = (stated, known.is_open) {
        let beyond = stated.checked_sub(balance(tx, collecting_id, Purpose::BANK)?);
        post(tx, &entry::opened(collecting_id, beyond.unwrap_or(stated)), now)?;
    }
    if next != known || stored > 0 {
        sql::upsert_statement(tx, collecting_id, &next, now)?;
    }
    Ok(true)
}
