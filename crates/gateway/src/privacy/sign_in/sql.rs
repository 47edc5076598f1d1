//! The SQL of who signs in to the console, as far as it is one person's.

use ayni_domain::ids::AccountId;
use ayni_domain::time::{from_ms, wire};
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use serde_json::{Value, json};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_USER,
    SELECT_PERSON,
    SELECT_SESSIONS,
    SELECT_INVITATIONS,
    SELECT_AUDIT,
    SELECT_READER,
    DELETE_CODES,
    DELETE_SESSIONS,
    DELETE_INVITATIONS,
    DELETE_PERSON,
];

const SELECT_USER: &str = "SELECT role, created_at FROM users WHERE account_id = $1 AND email = $2";

/// The person's role in the account.
pub(super) fn select_user(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<Option<Value>, StoreError> {
    let row = tx.one(SELECT_USER, &[account.0.into(), email.into()])?;
    row.map(|row| Ok(json!({ "role": row.text(0)?, "since": at(&row, 1)? })))
        .transpose()
}

const SELECT_PERSON: &str = "\
    SELECT p.created_at, p.second_factor_sealed, \
      (SELECT COUNT(*) FROM console_recovery_codes c WHERE c.email = p.email) \
    FROM console_people p WHERE p.email = $1";

/// The person behind the address, without what opens anything.
pub(super) fn select_person(tx: &mut Tx<'_>, email: &str) -> Result<Option<Value>, StoreError> {
    let row = tx.one(SELECT_PERSON, &[email.into()])?;
    let told = |row: Row| {
        Ok(json!({
            "since": at(&row, 0)?, "has_second_factor": row.opt_bytes(1)?.is_some(), "recovery_codes_left": row.int(2)?,
        }))
    };
    row.map(told).transpose()
}

const SELECT_SESSIONS: &str = "\
    SELECT created_at, seen_at, address, agent FROM console_sessions \
    WHERE email = $2 AND account_id = $1 ORDER BY created_at, id LIMIT 1000";

/// The person's sessions in the account, without what opens them.
pub(super) fn select_sessions(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<Vec<Value>, StoreError> {
    let told = |row: &Row| {
        Ok(json!({
            "since": at(row, 0)?, "last_used": at(row, 1)?, "address": row.text(2)?, "browser": row.text(3)?,
        }))
    };
    tx.all(SELECT_SESSIONS, &[account.0.into(), email.into()])?
        .iter()
        .map(told)
        .collect()
}

const SELECT_INVITATIONS: &str = "\
    SELECT created_at, expires_at FROM console_links \
    WHERE email = $2 AND account_id = $1 ORDER BY created_at, id LIMIT 1000";

/// The account's invitations of the person that are open.
pub(super) fn select_invitations(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<Vec<Value>, StoreError> {
    let told = |row: &Row| Ok(json!({ "sent": at(row, 0)?, "expires": at(row, 1)? }));
    tx.all(SELECT_INVITATIONS, &[account.0.into(), email.into()])?
        .iter()
        .map(told)
        .collect()
}

/// What the person did, and what was done to the person, whose address begins the subject then.
const SELECT_AUDIT: &str = "\
    SELECT at, action, subject, address, email FROM audit WHERE account_id = $1 \
    AND (email = $2 OR subject = $2 OR substr(subject, 1, length($2) + 1) = $2 || ' ') \
    ORDER BY at, request, number LIMIT 10000";

/// The account's audit log, as far as it is the person's. The address from where somebody else acted is not told.
pub(super) fn select_audit(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<Vec<Value>, StoreError> {
    let told = |row: &Row| {
        let is_own = row.str(4)? == email;
        let address = match is_own {
            true => row.text(3)?,
            false => String::new(),
        };
        Ok(json!({
            "at": at(row, 0)?, "action": row.text(1)?, "subject": row.text(2)?, "address": address,
            "by_the_person": is_own,
        }))
    };
    tx.all(SELECT_AUDIT, &[account.0.into(), email.into()])?
        .iter()
        .map(told)
        .collect()
}

const SELECT_READER: &str = "\
    SELECT address, declined_at FROM mail_readers WHERE account_id = $1 AND address = $2";

/// Whether the person was reminded of payments, and wants no more of it.
pub(super) fn select_reader(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<Option<Value>, StoreError> {
    let row = tx.one(SELECT_READER, &[account.0.into(), email.into()])?;
    let told = |row: Row| {
        let declined = row.opt_int(1)?.map(|ms| wire(from_ms(ms)));
        Ok(json!({ "address": row.text(0)?, "declined": declined }))
    };
    row.map(told).transpose()
}

const DELETE_CODES: &str = "\
    DELETE FROM console_recovery_codes WHERE email = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE users.email = $1)";

const DELETE_SESSIONS: &str = "\
    DELETE FROM console_sessions WHERE email = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE users.email = $1)";

const DELETE_INVITATIONS: &str = "\
    DELETE FROM console_links WHERE email = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE users.email = $1)";

const DELETE_PERSON: &str = "\
    DELETE FROM console_people WHERE email = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE users.email = $1)";

/// Takes out whom no account has as user any more.
pub(super) fn delete_person(tx: &mut Tx<'_>, email: &str) -> Result<(), StoreError> {
    for text in [DELETE_CODES, DELETE_SESSIONS, DELETE_INVITATIONS, DELETE_PERSON] {
        tx.exec(text, &[email.into()])?;
    }
    Ok(())
}

fn at(row: &Row, column: usize) -> Result<String, StoreError> {
    Ok(wire(from_ms(row.int(column)?)))
}
