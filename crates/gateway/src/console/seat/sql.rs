//! All SQL of people, sessions, tries and links.

use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::links::Link;
use super::sessions::{Session, SessionId};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_PASSWORD,
    UPSERT_PASSWORD,
    INSERT_SESSION,
    SELECT_SESSION,
    SELECT_SESSIONS,
    UPDATE_SEEN,
    UPDATE_ACCOUNT,
    DELETE_SESSION,
    DELETE_SESSION_NAMED,
    DELETE_SESSIONS_BUT,
    DELETE_OLD_SESSIONS,
    COUNT_FAILURE,
    DELETE_FAILURES,
    DECREMENT_FAILURES,
    DELETE_OLD_FAILURES,
    INSERT_LINK,
    SELECT_LINK,
    SELECT_LINK_NAMED,
    SELECT_NEWEST_LINK,
    DELETE_LINK,
    DELETE_LINKS_OF,
    DELETE_LINKS_FROM,
    DELETE_OLD_LINKS,
];

pub(super) const SELECT_PASSWORD: &str = "SELECT password_hash FROM console_people WHERE email = $1";

pub(super) fn select_password(tx: &mut Tx<'_>, email: &str) -> Result<Option<String>, StoreError> {
    match tx.one(SELECT_PASSWORD, &[email.into()])? {
        Some(row) => row.opt_text(0),
        None => Ok(None),
    }
}

pub(super) const UPSERT_PASSWORD: &str = "\
    INSERT INTO console_people (email, password_hash, created_at) VALUES ($1, $2, $3) \
    ON CONFLICT (email) DO UPDATE SET password_hash = excluded.password_hash";

pub(super) fn upsert_password(
    tx: &mut Tx<'_>,
    email: &str,
    hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        UPSERT_PASSWORD,
        &[email.into(), hash.into(), now.as_millisecond().into()],
    )?;
    Ok(())
}

pub(super) const INSERT_SESSION: &str = "\
    INSERT INTO console_sessions (hash, id, email, account_id, is_complete, address, agent, created_at, seen_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub(super) fn insert_session(tx: &mut Tx<'_>, session: &Session) -> Result<(), StoreError> {
    tx.exec(
        INSERT_SESSION,
        &[
            (&session.hash).into(),
            session.id.0.as_str().into(),
            session.email.as_str().into(),
            session.account.0.into(),
            session.is_complete.into(),
            session.address.as_str().into(),
            session.agent.as_str().into(),
            session.created_at.as_millisecond().into(),
            session.seen_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_SESSION: &str = "\
    SELECT hash, id, email, account_id, is_complete, address, agent, created_at, seen_at \
    FROM console_sessions WHERE hash = $1";

pub(super) fn select_session(tx: &mut Tx<'_>, hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
    tx.one(SELECT_SESSION, &[hash.into()])?
        .map(|row| session(&row))
        .transpose()
}

pub(super) const SELECT_SESSIONS: &str = "\
    SELECT hash, id, email, account_id, is_complete, address, agent, created_at, seen_at \
    FROM console_sessions WHERE email = $1 ORDER BY created_at DESC LIMIT 100";

pub(super) fn select_sessions(tx: &mut Tx<'_>, email: &str) -> Result<Vec<Session>, StoreError> {
    tx.all(SELECT_SESSIONS, &[email.into()])?
        .iter()
        .map(session)
        .collect()
}

fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        hash: digest(row, 0)?,
        id: SessionId(row.text(1)?),
        email: row.text(2)?,
        account: AccountId(row.int(3)?),
        is_complete: row.int(4)? != 0,
        address: row.text(5)?,
        agent: row.text(6)?,
        created_at: time::from_ms(row.int(7)?),
        seen_at: time::from_ms(row.int(8)?),
    })
}

fn digest(row: &Row, column: usize) -> Result<[u8; 32], StoreError> {
    row.bytes(column)?.try_into().map_err(|_| StoreError::Column {
        column,
        problem: "is no digest",
    })
}

pub(super) const UPDATE_SEEN: &str = "UPDATE console_sessions SET seen_at = $2 WHERE hash = $1";

pub(super) fn update_seen(tx: &mut Tx<'_>, hash: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
    tx.exec(UPDATE_SEEN, &[hash.into(), now.as_millisecond().into()])?;
    Ok(())
}

pub(super) const UPDATE_ACCOUNT: &str = "UPDATE console_sessions SET account_id = $2 WHERE hash = $1";

pub(super) fn update_account(tx: &mut Tx<'_>, hash: &[u8; 32], account: AccountId) -> Result<(), StoreError> {
    tx.exec(UPDATE_ACCOUNT, &[hash.into(), account.0.into()])?;
    Ok(())
}

pub(super) const DELETE_SESSION: &str = "DELETE FROM console_sessions WHERE hash = $1";

pub(super) fn delete_session(tx: &mut Tx<'_>, hash: &[u8; 32]) -> Result<(), StoreError> {
    tx.exec(DELETE_SESSION, &[hash.into()])?;
    Ok(())
}

pub(super) const DELETE_SESSION_NAMED: &str = "DELETE FROM console_sessions WHERE email = $1 AND id = $2";

pub(super) fn delete_session_named(tx: &mut Tx<'_>, email: &str, id: &str) -> Result<(), StoreError> {
    tx.exec(DELETE_SESSION_NAMED, &[email.into(), id.into()])?;
    Ok(())
}

pub(super) const DELETE_SESSIONS_BUT: &str = "DELETE FROM console_sessions WHERE email = $1 AND hash <> $2";

pub(super) fn delete_sessions_but(tx: &mut Tx<'_>, email: &str, stays: &[u8; 32]) -> Result<(), StoreError> {
    tx.exec(DELETE_SESSIONS_BUT, &[email.into(), stays.into()])?;
    Ok(())
}

pub(super) const DELETE_OLD_SESSIONS: &str =
    "DELETE FROM console_sessions WHERE created_at <= $1 OR seen_at <= $2";

pub(super) fn delete_old_sessions(
    tx: &mut Tx<'_>,
    created: Timestamp,
    seen: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        DELETE_OLD_SESSIONS,
        &[created.as_millisecond().into(), seen.as_millisecond().into()],
    )?;
    Ok(())
}

pub(super) const COUNT_FAILURE: &str = "\
    INSERT INTO console_failures (subject, failures, since) VALUES ($1, 1, $2) \
    ON CONFLICT (subject) DO UPDATE SET \
      failures = CASE WHEN console_failures.since <= $3 THEN 1 ELSE console_failures.failures + 1 END, \
      since = CASE WHEN console_failures.since <= $3 THEN excluded.since ELSE console_failures.since END \
    RETURNING failures, since";

/// Counts one more try of a subject, from one where the first was at or before `old`.
pub(super) fn count_failure(
    tx: &mut Tx<'_>,
    subject: &str,
    now: Timestamp,
    old: Timestamp,
) -> Result<(i64, Timestamp), StoreError> {
    let params = [
        subject.into(),
        now.as_millisecond().into(),
        old.as_millisecond().into(),
    ];
    match tx.one(COUNT_FAILURE, &params)? {
        Some(row) => Ok((row.int(0)?, time::from_ms(row.int(1)?))),
        None => Ok((1, now)),
    }
}

pub(super) const DELETE_FAILURES: &str = "DELETE FROM console_failures WHERE subject = $1";

pub(super) fn delete_failures(tx: &mut Tx<'_>, subject: &str) -> Result<(), StoreError> {
    tx.exec(DELETE_FAILURES, &[subject.into()])?;
    Ok(())
}

pub(super) const DECREMENT_FAILURES: &str =
    "UPDATE console_failures SET failures = failures - 1 WHERE subject = $1 AND failures > 0";

pub(super) fn decrement_failures(tx: &mut Tx<'_>, subject: &str) -> Result<(), StoreError> {
    tx.exec(DECREMENT_FAILURES, &[subject.into()])?;
    Ok(())
}

pub(super) const DELETE_OLD_FAILURES: &str = "DELETE FROM console_failures WHERE since <= $1";

pub(super) fn delete_old_failures(tx: &mut Tx<'_>, since: Timestamp) -> Result<(), StoreError> {
    tx.exec(DELETE_OLD_FAILURES, &[since.as_millisecond().into()])?;
    Ok(())
}

pub(super) const INSERT_LINK: &str = "\
    INSERT INTO console_links (hash, id, email, account_id, lang, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(super) fn insert_link(tx: &mut Tx<'_>, link: &Link) -> Result<(), StoreError> {
    tx.exec(
        INSERT_LINK,
        &[
            (&link.hash).into(),
            link.id.as_str().into(),
            link.email.as_str().into(),
            link.account.0.into(),
            link.lang.tag().into(),
            link.created_at.as_millisecond().into(),
            link.expires_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_LINK: &str = "\
    SELECT hash, id, email, account_id, lang, created_at, expires_at FROM console_links WHERE hash = $1";

pub(super) fn select_link(tx: &mut Tx<'_>, hash: &[u8; 32]) -> Result<Option<Link>, StoreError> {
    tx.one(SELECT_LINK, &[hash.into()])?
        .map(|row| link(&row))
        .transpose()
}

pub(super) const SELECT_LINK_NAMED: &str = "\
    SELECT hash, id, email, account_id, lang, created_at, expires_at FROM console_links WHERE id = $1";

pub(super) fn select_link_named(tx: &mut Tx<'_>, id: &str) -> Result<Option<Link>, StoreError> {
    tx.one(SELECT_LINK_NAMED, &[id.into()])?
        .map(|row| link(&row))
        .transpose()
}

pub(super) const SELECT_NEWEST_LINK: &str = "\
    SELECT hash, id, email, account_id, lang, created_at, expires_at FROM console_links \
    WHERE email = $1 AND account_id = $2 ORDER BY created_at DESC LIMIT 1";

/// The newest link by which an account invites a person.
pub(super) fn select_newest_link(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<Option<Link>, StoreError> {
    tx.one(SELECT_NEWEST_LINK, &[email.into(), account.0.into()])?
        .map(|row| link(&row))
        .transpose()
}

fn link(row: &Row) -> Result<Link, StoreError> {
    Ok(Link {
        hash: digest(row, 0)?,
        id: row.text(1)?,
        email: row.text(2)?,
        account: AccountId(row.int(3)?),
        lang: match row.str(4)? {
            "en" => Lang::En,
            _ => Lang::Es,
        },
        created_at: time::from_ms(row.int(5)?),
        expires_at: time::from_ms(row.int(6)?),
    })
}

pub(super) const DELETE_LINK: &str = "DELETE FROM console_links WHERE hash = $1";

/// Spends a link; of two that spend it at once, one finds it.
pub(super) fn delete_link(tx: &mut Tx<'_>, hash: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(tx.exec(DELETE_LINK, &[hash.into()])? == 1)
}

pub(super) const DELETE_LINKS_OF: &str = "DELETE FROM console_links WHERE email = $1";

pub(super) fn delete_links_of(tx: &mut Tx<'_>, email: &str) -> Result<(), StoreError> {
    tx.exec(DELETE_LINKS_OF, &[email.into()])?;
    Ok(())
}

pub(super) const DELETE_LINKS_FROM: &str = "DELETE FROM console_links WHERE email = $1 AND account_id = $2";

pub(super) fn delete_links_from(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<bool, StoreError> {
    Ok(tx.exec(DELETE_LINKS_FROM, &[email.into(), account.0.into()])? > 0)
}

pub(super) const DELETE_OLD_LINKS: &str = "DELETE FROM console_links WHERE expires_at <= $1";

pub(super) fn delete_old_links(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(DELETE_OLD_LINKS, &[now.as_millisecond().into()])?;
    Ok(())
}
