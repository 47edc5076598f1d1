//! All SQL of notices and their tries.

use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::ids::PaymentId;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use bytes::Bytes;
use jiff::Timestamp;

use super::log::{Place, Topic, Wanted};
use super::{NewNotice, NoticeEntry, Subject, TryEntry};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_NOTICE,
    SELECT_PARCEL,
    UPDATE_AFTER_TRY,
    INSERT_TRY,
    UPDATE_SPENT,
    SELECT_NOTICE,
    SELECT_NOTICES,
    SELECT_OF_PAYMENT,
    SELECT_TRIES,
    SELECT_PAGE,
    SELECT_PAGE_SPENT,
    SELECT_PAGE_OF_PAYMENT,
    SELECT_FAILED,
    UPDATE_DUE,
];

pub(super) const INSERT_NOTICE: &str = "\
    INSERT INTO notices (id, account_id, payment_id, operation_id, settlement_id, url, version, body, state, tries, \
                         created_at, next_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', 0, $9, $9)";

pub(super) fn insert_notice(tx: &mut Tx<'_>, notice: &NewNotice, now: Timestamp) -> Result<(), StoreError> {
    let id = notice.id.to_string();
    let (payment, operation, settlement) = match &notice.subject {
        Subject::Payment(payment) => (payment.as_str(), None, None),
        Subject::Operation(operation) => ("", Some(operation.to_string()), None),
        Subject::Settlement(settlement) => ("", None, Some(settlement.as_str())),
        Subject::Trial => ("", None, None),
    };
    tx.exec(
        INSERT_NOTICE,
        &[
            id.as_str().into(),
            notice.account.0.into(),
            payment.into(),
            operation.as_deref().into(),
            settlement.into(),
            notice.url.as_str().into(),
            notice.version.as_str().into(),
            notice.body.as_str().into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

/// What a delivery needs of a notice.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) account: i64,
    pub(super) url: String,
    pub(super) version: NotifyVersion,
    pub(super) body: Bytes,
    pub(super) state: String,
    pub(super) tries: i64,
    pub(super) created_at: Timestamp,
    pub(super) operation: Option<String>,
    /// Whether it tells of nothing, and is tried once.
    pub(super) is_trial: bool,
    pub(super) payment: Option<PaymentId>,
}

pub(super) const SELECT_PARCEL: &str = "\
    SELECT account_id, url, version, body, state, tries, created_at, operation_id, \
           CASE WHEN payment_id = '' AND operation_id IS NULL AND settlement_id IS NULL THEN 1 ELSE 0 END, \
           payment_id \
    FROM notices WHERE id = $1";

pub(super) fn select_parcel(tx: &mut Tx<'_>, id: &str) -> Result<Option<Parcel>, StoreError> {
    let Some(row) = tx.one(SELECT_PARCEL, &[id.into()])? else {
        return Ok(None);
    };
    Ok(Some(Parcel {
        account: row.int(0)?,
        url: row.text(1)?,
        version: NotifyVersion::parse(row.str(2)?).unwrap_or_default(),
        body: row.text(3)?.into(),
        state: row.text(4)?,
        tries: row.int(5)?,
        created_at: time::from_ms(row.int(6)?),
        operation: row.opt_text(7)?,
        is_trial: row.int(8)? == 1,
        payment: PaymentId::parse(row.str(9)?).ok(),
    }))
}

/// A delivered notice stays delivered: a second node's failed try can't undo it. One that was given up meanwhile is not
/// tried on.
pub(super) const UPDATE_AFTER_TRY: &str = "\
    UPDATE notices SET tries = tries + 1, \
        state = CASE WHEN state = 'delivered' OR (state = 'spent' AND $2 = 'pending') THEN state ELSE $2 END, \
        next_at = CASE WHEN state = 'pending' THEN $3 ELSE CAST(NULL AS BIGINT) END, \
        ended_at = CASE WHEN state = 'delivered' OR (state = 'spent' AND $2 = 'pending') THEN ended_at ELSE $4 END \
    WHERE id = $1 RETURNING tries";

/// Counts a try, and says which one it was; `None` where the notice is gone.
pub(super) fn update_after_try(
    tx: &mut Tx<'_>,
    id: &str,
    state: &'static str,
    next_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
) -> Result<Option<i64>, StoreError> {
    let (next_ms, ended_ms) = (
        next_at.map(Timestamp::as_millisecond),
        ended_at.map(Timestamp::as_millisecond),
    );
    tx.one(
        UPDATE_AFTER_TRY,
        &[id.into(), state.into(), next_ms.into(), ended_ms.into()],
    )?
    .map(|row| row.int(0))
    .transpose()
}

pub(super) const INSERT_TRY: &str = "\
    INSERT INTO notice_tries (notice_id, number, at, status, latency_ms, error, answer) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// The try of the number that [`update_after_try`] gave it.
pub(super) fn insert_try(tx: &mut Tx<'_>, id: &str, number: i64, entry: &TryEntry) -> Result<(), StoreError> {
    tx.exec(
        INSERT_TRY,
        &[
            id.into(),
            number.into(),
            entry.at.as_millisecond().into(),
            entry.status.into(),
            entry.latency_ms.into(),
            entry.error.as_deref().into(),
            entry.answer.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) const UPDATE_SPENT: &str =
    "UPDATE notices SET state = 'spent', next_at = NULL, ended_at = $2 WHERE id = $1 AND state = 'pending'";

/// False where it was not pending.
pub(super) fn update_spent(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.exec(UPDATE_SPENT, &[id.into(), now.as_millisecond().into()])? == 1)
}

pub(super) const UPDATE_DUE: &str = "UPDATE notices SET next_at = $2 WHERE id = $1";

/// Notes that it is tried now.
pub(super) fn update_due(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(UPDATE_DUE, &[id.into(), now.as_millisecond().into()])?;
    Ok(())
}

pub(super) const SELECT_NOTICE: &str = "\
    SELECT id, account_id, payment_id, url, version, state, tries, created_at, next_at, ended_at, operation_id, \
           settlement_id \
    FROM notices WHERE id = $1";

pub(super) fn select_notice(tx: &mut Tx<'_>, id: &str) -> Result<Option<NoticeEntry>, StoreError> {
    tx.one(SELECT_NOTICE, &[id.into()])?
        .map(|row| entry(&row))
        .transpose()
}

pub(super) const SELECT_NOTICES: &str = "\
    SELECT id, account_id, payment_id, url, version, state, tries, created_at, next_at, ended_at, operation_id, \
           settlement_id \
    FROM notices WHERE (CAST($1 AS BIGINT) IS NULL OR account_id = $1) AND (CAST($2 AS TEXT) IS NULL OR payment_id = $2) \
      AND (CAST($3 AS TEXT) IS NULL OR state = $3) ORDER BY created_at DESC, id DESC LIMIT $4";

pub(super) fn select_notices(
    tx: &mut Tx<'_>,
    account: Option<i64>,
    payment: Option<&str>,
    state: Option<&str>,
    limit: i64,
) -> Result<Vec<NoticeEntry>, StoreError> {
    tx.all(
        SELECT_NOTICES,
        &[account.into(), payment.into(), state.into(), limit.into()],
    )?
    .iter()
    .map(entry)
    .collect()
}

pub(super) const SELECT_OF_PAYMENT: &str = "\
    SELECT id, account_id, payment_id, url, version, state, tries, created_at, next_at, ended_at, operation_id, \
           settlement_id \
    FROM notices WHERE payment_id = $1 ORDER BY created_at, id LIMIT $2";

/// A payment's notices, the first one first.
pub(super) fn select_of_payment(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    limit: i64,
) -> Result<Vec<NoticeEntry>, StoreError> {
    tx.all(SELECT_OF_PAYMENT, &[payment.as_str().into(), limit.into()])?
        .iter()
        .map(entry)
        .collect()
}

pub(super) const SELECT_TRIES: &str = "\
    SELECT number, at, status, latency_ms, error, answer FROM notice_tries WHERE notice_id = $1 ORDER BY number";

pub(super) fn select_tries(tx: &mut Tx<'_>, id: &str) -> Result<Vec<TryEntry>, StoreError> {
    tx.all(SELECT_TRIES, &[id.into()])?
        .iter()
        .map(|row| {
            Ok(TryEntry {
                number: row.int(0)?,
                at: time::from_ms(row.int(1)?),
                status: row.opt_int(2)?,
                latency_ms: row.int(3)?,
                error: row.opt_text(4)?,
                answer: row.text(5)?,
            })
        })
        .collect()
}

macro_rules! is_wanted {
    () => {
        "(CAST($4 AS TEXT) IS NULL OR state = $4) \
         AND (CAST($5 AS TEXT) IS NULL OR CASE WHEN operation_id IS NOT NULL THEN 'operation' \
              WHEN settlement_id IS NOT NULL THEN 'settlement' WHEN payment_id = '' THEN 'trial' \
              ELSE 'payment' END = $5) \
         AND (CAST($6 AS BIGINT) IS NULL OR created_at >= $6) \
         AND (CAST($7 AS TEXT) IS NULL OR substr(url, 1, length($7)) = $7) \
         AND (CAST($8 AS TEXT) IS NULL OR payment_id = $8)"
    };
}

/// Walks a list from a place on, a bounded number of rows, and says of each whether it is wanted.
macro_rules! page_of {
    ($list:literal) => {
        concat!(
            "SELECT id, account_id, payment_id, url, version, state, tries, created_at, next_at, ended_at, operation_id, \
                    settlement_id, CASE WHEN ",
            is_wanted!(),
            " THEN 1 ELSE 0 END FROM notices WHERE ",
            $list,
            " AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $9"
        )
    };
}

/// The account's own list.
pub(super) const SELECT_PAGE: &str = page_of!("account_id = $1");

/// Those given up have an index of their own.
pub(super) const SELECT_PAGE_SPENT: &str = page_of!("account_id = $1 AND state = 'spent'");

/// A payment's are few; the plus keeps SQLite from walking the account's list for them.
pub(super) const SELECT_PAGE_OF_PAYMENT: &str = page_of!("+account_id = $1 AND payment_id = $8");

pub(super) fn select_page(
    tx: &mut Tx<'_>,
    account: i64,
    wanted: &Wanted,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<(NoticeEntry, bool)>, StoreError> {
    let until_ms = wanted.until.map_or(i64::MAX, Timestamp::as_millisecond);
    let (before_ms, before_id) = match after {
        Some(after) if after.created_ms < until_ms => (after.created_ms, after.id.as_str()),
        _ => (until_ms, ""),
    };
    let text = match wanted {
        Wanted { payment: Some(_), .. } => SELECT_PAGE_OF_PAYMENT,
        Wanted {
            state: Some(state), ..
        } if state == "spent" => SELECT_PAGE_SPENT,
        _ => SELECT_PAGE,
    };
    let rows = tx.all(
        text,
        &[
            account.into(),
            before_ms.into(),
            before_id.into(),
            wanted.state.as_deref().into(),
            wanted.topic.map(Topic::as_str).into(),
            wanted.from.map(Timestamp::as_millisecond).into(),
            wanted.url.as_deref().into(),
            wanted.payment.as_deref().into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ],
    )?;
    rows.iter()
        .map(|row| Ok((entry(row)?, row.int(12)? == 1)))
        .collect()
}

/// Those given up that wait for no further try.
pub(super) const SELECT_FAILED: &str = concat!(
    "SELECT id, url FROM notices WHERE account_id = $1 AND state = 'spent' AND next_at IS NULL \
     AND (created_at, id) < ($2, $3) AND ",
    is_wanted!(),
    " ORDER BY created_at, id LIMIT $9"
);

pub(super) fn select_failed(
    tx: &mut Tx<'_>,
    account: i64,
    wanted: &Wanted,
    limit: usize,
) -> Result<Vec<(String, String)>, StoreError> {
    let until_ms = wanted.until.map_or(i64::MAX, Timestamp::as_millisecond);
    let rows = tx.all(
        SELECT_FAILED,
        &[
            account.into(),
            until_ms.into(),
            "".into(),
            wanted.state.as_deref().into(),
            wanted.topic.map(Topic::as_str).into(),
            wanted.from.map(Timestamp::as_millisecond).into(),
            wanted.url.as_deref().into(),
            wanted.payment.as_deref().into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

fn entry(row: &Row) -> Result<NoticeEntry, StoreError> {
    Ok(NoticeEntry {
        id: row.text(0)?,
        receiver_id: row.int(1)?,
        payment_id: row.text(2)?,
        url: row.text(3)?,
        version: row.text(4)?,
        state: row.text(5)?,
        tries: row.int(6)?,
        created_at: time::from_ms(row.int(7)?),
        next_at: row.opt_int(8)?.map(time::from_ms),
        ended_at: row.opt_int(9)?.map(time::from_ms),
        operation_id: row.opt_text(10)?,
        settlement_id: row.opt_text(11)?,
    })
}
