//! All SQL of events and of who listens to them.

use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::ids::AccountId;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::NewEvent;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_EVENT,
    FIND_LISTENER,
    UPSERT_LISTENER,
    SELECT_EVENTS,
    SELECT_EVENT,
    DELETE_EVENTS,
    DELETE_LISTENERS,
];

/// An event as its row tells it.
pub(super) struct EventRow {
    pub(super) id: String,
    pub(super) at: Timestamp,
    pub(super) kind: String,
    pub(super) subject: String,
    /// Form and body of a notification that has no address.
    pub(super) unsent: Option<(NotifyVersion, String)>,
}

pub(super) const INSERT_EVENT: &str = "\
    INSERT INTO account_events (id, account_id, at, kind, subject, version, body) \
    SELECT CAST($1 AS TEXT), account_id, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), \
           CAST($7 AS TEXT) \
    FROM listeners WHERE account_id = $2 AND listens_until > $3 ON CONFLICT (id) DO NOTHING";

pub(super) fn insert_event(
    tx: &mut Tx<'_>,
    id: &str,
    event: &NewEvent<'_>,
    unsent: Option<(NotifyVersion, &str)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_EVENT,
        &[
            id.into(),
            event.account.0.into(),
            now.as_millisecond().into(),
            event.kind.as_str().into(),
            event.subject.into(),
            unsent.map(|(version, _)| version.as_str()).into(),
            unsent.map(|(_, body)| body).into(),
        ],
    )?;
    Ok(())
}

pub(super) const FIND_LISTENER: &str = "SELECT 1 FROM listeners WHERE account_id = $1 AND listens_until > $2";

pub(super) fn is_listened(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<bool, StoreError> {
    let found = tx.one(FIND_LISTENER, &[account.0.into(), now.as_millisecond().into()])?;
    Ok(found.is_some())
}

pub(super) const UPSERT_LISTENER: &str = "\
    INSERT INTO listeners (account_id, listens_until) VALUES ($1, $2) \
    ON CONFLICT (account_id) DO UPDATE SET listens_until = excluded.listens_until \
    WHERE listeners.listens_until < excluded.listens_until";

pub(super) fn upsert_listener(
    tx: &mut Tx<'_>,
    account: AccountId,
    listens_until: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        UPSERT_LISTENER,
        &[account.0.into(), listens_until.as_millisecond().into()],
    )?;
    Ok(())
}

pub(super) const SELECT_EVENTS: &str = "\
    SELECT id, at, kind, subject, version, body FROM account_events \
    WHERE account_id = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4";

pub(super) fn select_events(
    tx: &mut Tx<'_>,
    account: AccountId,
    (after_ms, after_id): (i64, &str),
    limit: i64,
) -> Result<Vec<EventRow>, StoreError> {
    tx.all(
        SELECT_EVENTS,
        &[account.0.into(), after_ms.into(), after_id.into(), limit.into()],
    )?
    .iter()
    .map(event)
    .collect()
}

pub(super) const SELECT_EVENT: &str = "\
    SELECT id, at, kind, subject, version, body FROM account_events WHERE id = $1 AND account_id = $2";

pub(super) fn select_event(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &str,
) -> Result<Option<EventRow>, StoreError> {
    tx.one(SELECT_EVENT, &[id.into(), account.0.into()])?
        .map(|row| event(&row))
        .transpose()
}

pub(super) const DELETE_EVENTS: &str = "DELETE FROM account_events WHERE at < $1";

pub(super) fn delete_events(tx: &mut Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    tx.exec(DELETE_EVENTS, &[before.as_millisecond().into()])?;
    Ok(())
}

pub(super) const DELETE_LISTENERS: &str = "DELETE FROM listeners WHERE listens_until < $1";

pub(super) fn delete_listeners(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(DELETE_LISTENERS, &[now.as_millisecond().into()])?;
    Ok(())
}

fn event(row: &Row) -> Result<EventRow, StoreError> {
    let unsent = match (row.opt_text(4)?, row.opt_text(5)?) {
        (Some(version), Some(body)) => Some((NotifyVersion::parse(&version).unwrap_or_default(), body)),
        _ => None,
    };
    Ok(EventRow {
        id: row.text(0)?,
        at: time::from_ms(row.int(1)?),
        kind: row.text(2)?,
        subject: row.text(3)?,
        unsent,
    })
}
