//! All SQL of kept answers.

use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{FoundAnswer, KeptAnswer, Scope};

use crate::keys::sealed::count_sealed;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_ANSWER,
    UPSERT_ANSWER,
    DELETE_FORGOTTEN,
    COUNT_SEALED_ANSWERS,
];

pub(super) const COUNT_SEALED_ANSWERS: &str = count_sealed!("idempotent_answers", "answer_sealed");

pub(super) const SELECT_ANSWER: &str = "\
    SELECT body_hash, status, answer_sealed, created_at FROM idempotent_answers \
    WHERE account_id = $1 AND method = $2 AND path = $3 AND key = $4";

pub(super) fn select_answer(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<FoundAnswer>, StoreError> {
    let params = [
        scope.account.0.into(),
        scope.method.as_str().into(),
        scope.path.as_str().into(),
        scope.key.as_str().into(),
    ];
    let Some(row) = tx.one(SELECT_ANSWER, &params)? else {
        return Ok(None);
    };
    Ok(Some(FoundAnswer {
        body_hash: row.bytes(0)?,
        status: u16::try_from(row.int(1)?).unwrap_or_default(),
        sealed: row.bytes(2)?,
        at: time::from_ms(row.int(3)?),
    }))
}

pub(super) const UPSERT_ANSWER: &str = "\
    INSERT INTO idempotent_answers (account_id, method, path, key, body_hash, status, answer_sealed, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
    ON CONFLICT (account_id, method, path, key) DO UPDATE SET \
      body_hash = excluded.body_hash, status = excluded.status, answer_sealed = excluded.answer_sealed, \
      created_at = excluded.created_at \
    WHERE idempotent_answers.created_at <= $9";

/// 0 where an answer is there that is not forgotten.
pub(super) fn upsert_answer(
    tx: &mut Tx<'_>,
    kept: &KeptAnswer,
    forgotten_at: Timestamp,
) -> Result<u64, StoreError> {
    tx.exec(
        UPSERT_ANSWER,
        &[
            kept.scope.account.0.into(),
            kept.scope.method.as_str().into(),
            kept.scope.path.as_str().into(),
            kept.scope.key.as_str().into(),
            (&kept.body_hash).into(),
            i64::from(kept.status.as_u16()).into(),
            (&kept.sealed).into(),
            kept.at.as_millisecond().into(),
            forgotten_at.as_millisecond().into(),
        ],
    )
}

pub(super) const DELETE_FORGOTTEN: &str = "\
    DELETE FROM idempotent_answers WHERE (account_id, method, path, key) IN ( \
      SELECT account_id, method, path, key FROM idempotent_answers \
      WHERE created_at <= $1 ORDER BY created_at LIMIT $2)";

pub(super) fn delete_forgotten(tx: &mut Tx<'_>, cutoff: Timestamp, limit: i64) -> Result<u64, StoreError> {
    tx.exec(DELETE_FORGOTTEN, &[cutoff.as_millisecond().into(), limit.into()])
}
