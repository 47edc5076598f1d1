//! All SQL of attempts.

use ayni_domain::attempt::State;
use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::method::Method;
use ayni_domain::money::Amount;
use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::attempt::Attempt;

use crate::keys::sealed::count_sealed;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_ATTEMPT,
    SELECT_LAST_NUMBER,
    COUNT_BEGUN,
    SELECT_ATTEMPT,
    SELECT_ATTEMPTS,
    SELECT_OWN_ATTEMPT,
    RESERVE_LOGIN,
    RETURN_LOGIN,
    UPDATE_STEP,
    UPDATE_VERIFYING,
    UPDATE_OUTCOME,
    UPDATE_RECEIPT,
    END_ATTEMPT,
    END_ASKING,
    SELECT_BY_OPERATION,
    SELECT_BY_PAYER,
    SELECT_BANK_OF_ACCOUNT,
    COUNT_SEALED_SESSIONS,
];

pub(super) const COUNT_SEALED_SESSIONS: &str = count_sealed!("attempts", "session_sealed");

macro_rules! columns {
    () => {
        "id, payment_id, number, collecting_id, bank_id, method, state, version, browser_hash, amount, currency, \
         payer_identifier, payer_name, payer_email, payer_account, operation_number, reason, session_sealed, \
         started_at, lapses_at, authorising_at"
    };
}

pub(super) const INSERT_ATTEMPT: &str = "\
    INSERT INTO attempts (id, payment_id, number, account_id, collecting_id, bank_id, method, state, version, \
      browser_hash, amount, currency, payer_identifier, payer_email, session_sealed, logins, started_at, lapses_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, $16, $17)";

pub(super) fn insert_attempt(tx: &mut Tx<'_>, account: AccountId, new: &Attempt) -> Result<(), StoreError> {
    tx.exec(
        INSERT_ATTEMPT,
        &[
            new.id.as_str().into(),
            new.payment.as_str().into(),
            new.number.into(),
            account.0.into(),
            new.collecting_id.into(),
            new.bank_id.as_str().into(),
            new.method.as_str().into(),
            new.state.as_str().into(),
            new.version.into(),
            new.browser_hash.as_slice().into(),
            new.amount.ten_thousandths().into(),
            new.currency.code().into(),
            new.payer_identifier.as_deref().into(),
            new.payer_email.as_deref().into(),
            new.waiting_sealed.as_deref().into(),
            new.started_at.as_millisecond().into(),
            new.lapses_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_LAST_NUMBER: &str =
    "SELECT COALESCE(MAX(number), 0) FROM attempts WHERE payment_id = $1";

pub(super) fn select_last_number(tx: &mut Tx<'_>, payment: PaymentId) -> Result<i64, StoreError> {
    match tx.one(SELECT_LAST_NUMBER, &[payment.as_str().into()])? {
        Some(row) => row.int(0),
        None => Ok(0),
    }
}

pub(super) const COUNT_BEGUN: &str =
    "SELECT COUNT(*) FROM attempts WHERE payment_id = $1 AND started_at > $2";

/// The attempts that were begun at a payment since then.
pub(super) fn count_begun(tx: &mut Tx<'_>, payment: PaymentId, since: Timestamp) -> Result<i64, StoreError> {
    match tx.one(
        COUNT_BEGUN,
        &[payment.as_str().into(), since.as_millisecond().into()],
    )? {
        Some(row) => row.int(0),
        None => Ok(0),
    }
}

pub(super) const SELECT_ATTEMPT: &str = concat!("SELECT ", columns!(), " FROM attempts WHERE id = $1");

pub(super) fn select_attempt(tx: &mut Tx<'_>, id: &str) -> Result<Option<Attempt>, StoreError> {
    tx.one(SELECT_ATTEMPT, &[id.into()])?
        .map(|row| read(&row))
        .transpose()
}

/// All attempts of a payment, the first one first; their number is limited when they begin.
pub(super) const SELECT_ATTEMPTS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM attempts WHERE payment_id = $1 ORDER BY number"
);

pub(super) fn select_attempts(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Vec<Attempt>, StoreError> {
    tx.all(SELECT_ATTEMPTS, &[payment.as_str().into()])?
        .iter()
        .map(read)
        .collect()
}

/// The last attempt that a browser began at a payment.
pub(super) const SELECT_OWN_ATTEMPT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM attempts WHERE payment_id = $1 AND browser_hash = $2 ORDER BY number DESC LIMIT 1"
);

pub(super) fn select_own_attempt(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    browser_hash: &[u8],
) -> Result<Option<Attempt>, StoreError> {
    tx.one(
        SELECT_OWN_ATTEMPT,
        &[payment.as_str().into(), browser_hash.into()],
    )?
    .map(|row| read(&row))
    .transpose()
}

/// Counts a login before it is sent, unless those of the payment's attempts since then are used up; the bank's yes
/// gives it back.
pub(super) const RESERVE_LOGIN: &str = "\
    UPDATE attempts SET logins = logins + 1 WHERE id = $1 AND state = 'asking' \
    AND (SELECT CAST(SUM(other.logins) AS BIGINT) FROM attempts other WHERE other.payment_id = $2 AND other.started_at > $4) < $3";

pub(super) fn reserve_login(
    tx: &mut Tx<'_>,
    attempt: &Attempt,
    limit: i64,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let params = [
        attempt.id.as_str().into(),
        attempt.payment.as_str().into(),
        limit.into(),
        since.as_millisecond().into(),
    ];
    Ok(tx.exec(RESERVE_LOGIN, &params)? == 1)
}

/// The bank did not refuse this login.
pub(super) const RETURN_LOGIN: &str = "UPDATE attempts SET logins = logins - 1 WHERE id = $1 AND logins > 0";

pub(super) fn return_login(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<(), StoreError> {
    tx.exec(RETURN_LOGIN, &[attempt.id.as_str().into()])?;
    Ok(())
}

/// The next question of the bank, with the session that waits for its answer.
pub(super) const UPDATE_STEP: &str = "\
    UPDATE attempts SET version = version + 1, session_sealed = $3, payer_identifier = $4, payer_account = $5 \
    WHERE id = $1 AND version = $2 AND state = 'asking'";

pub(super) fn update_step(
    tx: &mut Tx<'_>,
    attempt: &Attempt,
    waiting_sealed: &[u8],
) -> Result<bool, StoreError> {
    let params = [
        attempt.id.as_str().into(),
        attempt.version.into(),
        waiting_sealed.into(),
        attempt.payer_identifier.as_deref().into(),
        attempt.payer_account.as_deref().into(),
    ];
    Ok(tx.exec(UPDATE_STEP, &params)? == 1)
}

/// From here on the payment is being verified; what was typed is erased.
pub(super) const UPDATE_VERIFYING: &str = "\
    UPDATE attempts SET state = $3, version = version + 1, session_sealed = NULL, authorising_at = $4, \
      payer_identifier = $5, payer_account = $6 \
    WHERE id = $1 AND version = $2 AND state = 'asking'";

pub(super) fn update_verifying(
    tx: &mut Tx<'_>,
    attempt: &Attempt,
    state: State,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let params = [
        attempt.id.as_str().into(),
        attempt.version.into(),
        state.as_str().into(),
        now.as_millisecond().into(),
        attempt.payer_identifier.as_deref().into(),
        attempt.payer_account.as_deref().into(),
    ];
    Ok(tx.exec(UPDATE_VERIFYING, &params)? == 1)
}

/// How the one request that moves money ended, as its attempt now says.
pub(super) const UPDATE_OUTCOME: &str = "\
    UPDATE attempts SET state = $2, version = version + 1, operation_number = $3, payer_name = $4, \
      payer_identifier = $5, payer_account = $6, reason = $7, ended_at = $8 \
    WHERE id = $1 AND state = 'authorising'";

pub(super) fn update_outcome(
    tx: &mut Tx<'_>,
    attempt: &Attempt,
    ended_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let params = [
        attempt.id.as_str().into(),
        attempt.state.as_str().into(),
        attempt.operation_number.as_deref().into(),
        attempt.payer_name.as_deref().into(),
        attempt.payer_identifier.as_deref().into(),
        attempt.payer_account.as_deref().into(),
        attempt.reason.as_deref().into(),
        ended_at.map(Timestamp::as_millisecond).into(),
    ];
    Ok(tx.exec(UPDATE_OUTCOME, &params)? == 1)
}

/// Its money was seen although the bank had not answered yet: what the receipt says is still noted.
pub(super) const UPDATE_RECEIPT: &str = "\
    UPDATE attempts SET operation_number = $2, payer_name = $3, payer_account = $4 \
    WHERE id = $1 AND operation_number IS NULL";

pub(super) fn update_receipt(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<(), StoreError> {
    let params = [
        attempt.id.as_str().into(),
        attempt.operation_number.as_deref().into(),
        attempt.payer_name.as_deref().into(),
        attempt.payer_account.as_deref().into(),
    ];
    tx.exec(UPDATE_RECEIPT, &params)?;
    Ok(())
}

/// Every attempt whose bank still asks.
pub(super) const END_ASKING: &str = "\
    UPDATE attempts SET state = 'lapsed', version = version + 1, session_sealed = NULL, reason = 'restored', \
      ended_at = $1 WHERE state = 'asking'";

pub(super) fn end_asking(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(END_ASKING, &[now.as_millisecond().into()])?;
    Ok(())
}

/// An end, whichever: what was typed is erased with it.
pub(super) const END_ATTEMPT: &str = "\
    UPDATE attempts SET state = $3, version = version + 1, session_sealed = NULL, reason = $4, ended_at = $5 \
    WHERE id = $1 AND version = $2";

pub(super) fn end_attempt(
    tx: &mut Tx<'_>,
    attempt: &Attempt,
    state: State,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let params = [
        attempt.id.as_str().into(),
        attempt.version.into(),
        state.as_str().into(),
        reason.into(),
        now.as_millisecond().into(),
    ];
    Ok(tx.exec(END_ATTEMPT, &params)? == 1)
}

pub(super) const SELECT_BY_OPERATION: &str = "\
    SELECT DISTINCT payment_id FROM attempts WHERE collecting_id = $1 AND operation_number = $2 LIMIT $3";

pub(super) fn select_by_operation(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    operation_number: &str,
    limit: i64,
) -> Result<Vec<PaymentId>, StoreError> {
    let params = [collecting_id.into(), operation_number.into(), limit.into()];
    tx.all(SELECT_BY_OPERATION, &params)?
        .iter()
        .map(|row| payment_id(row, 0))
        .collect()
}

pub(super) const SELECT_BY_PAYER: &str = "\
    SELECT payment_id FROM attempts WHERE collecting_id = $1 AND payer_identifier = $2 AND amount = $3 \
    GROUP BY payment_id ORDER BY MAX(started_at) DESC LIMIT $4";

pub(super) fn select_by_payer(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    identifier: &str,
    amount: Amount,
    limit: i64,
) -> Result<Vec<PaymentId>, StoreError> {
    let params = [
        collecting_id.into(),
        identifier.into(),
        amount.ten_thousandths().into(),
        limit.into(),
    ];
    tx.all(SELECT_BY_PAYER, &params)?
        .iter()
        .map(|row| payment_id(row, 0))
        .collect()
}

pub(super) const SELECT_BANK_OF_ACCOUNT: &str = "\
    SELECT bank_id FROM attempts WHERE collecting_id = $1 AND payer_identifier = $2 AND payer_account = $3 \
    AND bank_id <> '' ORDER BY started_at DESC LIMIT 1";

/// The bank from which a person's account paid before.
pub(super) fn select_bank_of_account(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    identifier: &str,
    account: &str,
) -> Result<Option<String>, StoreError> {
    let params = [collecting_id.into(), identifier.into(), account.into()];
    tx.one(SELECT_BANK_OF_ACCOUNT, &params)?
        .map(|row| row.text(0))
        .transpose()
}

fn read(row: &Row) -> Result<Attempt, StoreError> {
    Ok(Attempt {
        id: row.text(0)?,
        payment: payment_id(row, 1)?,
        number: row.int(2)?,
        collecting_id: row.int(3)?,
        bank_id: row.text(4)?,
        method: Method::parse(&row.text(5)?).ok_or_else(|| unreadable(5))?,
        state: State::parse(&row.text(6)?).ok_or_else(|| unreadable(6))?,
        version: row.int(7)?,
        browser_hash: row.bytes(8)?,
        amount: Amount::from_ten_thousandths(row.int(9)?),
        currency: row.text(10)?.parse::<Currency>().map_err(|_| unreadable(10))?,
        payer_identifier: row.opt_text(11)?,
        payer_name: row.opt_text(12)?,
        payer_email: row.opt_text(13)?,
        payer_account: row.opt_text(14)?,
        operation_number: row.opt_text(15)?,
        reason: row.opt_text(16)?,
        waiting_sealed: row.opt_bytes(17)?,
        started_at: from_ms(row.int(18)?),
        lapses_at: from_ms(row.int(19)?),
        authorising_at: row.opt_int(20)?.map(from_ms),
    })
}

fn payment_id(row: &Row, column: usize) -> Result<PaymentId, StoreError> {
    PaymentId::parse(&row.text(column)?).map_err(|_| unreadable(column))
}

fn unreadable(column: usize) -> StoreError {
    StoreError::Column {
        column,
        problem: "can't be read",
    }
}
