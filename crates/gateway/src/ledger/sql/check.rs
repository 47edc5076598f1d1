//! What the proof of the ledger reads.

use std::collections::BTreeMap;

use ayni_domain::money::Amount;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;

use super::unreadable;
use crate::ledger::check::{Account, BankAccount};

/// A transaction with one of its postings, if it has any.
pub(in crate::ledger) struct Summed {
    pub(in crate::ledger) id: String,
    pub(in crate::ledger) posting: Option<(Account, i64)>,
}

pub(super) const SELECT_TRANSACTIONS: &str = "\
    SELECT t.id, t.collecting_id, p.kind, p.owner, p.amount \
    FROM (SELECT id, collecting_id FROM ledger_transactions WHERE id > $1 ORDER BY id LIMIT $2) t \
    LEFT JOIN ledger_postings p ON p.transaction_id = t.id ORDER BY t.id";

pub(in crate::ledger) fn select_transactions(
    tx: &mut Tx<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<Summed>, StoreError> {
    let rows = tx.all(SELECT_TRANSACTIONS, &[after.into(), limit.into()])?;
    rows.iter().map(summed).collect()
}

fn summed(row: &Row) -> Result<Summed, StoreError> {
    let posting = match (row.opt_text(2)?, row.opt_int(3)?, row.opt_int(4)?) {
        (Some(kind), Some(owner), Some(amount)) => Some(((row.int(1)?, kind, owner), amount)),
        _ => None,
    };
    Ok(Summed {
        id: row.text(0)?,
        posting,
    })
}

pub(super) const COUNT_POSTINGS: &str = "SELECT COUNT(*) FROM ledger_postings";

pub(in crate::ledger) fn count_postings(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let count = tx.one(COUNT_POSTINGS, &[])?.map(|row| row.int(0)).transpose()?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
}

pub(super) const SELECT_BALANCES: &str = "SELECT collecting_id, kind, owner, balance FROM ledger_balances";

pub(in crate::ledger) fn select_balances(tx: &mut Tx<'_>) -> Result<Vec<(Account, i64)>, StoreError> {
    tx.all(SELECT_BALANCES, &[])?
        .iter()
        .map(|row| Ok(((row.int(0)?, row.text(1)?, row.int(2)?), row.int(3)?)))
        .collect()
}

pub(super) const SELECT_BANK_ACCOUNTS: &str = "\
    SELECT c.id, c.uuid, c.currency, s.balance, s.stated_at \
    FROM collecting_accounts c LEFT JOIN ledger_statements s ON s.collecting_id = c.id \
    WHERE s.collecting_id IS NOT NULL OR EXISTS (SELECT 1 FROM ledger_balances b WHERE b.collecting_id = c.id) \
    ORDER BY c.created_at, c.id";

/// The bank accounts with a statement or with money, without their parts.
pub(in crate::ledger) fn select_bank_accounts(tx: &mut Tx<'_>) -> Result<Vec<BankAccount>, StoreError> {
    tx.all(SELECT_BANK_ACCOUNTS, &[])?
        .iter()
        .map(|row| {
            Ok(BankAccount {
                collecting_id: row.int(0)?,
                uuid: row.text(1)?,
                currency: row.str(2)?.parse().map_err(|_| unreadable(2, "is no currency"))?,
                stated: row.opt_int(3)?.map(Amount::from_ten_thousandths),
                stated_at: row.opt_int(4)?.map(time::from_ms),
                parts: BTreeMap::new(),
            })
        })
        .collect()
}
