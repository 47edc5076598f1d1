//! All SQL of tailed requests.

use ayni_domain::ids::AccountId;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    DELETE_TAIL,
    UPSERT_TAIL,
    SELECT_TAILED,
    INSERT_PORTION,
    SELECT_PLACES,
    SELECT_PORTION,
    SELECT_SURPLUS,
    DELETE_SURPLUS,
    MOVE_SINCE,
    DELETE_PORTIONS,
    DELETE_TAILS,
];

/// What one node answered to an account within half a second.
pub(super) struct PortionRow {
    pub(super) id: String,
    pub(super) account: AccountId,
    pub(super) at: Timestamp,
    pub(super) requests: i64,
    pub(super) left_out: i64,
    /// A JSON array.
    pub(super) lines: String,
}

pub(super) const DELETE_TAIL: &str = "DELETE FROM request_tails WHERE account_id = $1 AND tails_until <= $2";

/// Forgets a tail that is over, so that the next one begins anew.
pub(super) fn delete_tail(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(DELETE_TAIL, &[account.0.into(), now.as_millisecond().into()])?;
    Ok(())
}

pub(super) const UPSERT_TAIL: &str = "\
    INSERT INTO request_tails (account_id, since, tails_until) VALUES ($1, $2, $3) \
    ON CONFLICT (account_id) DO UPDATE SET tails_until = excluded.tails_until RETURNING since";

/// Since when the account's requests are kept.
pub(super) fn upsert_tail(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
    until: Timestamp,
) -> Result<Timestamp, StoreError> {
    let params = [
        account.0.into(),
        now.as_millisecond().into(),
        until.as_millisecond().into(),
    ];
    match tx.one(UPSERT_TAIL, &params)? {
        Some(row) => Ok(time::from_ms(row.int(0)?)),
        None => Ok(now),
    }
}

pub(super) const SELECT_TAILED: &str = "\
    SELECT account_id FROM request_tails WHERE tails_until > $1 ORDER BY tails_until DESC LIMIT 10000";

pub(super) fn select_tailed(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<AccountId>, StoreError> {
    let rows = tx.all(SELECT_TAILED, &[now.as_millisecond().into()])?;
    rows.iter().map(|row| Ok(AccountId(row.int(0)?))).collect()
}

pub(super) const INSERT_PORTION: &str = "\
    INSERT INTO request_portions (id, account_id, at, requests, left_out, lines) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (id) DO NOTHING";

pub(super) fn insert_portion(tx: &mut Tx<'_>, row: &PortionRow) -> Result<(), StoreError> {
    tx.exec(
        INSERT_PORTION,
        &[
            row.id.as_str().into(),
            row.account.0.into(),
            row.at.as_millisecond().into(),
            row.requests.into(),
            row.left_out.into(),
            row.lines.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_PLACES: &str = "\
    SELECT id, at FROM request_portions WHERE account_id = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4";

/// The portions after a place, oldest first: id and instant only, since most of them were told.
pub(super) fn select_places(
    tx: &mut Tx<'_>,
    account: AccountId,
    (after_ms, after_id): (i64, &str),
    limit: i64,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let params = [account.0.into(), after_ms.into(), after_id.into(), limit.into()];
    let rows = tx.all(SELECT_PLACES, &params)?;
    rows.iter()
        .map(|row| Ok((row.text(0)?, time::from_ms(row.int(1)?))))
        .collect()
}

pub(super) const SELECT_PORTION: &str = "SELECT left_out, lines FROM request_portions WHERE id = $1";

/// How many lines were left out of a portion, and the others; nothing where it was forgotten meanwhile.
pub(super) fn select_portion(tx: &mut Tx<'_>, id: &str) -> Result<Option<(i64, String)>, StoreError> {
    let row = tx.one(SELECT_PORTION, &[id.into()])?;
    row.map(|row| Ok((row.int(0)?, row.text(1)?))).transpose()
}

pub(super) const SELECT_SURPLUS: &str = "\
    SELECT at FROM ( \
      SELECT at, SUM(requests) OVER (ORDER BY at DESC, id DESC) AS newer FROM request_portions WHERE account_id = $1 \
    ) AS counted WHERE newer > CAST($2 AS BIGINT) ORDER BY at DESC LIMIT 1";

/// The newest instant whose portions, with all newer ones, have more than so many lines.
pub(super) fn select_surplus(
    tx: &mut Tx<'_>,
    account: AccountId,
    lines_max: i64,
) -> Result<Option<i64>, StoreError> {
    let row = tx.one(SELECT_SURPLUS, &[account.0.into(), lines_max.into()])?;
    row.map(|row| row.int(0)).transpose()
}

pub(super) const DELETE_SURPLUS: &str = "DELETE FROM request_portions WHERE account_id = $1 AND at <= $2";
pub(super) const MOVE_SINCE: &str = "\
    UPDATE request_tails SET since = $2 + 1 WHERE account_id = $1 AND since <= $2";

/// Takes out what was written then and before, and says that it is not kept.
pub(super) fn delete_surplus(tx: &mut Tx<'_>, account: AccountId, at_ms: i64) -> Result<(), StoreError> {
    tx.exec(DELETE_SURPLUS, &[account.0.into(), at_ms.into()])?;
    tx.exec(MOVE_SINCE, &[account.0.into(), at_ms.into()])?;
    Ok(())
}

pub(super) const DELETE_PORTIONS: &str = "DELETE FROM request_portions WHERE at < $1";

pub(super) fn delete_portions(tx: &mut Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    tx.exec(DELETE_PORTIONS, &[before.as_millisecond().into()])?;
    Ok(())
}

pub(super) const DELETE_TAILS: &str = "DELETE FROM request_tails WHERE tails_until < $1";

pub(super) fn delete_tails(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(DELETE_TAILS, &[now.as_millisecond().into()])?;
    Ok(())
}
