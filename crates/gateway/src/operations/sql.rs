//! All SQL of operations.

use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_domain::operation::code::Code;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{Operation, State};

use crate::keys::sealed::count_sealed;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_OPERATION,
    SELECT_PENDING,
    COUNT_VISIT,
    END_OPERATION,
    SELECT_ANSWER,
    UPDATE_ERASE_AT,
    ERASE_ANSWERS,
    SELECT_WITH_ANSWER,
    SELECT_ANY_WITH_ANSWER,
    SELECT_OPERATIONS,
    COUNT_SEALED_REQUESTS,
    COUNT_SEALED_ANSWERS,
];

pub(super) const COUNT_SEALED_REQUESTS: &str = count_sealed!("operations", "request_sealed");

pub(super) const COUNT_SEALED_ANSWERS: &str = count_sealed!("operations", "answer_sealed");

pub(super) const INSERT_OPERATION: &str = "\
    INSERT INTO operations (id, account_id, institution, operation, lang, state, code, created_at, deadline_at, \
                            callback_url, request_sealed, visits, ended_at, answer_sealed, erase_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

pub(super) fn insert_operation(
    tx: &mut Tx<'_>,
    operation: &Operation,
    request_sealed: Option<&[u8]>,
    answer_sealed: Option<&[u8]>,
) -> Result<(), StoreError> {
    let id = operation.id.to_string();
    tx.exec(
        INSERT_OPERATION,
        &[
            id.as_str().into(),
            operation.account.0.into(),
            operation.institution.as_str().into(),
            operation.operation.as_str().into(),
            operation.lang.tag().into(),
            operation.state.as_str().into(),
            operation.code.map(Code::as_str).into(),
            operation.created_at.as_millisecond().into(),
            operation.deadline_at.map(Timestamp::as_millisecond).into(),
            operation.callback_url.as_deref().into(),
            request_sealed.into(),
            operation.visits.into(),
            operation.ended_at.map(Timestamp::as_millisecond).into(),
            answer_sealed.into(),
            operation.erase_at.map(Timestamp::as_millisecond).into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_PENDING: &str = "\
    SELECT id, account_id, institution, operation, lang, state, code, created_at, deadline_at, callback_url, visits, \
           ended_at, erase_at, request_sealed \
    FROM operations WHERE id = $1 AND state = 'running'";

/// A running operation and its sealed request.
pub(super) fn select_pending(tx: &mut Tx<'_>, id: &str) -> Result<Option<(Operation, Vec<u8>)>, StoreError> {
    let Some(row) = tx.one(SELECT_PENDING, &[id.into()])? else {
        return Ok(None);
    };
    Ok(Some((operation(&row)?, row.opt_bytes(13)?.unwrap_or_default())))
}

pub(super) const COUNT_VISIT: &str =
    "UPDATE operations SET visits = visits + 1 WHERE id = $1 AND state = 'running'";

pub(super) fn count_visit(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.exec(COUNT_VISIT, &[id.into()])?;
    Ok(())
}

pub(super) const END_OPERATION: &str = "\
    UPDATE operations SET state = $2, code = $3, ended_at = $4, answer_sealed = $5, erase_at = $6, \
        request_sealed = NULL, visits = visits + 1 \
    WHERE id = $1 AND state = 'running'";

/// 0 where it was ended before.
pub(super) fn end_operation(
    tx: &mut Tx<'_>,
    id: &str,
    state: State,
    code: Option<Code>,
    now: Timestamp,
    answer_sealed: &[u8],
    erase_at: Timestamp,
) -> Result<u64, StoreError> {
    tx.exec(
        END_OPERATION,
        &[
            id.into(),
            state.as_str().into(),
            code.map(Code::as_str).into(),
            now.as_millisecond().into(),
            answer_sealed.into(),
            erase_at.as_millisecond().into(),
        ],
    )
}

pub(super) const SELECT_ANSWER: &str = "SELECT answer_sealed FROM operations WHERE id = $1";

pub(super) fn select_answer(tx: &mut Tx<'_>, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.one(SELECT_ANSWER, &[id.into()])?;
    Ok(row.map(|row| row.opt_bytes(0)).transpose()?.flatten())
}

pub(super) const UPDATE_ERASE_AT: &str =
    "UPDATE operations SET erase_at = $2 WHERE id = $1 AND answer_sealed IS NOT NULL";

pub(super) fn update_erase_at(tx: &mut Tx<'_>, id: &str, erase_at: Timestamp) -> Result<(), StoreError> {
    tx.exec(UPDATE_ERASE_AT, &[id.into(), erase_at.as_millisecond().into()])?;
    Ok(())
}

pub(super) const ERASE_ANSWERS: &str =
    "UPDATE operations SET answer_sealed = NULL, erase_at = NULL WHERE erase_at <= $1";

pub(super) fn erase_answers(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(ERASE_ANSWERS, &[now.as_millisecond().into()])?;
    Ok(())
}

/// An operation and its sealed answer, while that is kept.
type WithAnswer = (Operation, Option<Vec<u8>>);

pub(super) const SELECT_WITH_ANSWER: &str = "\
    SELECT id, account_id, institution, operation, lang, state, code, created_at, deadline_at, callback_url, visits, \
           ended_at, erase_at, answer_sealed \
    FROM operations WHERE id = $1 AND account_id = $2";

/// An operation of the account, and its sealed answer.
pub(super) fn select_with_answer(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &str,
) -> Result<Option<WithAnswer>, StoreError> {
    let row = tx.one(SELECT_WITH_ANSWER, &[id.into(), account.0.into()])?;
    row.map(|row| Ok((operation(&row)?, row.opt_bytes(13)?)))
        .transpose()
}

pub(super) const SELECT_ANY_WITH_ANSWER: &str = "\
    SELECT id, account_id, institution, operation, lang, state, code, created_at, deadline_at, callback_url, visits, \
           ended_at, erase_at, answer_sealed \
    FROM operations WHERE id = $1";

/// The same, whoever's it is: for the operator.
pub(super) fn select_any_with_answer(tx: &mut Tx<'_>, id: &str) -> Result<Option<WithAnswer>, StoreError> {
    let row = tx.one(SELECT_ANY_WITH_ANSWER, &[id.into()])?;
    row.map(|row| Ok((operation(&row)?, row.opt_bytes(13)?)))
        .transpose()
}

pub(super) const SELECT_OPERATIONS: &str = "\
    SELECT id, account_id, institution, operation, lang, state, code, created_at, deadline_at, callback_url, visits, \
           ended_at, erase_at \
    FROM operations WHERE (CAST($1 AS BIGINT) IS NULL OR account_id = $1) \
      AND (CAST($2 AS TEXT) IS NULL OR state = $2) ORDER BY created_at DESC, id DESC LIMIT $3";

pub(super) fn select_operations(
    tx: &mut Tx<'_>,
    account: Option<i64>,
    state: Option<&str>,
    limit: i64,
) -> Result<Vec<Operation>, StoreError> {
    tx.all(SELECT_OPERATIONS, &[account.into(), state.into(), limit.into()])?
        .iter()
        .map(operation)
        .collect()
}

fn operation(row: &Row) -> Result<Operation, StoreError> {
    let bad = |column: usize, problem: &'static str| StoreError::Column { column, problem };
    Ok(Operation {
        id: row.str(0)?.parse().map_err(|_| bad(0, "is no UUID"))?,
        account: AccountId(row.int(1)?),
        institution: row.text(2)?,
        operation: row.text(3)?,
        lang: match row.str(4)? {
            "en" => Lang::En,
            _ => Lang::Es,
        },
        state: State::parse(row.str(5)?).ok_or_else(|| bad(5, "is no state"))?,
        code: row.opt_str(6)?.and_then(Code::parse),
        created_at: time::from_ms(row.int(7)?),
        deadline_at: row.opt_int(8)?.map(time::from_ms),
        callback_url: row.opt_text(9)?,
        visits: row.int(10)?,
        ended_at: row.opt_int(11)?.map(time::from_ms),
        erase_at: row.opt_int(12)?.map(time::from_ms),
    })
}
