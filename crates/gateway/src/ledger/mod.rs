//! The ledger: every peso that the gateway saw, in double entry, so that whose it is can be proved at any time.
//!
//! Whatever moves money posts one transaction in its own unit of work ([`post`]): both are there, or neither is. Rows
//! are only ever added; a mistake is mended by a correction.

mod sql;

use ayni_domain::ledger::Transaction;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// Posts a transaction: its row, its postings and the balances that they change. A second one with the same id makes
/// the whole unit of work fail with a conflict.
pub fn post(tx: &mut Tx<'_>, transaction: &Transaction, now: Timestamp) -> Result<(), StoreError> {
    sql::insert_transaction(tx, transaction, now)?;
    for (purpose, amount) in transaction.postings() {
        sql::insert_posting(tx, &transaction.id, purpose, amount)?;
        sql::add_to_balance(tx, transaction.collecting_id, purpose, amount)?;
    }
    Ok(())
}

/// The sum of a ledger account's postings: above zero for what is held (`bank`), below for what is owed.
pub fn balance(tx: &mut Tx<'_>, collecting_id: i64, purpose: Purpose) -> Result<Amount, StoreError> {
    sql::select_balance(tx, collecting_id, purpose)
}
