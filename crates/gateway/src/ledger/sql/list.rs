//! What people read of the ledger.

use ayni_domain::ids::PaymentId;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;

use super::unreadable;
use crate::ledger::list::{BalanceEntry, TransactionEntry, Wanted};

/// The same list for each way to narrow it: one text with `$1 = 0 OR …` would be answered by reading every balance.
macro_rules! balances {
    ($where:literal) => {
        concat!(
            "SELECT c.uuid, c.currency, b.kind, b.owner, b.balance \
             FROM ledger_balances b JOIN collecting_accounts c ON c.id = b.collecting_id ",
            $where,
            " ORDER BY c.created_at, c.id, b.kind, b.owner LIMIT $1"
        )
    };
}

pub(super) const SELECT_BALANCES: &str = balances!("");

// Said so that the index of owners, which leaves out what is nobody's, can answer.
pub(super) const SELECT_BALANCES_OF: &str = balances!("WHERE b.owner = $2 AND b.owner <> 0");

pub(super) const SELECT_BALANCES_ON: &str = balances!("WHERE c.uuid = $2");

pub(super) const SELECT_BALANCES_OF_ON: &str =
    balances!("WHERE b.owner = $2 AND b.owner <> 0 AND c.uuid = $3");

pub(in crate::ledger) fn select_balances(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    limit: i64,
) -> Result<Vec<BalanceEntry>, StoreError> {
    let rows = match (wanted.owner.map(|owner| owner.0), wanted.account.as_deref()) {
        (None, None) => tx.all(SELECT_BALANCES, &[limit.into()])?,
        (Some(owner), None) => tx.all(SELECT_BALANCES_OF, &[limit.into(), owner.into()])?,
        (None, Some(uuid)) => tx.all(SELECT_BALANCES_ON, &[limit.into(), uuid.into()])?,
        (Some(owner), Some(uuid)) => {
            tx.all(SELECT_BALANCES_OF_ON, &[limit.into(), owner.into(), uuid.into()])?
        }
    };
    rows.iter()
        .map(|row| {
            Ok(BalanceEntry {
                account: row.text(0)?,
                currency: row.str(1)?.parse().map_err(|_| unreadable(1, "is no currency"))?,
                purpose: purpose(row, 2)?,
                balance: Amount::from_ten_thousandths(row.int(4)?),
            })
        })
        .collect()
}

pub(super) const SELECT_LIST: &str = "\
    SELECT t.id, t.kind, c.uuid, c.bank_id, c.currency, t.at, t.payment_id, t.note \
    FROM ledger_transactions t JOIN collecting_accounts c ON c.id = t.collecting_id \
    WHERE ($1 = 0 OR EXISTS (SELECT 1 FROM ledger_postings p WHERE p.transaction_id = t.id AND p.owner = $1)) \
          AND ($2 = '' OR c.uuid = $2) \
    ORDER BY t.at DESC, t.id DESC LIMIT $3";

pub(super) const SELECT_LIST_OF_PAYMENT: &str = "\
    SELECT t.id, t.kind, c.uuid, c.bank_id, c.currency, t.at, t.payment_id, t.note \
    FROM ledger_transactions t JOIN collecting_accounts c ON c.id = t.collecting_id \
    WHERE t.payment_id = $1 ORDER BY t.at DESC, t.id DESC LIMIT $2";

pub(in crate::ledger) fn select_list(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    limit: i64,
) -> Result<Vec<TransactionEntry>, StoreError> {
    let owner = wanted.owner.map_or(0, |account| account.0);
    let uuid = wanted.account.as_deref().unwrap_or_default();
    let rows = match wanted.payment.as_ref().map(PaymentId::as_str) {
        Some(payment) => tx.all(SELECT_LIST_OF_PAYMENT, &[payment.into(), limit.into()])?,
        None => tx.all(SELECT_LIST, &[owner.into(), uuid.into(), limit.into()])?,
    };
    rows.iter().map(transaction).collect()
}

pub(super) const SELECT_POSTINGS: &str = "SELECT kind, owner, amount FROM ledger_postings WHERE transaction_id = $1 ORDER BY amount DESC, kind, owner";

pub(in crate::ledger) fn select_postings(
    tx: &mut Tx<'_>,
    transaction: &str,
) -> Result<Vec<(Purpose, Amount)>, StoreError> {
    tx.all(SELECT_POSTINGS, &[transaction.into()])?
        .iter()
        .map(|row| Ok((purpose(row, 0)?, Amount::from_ten_thousandths(row.int(2)?))))
        .collect()
}

pub(super) const SELECT_ACCOUNTS: &str = "\
    SELECT c.uuid FROM collecting_accounts c \
    WHERE EXISTS (SELECT 1 FROM ledger_transactions t WHERE t.collecting_id = c.id) ORDER BY c.created_at, c.id";

pub(in crate::ledger) fn select_accounts(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.all(SELECT_ACCOUNTS, &[])?
        .iter()
        .map(|row| row.text(0))
        .collect()
}

pub(super) const SELECT_PAGE: &str = "\
    SELECT t.id, t.kind, c.uuid, c.bank_id, c.currency, t.at, t.payment_id, t.note \
    FROM collecting_accounts c JOIN ledger_transactions t ON t.collecting_id = c.id \
    WHERE c.uuid = $1 AND (t.at, t.id) > ($2, $3) AND t.at < $4 ORDER BY t.at, t.id LIMIT $5";

pub(in crate::ledger) fn select_page(
    tx: &mut Tx<'_>,
    account: &str,
    (after_ms, after_id): (i64, &str),
    (until_ms, limit): (i64, i64),
) -> Result<Vec<TransactionEntry>, StoreError> {
    let params = [
        account.into(),
        after_ms.into(),
        after_id.into(),
        until_ms.into(),
        limit.into(),
    ];
    tx.all(SELECT_PAGE, &params)?.iter().map(transaction).collect()
}

fn transaction(row: &Row) -> Result<TransactionEntry, StoreError> {
    Ok(TransactionEntry {
        id: row.text(0)?,
        kind: row.text(1)?,
        account: row.text(2)?,
        bank_id: row.text(3)?,
        currency: row.str(4)?.parse().map_err(|_| unreadable(4, "is no currency"))?,
        at: time::from_ms(row.int(5)?),
        payment_id: row.opt_text(6)?.unwrap_or_default(),
        note: row.opt_text(7)?.unwrap_or_default(),
        postings: Vec::new(),
    })
}

fn purpose(row: &Row, column: usize) -> Result<Purpose, StoreError> {
    Ok(Purpose {
        kind: row
            .str(column)?
            .parse()
            .map_err(|_| unreadable(column, "is no kind of ledger account"))?,
        owner: row.int(column + 1)?,
    })
}
