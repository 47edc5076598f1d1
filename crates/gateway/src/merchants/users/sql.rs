//! All SQL of users.

use ayni_domain::ids::AccountId;
use ayni_domain::role::Role;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{Membership, User};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    UPSERT_USER,
    SELECT_ROLE,
    SELECT_MEMBERSHIPS,
    SELECT_USERS,
    COUNT_OWNERS,
    DELETE_USER,
];

pub(super) const UPSERT_USER: &str = "\
    INSERT INTO users (account_id, email, role, created_at) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (account_id, email) DO UPDATE SET role = excluded.role";

pub(super) fn upsert_user(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
    role: Role,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        UPSERT_USER,
        &[
            account.0.into(),
            email.into(),
            role.as_str().into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_ROLE: &str = "SELECT role FROM users WHERE account_id = $1 AND email = $2";

pub(super) fn select_role(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<Option<Role>, StoreError> {
    tx.one(SELECT_ROLE, &[account.0.into(), email.into()])?
        .map(|row| role(&row, 0))
        .transpose()
}

pub(super) const SELECT_MEMBERSHIPS: &str = "\
    SELECT a.id, a.name, a.mode, u.role, a.disabled_at FROM users u JOIN accounts a ON a.id = u.account_id \
    WHERE u.email = $1 ORDER BY u.created_at, a.id LIMIT 100";

pub(super) fn select_memberships(tx: &mut Tx<'_>, email: &str) -> Result<Vec<Membership>, StoreError> {
    let read = |row: &Row| {
        Ok(Membership {
            account: AccountId(row.int(0)?),
            name: row.text(1)?,
            mode: row.str(2)?.parse().map_err(|_| StoreError::Column {
                column: 2,
                problem: "is no mode",
            })?,
            role: role(row, 3)?,
            is_disabled: row.opt_int(4)?.is_some(),
        })
    };
    tx.all(SELECT_MEMBERSHIPS, &[email.into()])?
        .iter()
        .map(read)
        .collect()
}

pub(super) const SELECT_USERS: &str =
    "SELECT email, role, created_at FROM users WHERE account_id = $1 ORDER BY created_at, email";

pub(super) fn select_users(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<User>, StoreError> {
    let read = |row: &Row| {
        Ok(User {
            email: row.text(0)?,
            role: role(row, 1)?,
            created_at: time::from_ms(row.int(2)?),
        })
    };
    tx.all(SELECT_USERS, &[account.0.into()])?
        .iter()
        .map(read)
        .collect()
}

pub(super) const COUNT_OWNERS: &str = "SELECT COUNT(*) FROM users WHERE account_id = $1 AND role = 'owner'";

pub(super) fn count_owners(tx: &mut Tx<'_>, account: AccountId) -> Result<i64, StoreError> {
    tx.one(COUNT_OWNERS, &[account.0.into()])?
        .map_or(Ok(0), |row| row.int(0))
}

pub(super) const DELETE_USER: &str = "DELETE FROM users WHERE account_id = $1 AND email = $2";

pub(super) fn delete_user(tx: &mut Tx<'_>, account: AccountId, email: &str) -> Result<u64, StoreError> {
    tx.exec(DELETE_USER, &[account.0.into(), email.into()])
}

fn role(row: &Row, column: usize) -> Result<Role, StoreError> {
    row.str(column)?.parse().map_err(|_| StoreError::Column {
        column,
        problem: "is no role",
    })
}
