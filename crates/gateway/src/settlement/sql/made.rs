//! SQL of settlements, their lines and shares. What a payment left is read out of the ledger, set by set: a merchant's
//! payments never pass through memory.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::settlement::Totals;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use crate::settlement::{Line, PayoutState, Settlement};

/// Every text of this file, for the test that prepares them.
pub(in crate::settlement) const ALL: &[&str] = &[
    SELECT_OWED,
    SELECT_UNSETTLED_NET,
    SELECT_NEXT_NUMBER,
    INSERT_LINES,
    MARK_SETTLED,
    SELECT_TOTALS,
    INSERT_SETTLEMENT,
    SELECT_SETTLEMENT,
    SELECT_SETTLEMENTS,
    SELECT_SETTLEMENTS_OF,
    SELECT_LINES,
    END_SETTLEMENT,
];

pub(in crate::settlement) const SELECT_OWED: &str = "\
    SELECT collecting_id, owner FROM ledger_balances \
    WHERE kind = 'collected' AND balance < 0 AND (collecting_id, owner) > ($1, $2) \
    ORDER BY collecting_id, owner LIMIT $3";

/// Accounts to which something is owed: their collecting account and themselves, in that order.
pub(in crate::settlement) fn select_owed(
    tx: &mut Tx<'_>,
    after: (i64, i64),
    limit: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    tx.all(SELECT_OWED, &[after.0.into(), after.1.into(), limit.into()])?
        .iter()
        .map(|row| Ok((row.int(0)?, row.int(1)?)))
        .collect()
}

pub(in crate::settlement) const SELECT_UNSETTLED_NET: &str = "\
    SELECT CAST(COALESCE(-SUM(p.amount), 0) AS BIGINT) FROM releases r \
    JOIN ledger_transactions t ON t.payment_id = r.payment_id AND t.collecting_id = r.collecting_id \
    JOIN ledger_postings p ON p.transaction_id = t.id AND p.kind = 'collected' AND p.owner = r.account_id \
    WHERE r.collecting_id = $1 AND r.account_id = $2 AND r.settlement_id IS NULL";

/// What is left of all payments that are not settled, released or not.
pub(in crate::settlement) fn select_unsettled_net(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    account: AccountId,
) -> Result<Amount, StoreError> {
    let row = tx.one(SELECT_UNSETTLED_NET, &[collecting_id.into(), account.0.into()])?;
    amount(row.as_ref(), 0)
}

pub(in crate::settlement) const SELECT_NEXT_NUMBER: &str = "\
    SELECT CAST(COALESCE(MAX(number), 0) + 1 AS BIGINT) FROM settlements \
    WHERE account_id = $1 AND collecting_id = $2 AND day = $3";

pub(in crate::settlement) fn select_next_number(
    tx: &mut Tx<'_>,
    account: AccountId,
    collecting_id: i64,
    day: &str,
) -> Result<i64, StoreError> {
    let params = [account.0.into(), collecting_id.into(), day.into()];
    tx.one(SELECT_NEXT_NUMBER, &params)?
        .map_or(Ok(1), |row| row.int(0))
}

// What came in is what a credit, or a person's assignment, debited; the rest is what was credited to each.
pub(in crate::settlement) const INSERT_LINES: &str = "\
    INSERT INTO settlement_lines (settlement_id, payment_id, amount, fee, integrator_fee, refunded, net) \
    SELECT $1, s.payment_id, s.amount, s.fee, s.share, s.amount - s.fee - s.share - s.net, s.net FROM ( \
      SELECT due.payment_id AS payment_id, \
        CAST(COALESCE(SUM(CASE WHEN t.kind IN ('credit', 'assign') AND p.amount > 0 THEN p.amount ELSE 0 END), 0) AS BIGINT) AS amount, \
        CAST(COALESCE(-SUM(CASE WHEN p.kind = 'fees' THEN p.amount ELSE 0 END), 0) AS BIGINT) AS fee, \
        CAST(COALESCE(-SUM(CASE WHEN p.kind = 'integrator' THEN p.amount ELSE 0 END), 0) AS BIGINT) AS share, \
        CAST(COALESCE(-SUM(CASE WHEN p.kind = 'collected' THEN p.amount ELSE 0 END), 0) AS BIGINT) AS net \
      FROM (SELECT payment_id FROM releases \
            WHERE collecting_id = $2 AND account_id = $3 AND settlement_id IS NULL AND releases_at <= $4 \
            ORDER BY releases_at, payment_id LIMIT $5) AS due \
      LEFT JOIN ledger_transactions t ON t.payment_id = due.payment_id AND t.collecting_id = $2 \
      LEFT JOIN ledger_postings p ON p.transaction_id = t.id \
      GROUP BY due.payment_id) AS s";

/// Writes lines of a settlement: what the payments left that are released by an instant, at most `limit`; how many.
pub(in crate::settlement) fn insert_lines(
    tx: &mut Tx<'_>,
    id: &str,
    (collecting_id, account): (i64, AccountId),
    released_by: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    tx.exec(
        INSERT_LINES,
        &[
            id.into(),
            collecting_id.into(),
            account.0.into(),
            released_by.as_millisecond().into(),
            limit.into(),
        ],
    )
}

pub(in crate::settlement) const MARK_SETTLED: &str = "\
    UPDATE releases SET settlement_id = $1 WHERE settlement_id IS NULL \
    AND payment_id IN (SELECT payment_id FROM settlement_lines WHERE settlement_id = $1)";

/// Marks the payments of a settlement's lines settled; how many.
pub(in crate::settlement) fn mark_settled(tx: &mut Tx<'_>, id: &str) -> Result<u64, StoreError> {
    tx.exec(MARK_SETTLED, &[id.into()])
}

pub(in crate::settlement) const SELECT_TOTALS: &str = "\
    SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT), CAST(COALESCE(SUM(fee), 0) AS BIGINT), \
           CAST(COALESCE(SUM(integrator_fee), 0) AS BIGINT), CAST(COALESCE(SUM(refunded), 0) AS BIGINT), \
           CAST(COALESCE(SUM(net), 0) AS BIGINT) FROM settlement_lines WHERE settlement_id = $1";

pub(in crate::settlement) fn select_totals(tx: &mut Tx<'_>, id: &str) -> Result<Totals, StoreError> {
    let row = tx.one(SELECT_TOTALS, &[id.into()])?;
    row.as_ref().map_or(Ok(Totals::default()), |row| totals(row, 0))
}

pub(in crate::settlement) const INSERT_SETTLEMENT: &str = "\
    INSERT INTO settlements (id, account_id, collecting_id, day, number, currency, made_at, payments, amount, fee, \
                             integrator_fee, refunded, carried, paid_out, state, order_id) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

pub(in crate::settlement) fn insert_settlement(tx: &mut Tx<'_>, new: &Settlement) -> Result<(), StoreError> {
    tx.exec(
        INSERT_SETTLEMENT,
        &[
            new.id.as_str().into(),
            new.account.0.into(),
            new.collecting_id.into(),
            new.day.as_str().into(),
            new.number.into(),
            new.currency.code().into(),
            new.made_at.as_millisecond().into(),
            new.totals.payments.into(),
            new.totals.amount.ten_thousandths().into(),
            new.totals.fee.ten_thousandths().into(),
            new.totals.integrator_fee.ten_thousandths().into(),
            new.totals.refunded.ten_thousandths().into(),
            new.carried.ten_thousandths().into(),
            new.paid_out.ten_thousandths().into(),
            new.state.as_str().into(),
            new.order.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(in crate::settlement) const SELECT_SETTLEMENT: &str = "\
    SELECT id, account_id, collecting_id, day, number, currency, made_at, payments, amount, fee, integrator_fee, \
           refunded, carried, paid_out, state, order_id, ended_at FROM settlements WHERE id = $1";

pub(in crate::settlement) fn select_settlement(
    tx: &mut Tx<'_>,
    id: &str,
) -> Result<Option<Settlement>, StoreError> {
    tx.one(SELECT_SETTLEMENT, &[id.into()])?
        .map(|row| settlement(&row))
        .transpose()
}

/// Which settlements, newest first.
#[derive(Clone, Debug, Default)]
pub(in crate::settlement) struct Wanted {
    pub(in crate::settlement) account: Option<i64>,
    pub(in crate::settlement) day: Option<String>,
    /// Those after this one in the list: its day and id.
    pub(in crate::settlement) after: Option<(String, String)>,
    pub(in crate::settlement) limit: i64,
}

pub(in crate::settlement) const SELECT_SETTLEMENTS: &str = "\
    SELECT id, account_id, collecting_id, day, number, currency, made_at, payments, amount, fee, integrator_fee, \
           refunded, carried, paid_out, state, order_id, ended_at FROM settlements \
    WHERE (CAST($1 AS BIGINT) IS NULL OR account_id = $1) AND (CAST($2 AS TEXT) IS NULL OR day = $2) \
      AND (CAST($3 AS TEXT) IS NULL OR (day, id) < ($3, $4)) \
    ORDER BY day DESC, id DESC LIMIT $5";

pub(in crate::settlement) fn select_settlements(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
) -> Result<Vec<Settlement>, StoreError> {
    let (after_day, after_id) = match &wanted.after {
        Some((day, id)) => (Some(day.as_str()), id.as_str()),
        None => (None, ""),
    };
    tx.all(
        SELECT_SETTLEMENTS,
        &[
            wanted.account.into(),
            wanted.day.as_deref().into(),
            after_day.into(),
            after_id.into(),
            wanted.limit.into(),
        ],
    )?
    .iter()
    .map(settlement)
    .collect()
}

pub(in crate::settlement) const SELECT_SETTLEMENTS_OF: &str = "\
    SELECT id, account_id, collecting_id, day, number, currency, made_at, payments, amount, fee, integrator_fee, \
           refunded, carried, paid_out, state, order_id, ended_at FROM settlements \
    WHERE account_id = $1 AND (day, id) < ($2, $3) ORDER BY day DESC, id DESC LIMIT $4";

/// An account's settlements before a place in its list, newest first.
pub(in crate::settlement) fn select_settlements_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    (day, id): (&str, &str),
    limit: i64,
) -> Result<Vec<Settlement>, StoreError> {
    let params = [account.0.into(), day.into(), id.into(), limit.into()];
    tx.all(SELECT_SETTLEMENTS_OF, &params)?
        .iter()
        .map(settlement)
        .collect()
}

/// As a limit of lines: none.
pub(in crate::settlement) const ALL_LINES: i64 = i64::MAX;

pub(in crate::settlement) const SELECT_LINES: &str = "\
    SELECT l.payment_id, COALESCE(p.transaction_id, ''), l.amount, l.fee, l.integrator_fee, l.refunded, l.net \
    FROM settlement_lines l LEFT JOIN payments p ON p.id = l.payment_id \
    WHERE l.settlement_id = $1 ORDER BY l.payment_id LIMIT $2";

/// The first lines of a settlement; [`ALL_LINES`] are a bounded number by its making.
pub(in crate::settlement) fn select_lines(
    tx: &mut Tx<'_>,
    id: &str,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    tx.all(SELECT_LINES, &[id.into(), limit.into()])?
        .iter()
        .map(|row| {
            Ok(Line {
                payment: PaymentId::parse(row.str(0)?).map_err(|_| StoreError::Column {
                    column: 0,
                    problem: "is no payment's identifier",
                })?,
                transaction_id: row.text(1)?,
                amount: amount(Some(row), 2)?,
                fee: amount(Some(row), 3)?,
                integrator_fee: amount(Some(row), 4)?,
                refunded: amount(Some(row), 5)?,
                net: amount(Some(row), 6)?,
            })
        })
        .collect()
}

pub(in crate::settlement) const END_SETTLEMENT: &str =
    "UPDATE settlements SET state = $2, ended_at = $3 WHERE order_id = $1 AND state = 'ordered'";

/// What became of the payout of this order; 0 where it is no settlement's, or was ended before.
pub(in crate::settlement) fn end_settlement(
    tx: &mut Tx<'_>,
    order: &str,
    state: PayoutState,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let params = [order.into(), state.as_str().into(), at.as_millisecond().into()];
    tx.exec(END_SETTLEMENT, &params)
}

fn settlement(row: &Row) -> Result<Settlement, StoreError> {
    let unreadable = |column, problem| StoreError::Column { column, problem };
    Ok(Settlement {
        id: row.text(0)?,
        account: AccountId(row.int(1)?),
        collecting_id: row.int(2)?,
        day: row.text(3)?,
        number: row.int(4)?,
        currency: row.str(5)?.parse().map_err(|_| unreadable(5, "is no currency"))?,
        made_at: time::from_ms(row.int(6)?),
        totals: Totals {
            payments: row.int(7)?,
            amount: amount(Some(row), 8)?,
            fee: amount(Some(row), 9)?,
            integrator_fee: amount(Some(row), 10)?,
            refunded: amount(Some(row), 11)?,
            net: Amount::from_ten_thousandths(row.int(8)? - row.int(9)? - row.int(10)? - row.int(11)?),
        },
        carried: amount(Some(row), 12)?,
        paid_out: amount(Some(row), 13)?,
        state: PayoutState::parse(row.str(14)?).ok_or_else(|| unreadable(14, "is no state of a payout"))?,
        order: row.text(15)?,
        ended_at: row.opt_int(16)?.map(time::from_ms),
    })
}

fn totals(row: &Row, first: usize) -> Result<Totals, StoreError> {
    Ok(Totals {
        payments: row.int(first)?,
        amount: amount(Some(row), first + 1)?,
        fee: amount(Some(row), first + 2)?,
        integrator_fee: amount(Some(row), first + 3)?,
        refunded: amount(Some(row), first + 4)?,
        net: amount(Some(row), first + 5)?,
    })
}

fn amount(row: Option<&Row>, column: usize) -> Result<Amount, StoreError> {
    row.map_or(Ok(Amount::ZERO), |row| {
        row.int(column).map(Amount::from_ten_thousandths)
    })
}
