//! All SQL of movements and reconciliations.

use std::borrow::Cow;

use ayni_connectors::statement::StatementLine;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::rut;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::review::ReviewEntry;
use super::{Debit, Reconciliation};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_KNOWN,
    SELECT_IS_STORED,
    SELECT_AMOUNT,
    INSERT_MOVEMENT,
    UPDATE_READ_AT,
    SELECT_READ_AT,
    SELECT_READABLE,
    INSERT_RECONCILIATION,
    SELECT_RECONCILIATION,
    SELECT_MOVEMENT,
    SELECT_REVIEW,
    SELECT_REVIEW_ON,
    SELECT_REVIEW_ENTRY,
    SELECT_SEEN,
    REOPEN_MOVEMENT,
    DECIDE_MOVEMENT,
    SELECT_DEBITS_SINCE,
    SELECT_DEBIT,
];

/// The newest movements that are known of an account: the reading of a statement stops at the first of them.
pub(super) const SELECT_KNOWN: &str = "\
    SELECT id FROM movements WHERE collecting_id = $1 ORDER BY booked_at DESC, id DESC LIMIT $2";

pub(super) fn select_known(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    tx.all(SELECT_KNOWN, &[collecting_id.into(), limit.into()])?
        .iter()
        .map(|row| row.text(0))
        .collect()
}

pub(super) const SELECT_IS_STORED: &str = "SELECT 1 FROM movements WHERE collecting_id = $1 AND id = $2";

pub(super) fn is_stored(tx: &mut Tx<'_>, collecting_id: i64, id: &str) -> Result<bool, StoreError> {
    Ok(tx
        .one(SELECT_IS_STORED, &[collecting_id.into(), id.into()])?
        .is_some())
}

pub(super) const SELECT_AMOUNT: &str = "SELECT amount FROM movements WHERE collecting_id = $1 AND id = $2";

/// The amount of a movement that is stored.
pub(super) fn select_amount(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    id: &str,
) -> Result<Option<Amount>, StoreError> {
    let row = tx.one(SELECT_AMOUNT, &[collecting_id.into(), id.into()])?;
    let amount = row.map(|row| row.int(0)).transpose()?;
    Ok(amount.map(Amount::from_ten_thousandths))
}

/// What became of a movement when it was first seen.
pub(super) struct Verdict {
    pub(super) state: &'static str,
    pub(super) payment: Option<PaymentId>,
    pub(super) reason: Option<Cow<'static, str>>,
}

pub(super) const INSERT_MOVEMENT: &str = "\
    INSERT INTO movements (collecting_id, id, booked_at, seen_at, amount, currency, payer_identifier, payer_name, \
                           payer_account, reference, operation_number, state, payment_id, reason) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

pub(super) fn insert_movement(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    line: &StatementLine,
    verdict: &Verdict,
    now: Timestamp,
) -> Result<(), StoreError> {
    let payer_identifier = rut::normalise(&line.payer_identifier);
    tx.exec(
        INSERT_MOVEMENT,
        &[
            collecting_id.into(),
            line.id.as_str().into(),
            line.booked_at.as_millisecond().into(),
            now.as_millisecond().into(),
            line.amount.ten_thousandths().into(),
            line.currency.code().into(),
            filled(&payer_identifier).into(),
            filled(&line.payer_name).into(),
            filled(&line.payer_account).into(),
            line.reference.as_str().into(),
            filled(&line.operation_number).into(),
            verdict.state.into(),
            verdict.payment.as_ref().map(PaymentId::as_str).into(),
            verdict.reason.as_deref().into(),
        ],
    )?;
    Ok(())
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

pub(super) const UPDATE_READ_AT: &str = "\
    UPDATE collecting_accounts SET read_at = $2 WHERE id = $1 AND (read_at IS NULL OR read_at < $2)";

pub(super) fn update_read_at(tx: &mut Tx<'_>, collecting_id: i64, at: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        UPDATE_READ_AT,
        &[collecting_id.into(), at.as_millisecond().into()],
    )?;
    Ok(())
}

pub(super) const SELECT_READ_AT: &str = "SELECT read_at FROM collecting_accounts WHERE id = $1";

/// When the last complete reading of an account's statement began.
pub(super) fn select_read_at(tx: &mut Tx<'_>, collecting_id: i64) -> Result<Option<Timestamp>, StoreError> {
    let Some(row) = tx.one(SELECT_READ_AT, &[collecting_id.into()])? else {
        return Ok(None);
    };
    Ok(row.opt_int(0)?.map(time::from_ms))
}

/// Money that left, seen since an instant; what a person has looked at is not among it.
pub(super) const SELECT_DEBITS_SINCE: &str = "\
    SELECT collecting_id, id, booked_at, amount, currency, reference FROM movements \
    WHERE amount < 0 AND state = 'debit' AND reason IS NULL AND seen_at >= $1 ORDER BY booked_at, collecting_id, id LIMIT $2";

pub(super) fn select_debits_since(
    tx: &mut Tx<'_>,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Debit>, StoreError> {
    let params = [since.as_millisecond().into(), limit.into()];
    tx.all(SELECT_DEBITS_SINCE, &params)?.iter().map(debit).collect()
}

pub(super) const SELECT_DEBIT: &str = "\
    SELECT collecting_id, id, booked_at, amount, currency, reference FROM movements \
    WHERE collecting_id = $1 AND id = $2 AND amount < 0 AND state = 'debit'";

pub(super) fn select_debit(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    movement: &str,
) -> Result<Option<Debit>, StoreError> {
    let row = tx.one(SELECT_DEBIT, &[collecting_id.into(), movement.into()])?;
    row.map(|row| debit(&row)).transpose()
}

fn debit(row: &Row) -> Result<Debit, StoreError> {
    Ok(Debit {
        collecting_id: row.int(0)?,
        id: row.text(1)?,
        booked_at: time::from_ms(row.int(2)?),
        amount: Amount::from_ten_thousandths(row.int(3)?),
        currency: row.str(4)?.parse().map_err(|_| StoreError::Column {
            column: 4,
            problem: "is no currency",
        })?,
        reference: row.text(5)?,
    })
}

pub(super) const SELECT_READABLE: &str =
    "SELECT id FROM collecting_accounts WHERE login_sealed IS NOT NULL ORDER BY id";

/// The collecting accounts whose statement a connector can read.
pub(super) fn select_readable(tx: &mut Tx<'_>) -> Result<Vec<i64>, StoreError> {
    tx.all(SELECT_READABLE, &[])?
        .iter()
        .map(|row| row.int(0))
        .collect()
}

pub(super) const INSERT_RECONCILIATION: &str = "\
    INSERT INTO reconciliations (payment_id, collecting_id, movement_id, conciliated_at, out_of_date, bank_id, bank, \
                                 method, payer_name, payer_email, payer_identifier, payer_account, operation_code, \
                                 paid, fee, integrator_fee, integrator_id) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

pub(super) fn insert_reconciliation(tx: &mut Tx<'_>, new: &Reconciliation) -> Result<(), StoreError> {
    tx.exec(
        INSERT_RECONCILIATION,
        &[
            new.payment.as_str().into(),
            new.collecting_id.into(),
            new.movement_id.as_str().into(),
            new.conciliated_at.as_millisecond().into(),
            new.is_out_of_date.into(),
            new.bank_id.as_str().into(),
            new.bank.as_str().into(),
            new.method.as_str().into(),
            new.payer_name.as_str().into(),
            new.payer_email.as_str().into(),
            new.payer_identifier.as_str().into(),
            new.payer_account.as_str().into(),
            new.operation_code.as_str().into(),
            new.paid.ten_thousandths().into(),
            new.fee.ten_thousandths().into(),
            new.integrator_fee.ten_thousandths().into(),
            new.integrator.map(|account| account.0).into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_RECONCILIATION: &str = "\
    SELECT collecting_id, movement_id, conciliated_at, out_of_date, bank_id, bank, method, payer_name, payer_email, \
           payer_identifier, payer_account, operation_code, paid, fee, integrator_fee, integrator_id \
    FROM reconciliations WHERE payment_id = $1";

pub(super) fn select_reconciliation(
    tx: &mut Tx<'_>,
    payment: PaymentId,
) -> Result<Option<Reconciliation>, StoreError> {
    let Some(row) = tx.one(SELECT_RECONCILIATION, &[payment.as_str().into()])? else {
        return Ok(None);
    };
    Ok(Some(Reconciliation {
        payment,
        collecting_id: row.int(0)?,
        movement_id: row.text(1)?,
        conciliated_at: time::from_ms(row.int(2)?),
        is_out_of_date: row.flag(3)?,
        bank_id: row.text(4)?,
        bank: row.text(5)?,
        method: row.text(6)?,
        payer_name: row.text(7)?,
        payer_email: row.text(8)?,
        payer_identifier: row.text(9)?,
        payer_account: row.text(10)?,
        operation_code: row.text(11)?,
        paid: Amount::from_ten_thousandths(row.int(12)?),
        fee: Amount::from_ten_thousandths(row.int(13)?),
        integrator_fee: Amount::from_ten_thousandths(row.int(14)?),
        integrator: row.opt_int(15)?.map(AccountId),
    }))
}

pub(super) const SELECT_MOVEMENT: &str = "\
    SELECT m.collecting_id, m.id, m.booked_at, m.seen_at, m.amount, m.currency, m.payer_identifier, m.payer_name, \
           m.payer_account, m.reference, m.operation_number FROM movements m WHERE m.collecting_id = $1 AND m.id = $2";

pub(super) fn select_movement(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    id: &str,
) -> Result<Option<StatementLine>, StoreError> {
    tx.one(SELECT_MOVEMENT, &[collecting_id.into(), id.into()])?
        .map(|row| line(&row))
        .transpose()
}

macro_rules! review_entries {
    ($more:literal, $where:literal) => {
        concat!(
            "SELECT m.collecting_id, m.id, m.booked_at, m.seen_at, m.amount, m.currency, m.payer_identifier, \
             m.payer_name, m.payer_account, m.reference, m.operation_number, m.reason, c.account_id, c.uuid, \
             m.payment_id, r.paid",
            $more,
            " FROM movements m JOIN collecting_accounts c ON c.id = m.collecting_id \
             LEFT JOIN reconciliations r ON r.payment_id = m.payment_id WHERE ",
            $where
        )
    };
}

pub(super) const SELECT_REVIEW: &str = review_entries!(
    "",
    "m.state = 'review' ORDER BY m.seen_at, m.collecting_id, m.id LIMIT $1"
);

pub(super) fn select_review(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<ReviewEntry>, StoreError> {
    tx.all(SELECT_REVIEW, &[limit.into()])?
        .iter()
        .map(review_entry)
        .collect()
}

pub(super) const SELECT_REVIEW_ON: &str = review_entries!(
    "",
    "m.state = 'review' AND m.collecting_id = $1 ORDER BY m.seen_at, m.id LIMIT $2"
);

/// Those on one bank account, oldest first.
pub(super) fn select_review_on(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    limit: i64,
) -> Result<Vec<ReviewEntry>, StoreError> {
    tx.all(SELECT_REVIEW_ON, &[collecting_id.into(), limit.into()])?
        .iter()
        .map(review_entry)
        .collect()
}

pub(super) const SELECT_REVIEW_ENTRY: &str =
    review_entries!("", "m.state = 'review' AND c.uuid = $1 AND m.id = $2");

pub(super) fn select_review_entry(
    tx: &mut Tx<'_>,
    collecting_uuid: &str,
    movement: &str,
) -> Result<Option<ReviewEntry>, StoreError> {
    tx.one(SELECT_REVIEW_ENTRY, &[collecting_uuid.into(), movement.into()])?
        .map(|row| review_entry(&row))
        .transpose()
}

pub(super) const SELECT_SEEN: &str = review_entries!(", m.state, m.decided_at", "c.uuid = $1 AND m.id = $2");

type SeenMovement = (ReviewEntry, String, Option<Timestamp>);

/// A movement in whatever state, with its state and when a person decided.
pub(super) fn select_seen(
    tx: &mut Tx<'_>,
    collecting_uuid: &str,
    movement: &str,
) -> Result<Option<SeenMovement>, StoreError> {
    let Some(row) = tx.one(SELECT_SEEN, &[collecting_uuid.into(), movement.into()])? else {
        return Ok(None);
    };
    let decided_at = row.opt_int(17)?.map(time::from_ms);
    Ok(Some((review_entry(&row)?, row.text(16)?, decided_at)))
}

fn review_entry(row: &Row) -> Result<ReviewEntry, StoreError> {
    let paid = Amount::from_ten_thousandths(row.opt_int(15)?.unwrap_or_default());
    let amount = Amount::from_ten_thousandths(row.int(4)?);
    let settled = row.opt_str(14)?.map(PaymentId::parse).transpose();
    Ok(ReviewEntry {
        collecting_id: row.int(0)?,
        receiver_id: row.int(12)?,
        collect_account_uuid: row.text(13)?,
        reason: row.opt_text(11)?.unwrap_or_default(),
        line: line(row)?,
        seen_at: time::from_ms(row.int(3)?),
        settled: settled.map_err(|_| StoreError::Column {
            column: 14,
            problem: "is no payment's id",
        })?,
        left: amount.checked_sub(paid).unwrap_or(Amount::ZERO),
    })
}

/// Puts a movement before a person again, whatever of it settled a payment.
pub(super) const REOPEN_MOVEMENT: &str = "\
    UPDATE movements SET state = 'review', reason = $3, decided_at = NULL \
    WHERE collecting_id = $1 AND id = $2 AND state IN ('returned', 'assigned')";

pub(super) fn reopen_movement(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    movement: &str,
    reason: &str,
) -> Result<u64, StoreError> {
    tx.exec(
        REOPEN_MOVEMENT,
        &[collecting_id.into(), movement.into(), reason.into()],
    )
}

/// The movement of a row that begins with these columns.
fn line(row: &Row) -> Result<StatementLine, StoreError> {
    Ok(StatementLine {
        id: row.text(1)?,
        booked_at: time::from_ms(row.int(2)?),
        amount: Amount::from_ten_thousandths(row.int(4)?),
        currency: row.text(5)?.parse().map_err(|_| StoreError::Column {
            column: 5,
            problem: "is no currency",
        })?,
        payer_identifier: row.opt_text(6)?.unwrap_or_default(),
        payer_name: row.opt_text(7)?.unwrap_or_default(),
        payer_account: row.opt_text(8)?.unwrap_or_default(),
        reference: row.text(9)?,
        operation_number: row.opt_text(10)?.unwrap_or_default(),
    })
}

/// The guard is the state: two people who decide at once, one wins.
pub(super) const DECIDE_MOVEMENT: &str = "\
    UPDATE movements SET state = $3, payment_id = $4, reason = $5, decided_at = $6 \
    WHERE collecting_id = $1 AND id = $2 AND state = 'review'";

pub(super) fn decide_movement(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    movement: &str,
    verdict: &Verdict,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.exec(
        DECIDE_MOVEMENT,
        &[
            collecting_id.into(),
            movement.into(),
            verdict.state.into(),
            verdict.payment.as_ref().map(PaymentId::as_str).into(),
            verdict.reason.as_deref().into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(changed == 1)
}
