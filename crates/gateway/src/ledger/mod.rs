//! The ledger: every peso that the gateway saw, in double entry, so that whose it is can be proved at any time.
//!
//! Whatever moves money posts one transaction in its own unit of work ([`post`]): both are there, or neither is. Rows
//! are only ever added; a mistake is mended by a correction.

pub mod check;
pub mod correct;
pub mod fees;
pub mod list;
mod sql;
pub mod statement;

use std::collections::BTreeMap;

use ayni_domain::ledger::Transaction;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// Posts a transaction: its row, its postings and the balances that they change. A second one with the same id makes
/// the whole unit of work fail with a conflict. One in which nothing moves leaves nothing.
pub fn post(tx: &mut Tx<'_>, transaction: &Transaction, now: Timestamp) -> Result<(), StoreError> {
    post_all(tx, std::slice::from_ref(transaction), now)
}

/// Posts several transactions in one unit of work; each balance is changed once, always in the same order.
pub fn post_all(tx: &mut Tx<'_>, transactions: &[Transaction], now: Timestamp) -> Result<(), StoreError> {
    let mut changes: BTreeMap<(i64, Purpose), i64> = BTreeMap::new();
    for transaction in transactions {
        let mut postings = transaction.postings().peekable();
        if postings.peek().is_some() {
            sql::insert_transaction(tx, transaction, now)?;
        }
        for (purpose, amount) in postings {
            sql::insert_posting(tx, &transaction.id, purpose, amount)?;
            *changes.entry((transaction.collecting_id, purpose)).or_default() += amount.ten_thousandths();
        }
    }
    for ((collecting_id, purpose), change) in changes {
        sql::add_to_balance(tx, collecting_id, purpose, Amount::from_ten_thousandths(change))?;
    }
    Ok(())
}

/// The sum of a ledger account's postings: above zero for what is held (`bank`), below for what is owed.
pub fn balance(tx: &mut Tx<'_>, collecting_id: i64, purpose: Purpose) -> Result<Amount, StoreError> {
    sql::select_balance(tx, collecting_id, purpose)
}
