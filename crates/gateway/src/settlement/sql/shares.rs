//! SQL of integrators' shares of settlements.

use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use crate::settlement::Share;

/// Every text of this file, for the test that prepares them.
pub(in crate::settlement) const ALL: &[&str] = &[
    INSERT_SHARES,
    SELECT_WAITING_SHARES,
    UPDATE_ORDERED,
    UPDATE_WAITING,
    SELECT_SHARES,
];

pub(in crate::settlement) const INSERT_SHARES: &str = "\
    INSERT INTO settlement_shares (settlement_id, account_id, collecting_id, amount) \
    SELECT $1, p.owner, $2, CAST(-SUM(p.amount) AS BIGINT) FROM settlement_lines l \
    JOIN ledger_transactions t ON t.payment_id = l.payment_id AND t.collecting_id = $2 \
    JOIN ledger_postings p ON p.transaction_id = t.id AND p.kind = 'integrator' \
    WHERE l.settlement_id = $1 AND l.integrator_fee <> 0 GROUP BY p.owner";

/// Writes what integrators have of a settlement's payments, as the ledger says.
pub(in crate::settlement) fn insert_shares(
    tx: &mut Tx<'_>,
    settlement: &str,
    collecting_id: i64,
) -> Result<(), StoreError> {
    tx.exec(INSERT_SHARES, &[settlement.into(), collecting_id.into()])?;
    Ok(())
}

pub(in crate::settlement) const SELECT_WAITING_SHARES: &str = "\
    SELECT w.account_id, CAST(SUM(w.amount) AS BIGINT) FROM settlement_shares w \
    WHERE w.collecting_id = $2 AND w.order_id IS NULL \
      AND w.account_id IN (SELECT account_id FROM settlement_shares WHERE settlement_id = $1) \
    GROUP BY w.account_id ORDER BY w.account_id";

/// What the integrators of this settlement have to get out of its collecting account, with what waits from before.
pub(in crate::settlement) fn select_waiting_shares(
    tx: &mut Tx<'_>,
    settlement: &str,
    collecting_id: i64,
) -> Result<Vec<(AccountId, Amount)>, StoreError> {
    tx.all(SELECT_WAITING_SHARES, &[settlement.into(), collecting_id.into()])?
        .iter()
        .map(|row| Ok((AccountId(row.int(0)?), Amount::from_ten_thousandths(row.int(1)?))))
        .collect()
}

pub(in crate::settlement) const UPDATE_ORDERED: &str = "\
    UPDATE settlement_shares SET order_id = $3 WHERE collecting_id = $1 AND account_id = $2 AND order_id IS NULL";

/// All that waits for an integrator is paid by this order.
pub(in crate::settlement) fn update_ordered(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    integrator: AccountId,
    order: &str,
) -> Result<(), StoreError> {
    tx.exec(
        UPDATE_ORDERED,
        &[collecting_id.into(), integrator.0.into(), order.into()],
    )?;
    Ok(())
}

pub(in crate::settlement) const UPDATE_WAITING: &str =
    "UPDATE settlement_shares SET order_id = NULL WHERE order_id = $1";

/// What this order should have paid waits again; 0 where it paid no share.
pub(in crate::settlement) fn update_waiting(tx: &mut Tx<'_>, order: &str) -> Result<u64, StoreError> {
    tx.exec(UPDATE_WAITING, &[order.into()])
}

pub(in crate::settlement) const SELECT_SHARES: &str = "\
    SELECT account_id, amount, order_id FROM settlement_shares WHERE settlement_id = $1 ORDER BY account_id";

pub(in crate::settlement) fn select_shares(
    tx: &mut Tx<'_>,
    settlement: &str,
) -> Result<Vec<Share>, StoreError> {
    tx.all(SELECT_SHARES, &[settlement.into()])?
        .iter()
        .map(|row| {
            Ok(Share {
                integrator: AccountId(row.int(0)?),
                amount: Amount::from_ten_thousandths(row.int(1)?),
                order: row.opt_text(2)?,
            })
        })
        .collect()
}
