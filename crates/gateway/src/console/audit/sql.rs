//! All SQL of the audit log.

use ayni_domain::audit::Action;
use ayni_domain::ids::AccountId;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use ayni_store::value::Value;
use jiff::Timestamp;

use super::{Actor, Entry, Place};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_ENTRY,
    SELECT_ENTRIES,
    SELECT_ENTRIES_BY_EMAIL,
    SELECT_ENTRIES_BY_ACTION,
    SELECT_ENTRIES_BY_BOTH,
];

pub(super) const INSERT_ENTRY: &str = "\
    INSERT INTO audit (account_id, at, request, number, email, address, action, subject) \
    VALUES ($1, $2, $3, \
            (SELECT COALESCE(MAX(number), 0) + 1 FROM audit WHERE account_id = $1 AND at = $2 AND request = $3), \
            $4, $5, $6, $7)";

pub(super) fn insert_entry(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: Action,
    subject: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let request = actor.request.to_string();
    tx.exec(
        INSERT_ENTRY,
        &[
            actor.account.0.into(),
            now.as_millisecond().into(),
            request.as_str().into(),
            actor.email.as_str().into(),
            actor.address.as_str().into(),
            action.as_str().into(),
            subject.into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_ENTRIES: &str = "\
    SELECT at, request, number, email, address, action, subject FROM audit \
    WHERE account_id = $1 AND (at, request, number) < ($2, $3, $4) \
    ORDER BY at DESC, request DESC, number DESC LIMIT $5";

pub(super) const SELECT_ENTRIES_BY_EMAIL: &str = "\
    SELECT at, request, number, email, address, action, subject FROM audit \
    WHERE account_id = $1 AND (at, request, number) < ($2, $3, $4) AND email = $6 \
    ORDER BY at DESC, request DESC, number DESC LIMIT $5";

pub(super) const SELECT_ENTRIES_BY_ACTION: &str = "\
    SELECT at, request, number, email, address, action, subject FROM audit \
    WHERE account_id = $1 AND (at, request, number) < ($2, $3, $4) AND action = $6 \
    ORDER BY at DESC, request DESC, number DESC LIMIT $5";

pub(super) const SELECT_ENTRIES_BY_BOTH: &str = "\
    SELECT at, request, number, email, address, action, subject FROM audit \
    WHERE account_id = $1 AND (at, request, number) < ($2, $3, $4) AND email = $6 AND action = $7 \
    ORDER BY at DESC, request DESC, number DESC LIMIT $5";

/// The account's lines before a place, newest first; `email` and `action` narrow them where they are given.
pub(super) fn select_entries(
    tx: &mut Tx<'_>,
    account: AccountId,
    before: &Place,
    (email, action): (Option<&str>, Option<Action>),
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let mut params = vec![
        account.0.into(),
        before.at.as_millisecond().into(),
        before.request.as_str().into(),
        before.number.into(),
        limit.into(),
    ];
    let sql = match (email, action) {
        (None, None) => SELECT_ENTRIES,
        (Some(_), None) => SELECT_ENTRIES_BY_EMAIL,
        (None, Some(_)) => SELECT_ENTRIES_BY_ACTION,
        (Some(_), Some(_)) => SELECT_ENTRIES_BY_BOTH,
    };
    params.extend(email.map(Value::from));
    params.extend(action.map(|action| Value::from(action.as_str())));
    tx.all(sql, &params)?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        place: Place {
            at: time::from_ms(row.int(0)?),
            request: row.text(1)?,
            number: row.int(2)?,
        },
        email: row.text(3)?,
        address: row.text(4)?,
        action: row.text(5)?,
        subject: row.text(6)?,
    })
}
