//! All SQL of the bank.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::account::OPENING_BALANCE;
use crate::error::SandboxError;

/// Written into the file, so that another version of the program does not misread it.
pub const SCHEMA_VERSION: i64 = 1;

/// All tables.
pub const SCHEMA: &str = include_str!("schema.sql");

/// An account's row.
pub struct AccountRow {
    /// What it holds, in ten-thousandths.
    pub balance: i64,
    /// How many movements it has; they are numbered from 1 to this.
    pub movements: i64,
}

/// A transfer that was executed.
pub struct OperationRow {
    pub operation: i64,
    pub at_ms: i64,
    pub origin: String,
    pub destination: String,
    pub holder: String,
    pub amount: i64,
    pub comment: String,
    pub state: String,
}

/// One line of an account's statement with its transfer.
pub struct MovementRow {
    pub number: i64,
    pub amount: i64,
    pub balance: i64,
    pub operation: OperationRow,
}

/// A transfer that waits for its coordinates, or how it ended.
pub struct DraftRow {
    pub draft: String,
    pub created_at_ms: i64,
    pub origin: String,
    pub destination: String,
    pub holder: String,
    pub amount: i64,
    pub comment: String,
    pub positions: String,
    pub state: String,
    pub operation: Option<i64>,
}

const OPEN_ACCOUNT: &str =
    "INSERT INTO accounts (number, balance, movements) VALUES (?1, ?2, 0) ON CONFLICT DO NOTHING";

/// Opens the account with its opening balance, unless it is there.
pub fn open_account(connection: &Connection, number: &str) -> Result<(), SandboxError> {
    let opening = OPENING_BALANCE.ten_thousandths();
    connection
        .prepare_cached(OPEN_ACCOUNT)?
        .execute(params![number, opening])?;
    Ok(())
}

const FIND_ACCOUNT: &str = "SELECT balance, movements FROM accounts WHERE number = ?1";

/// The account as it stands, if it was ever used.
pub fn find_account(connection: &Connection, number: &str) -> Result<Option<AccountRow>, SandboxError> {
    let mut statement = connection.prepare_cached(FIND_ACCOUNT)?;
    Ok(statement.query_row(params![number], account).optional()?)
}

const CHANGE_BALANCE: &str = "UPDATE accounts SET balance = balance + ?2, movements = movements + 1
    WHERE number = ?1 AND balance BETWEEN ?3 AND ?4 RETURNING balance, movements";

/// Adds to the balance, below zero for a debit; `None` if it would become negative or too large to count.
pub fn change_balance(
    connection: &Connection,
    number: &str,
    amount: i64,
) -> Result<Option<AccountRow>, SandboxError> {
    let least = amount.checked_neg().filter(|least| *least > 0).unwrap_or(0);
    let most = i64::MAX - amount.max(0);
    let mut statement = connection.prepare_cached(CHANGE_BALANCE)?;
    Ok(statement
        .query_row(params![number, amount, least, most], account)
        .optional()?)
}

fn account(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow {
        balance: row.get(0)?,
        movements: row.get(1)?,
    })
}

const ADD_OPERATION: &str = "INSERT INTO operations (operation, at, origin, destination, holder, amount, comment, state)
    VALUES ((SELECT coalesce(max(operation), ?1) + 1 FROM operations), ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING operation";

/// Operation numbers begin after this one: ten digits, as a bank's have, and unlike a payment's id.
const OPERATIONS_BEGIN: i64 = 1_000_000_000;

/// Writes down a transfer whose money moves, and numbers it; `operation` of the row given does not count.
pub fn add_operation(connection: &Connection, row: &OperationRow) -> Result<i64, SandboxError> {
    let values = params![
        OPERATIONS_BEGIN,
        row.at_ms,
        row.origin,
        row.destination,
        row.holder,
        row.amount,
        row.comment,
        row.state
    ];
    Ok(connection
        .prepare_cached(ADD_OPERATION)?
        .query_row(values, |row| row.get(0))?)
}

const ADD_MOVEMENT: &str =
    "INSERT INTO movements (account, number, operation, amount, balance) VALUES (?1, ?2, ?3, ?4, ?5)";

/// Adds a line to an account's statement, with the account as it is after it.
pub fn add_movement(
    connection: &Connection,
    account: &str,
    after: &AccountRow,
    operation: i64,
    amount: i64,
) -> Result<(), SandboxError> {
    let values = params![account, after.movements, operation, amount, after.balance];
    connection.prepare_cached(ADD_MOVEMENT)?.execute(values)?;
    Ok(())
}

const LIST_MOVEMENTS: &str = "SELECT m.number, m.amount, m.balance,
      o.operation, o.at, o.origin, o.destination, o.holder, o.amount, o.comment, o.state
    FROM movements m JOIN operations o ON o.operation = m.operation
    WHERE m.account = ?1 AND m.number <= ?2 ORDER BY m.number DESC LIMIT ?3";

/// The movements from that number downwards, newest first.
pub fn list_movements(
    connection: &Connection,
    account: &str,
    from_number: i64,
    rows_max: i64,
) -> Result<Vec<MovementRow>, SandboxError> {
    let mut statement = connection.prepare_cached(LIST_MOVEMENTS)?;
    let rows = statement.query_map(params![account, from_number, rows_max], |row| {
        Ok(MovementRow {
            number: row.get(0)?,
            amount: row.get(1)?,
            balance: row.get(2)?,
            operation: operation(row, 3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const FIND_OPERATION: &str = "SELECT operation, at, origin, destination, holder, amount, comment, state
    FROM operations WHERE operation = ?1";

/// One executed transfer.
pub fn find_operation(connection: &Connection, number: i64) -> Result<Option<OperationRow>, SandboxError> {
    let mut statement = connection.prepare_cached(FIND_OPERATION)?;
    Ok(statement
        .query_row(params![number], |row| operation(row, 0))
        .optional()?)
}

const LIST_OPERATIONS: &str = "SELECT operation, at, origin, destination, holder, amount, comment, state
    FROM operations ORDER BY operation";

/// Every executed transfer, oldest first.
pub fn list_operations(connection: &Connection) -> Result<Vec<OperationRow>, SandboxError> {
    let mut statement = connection.prepare(LIST_OPERATIONS)?;
    let rows = statement.query_map([], |row| operation(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn operation(row: &Row<'_>, first: usize) -> rusqlite::Result<OperationRow> {
    Ok(OperationRow {
        operation: row.get(first)?,
        at_ms: row.get(first + 1)?,
        origin: row.get(first + 2)?,
        destination: row.get(first + 3)?,
        holder: row.get(first + 4)?,
        amount: row.get(first + 5)?,
        comment: row.get(first + 6)?,
        state: row.get(first + 7)?,
    })
}

const ADD_DRAFT: &str = "INSERT INTO drafts
    (draft, created_at, origin, destination, holder, amount, comment, positions, state, operation)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)";

/// Keeps a transfer until its coordinates come.
pub fn add_draft(connection: &Connection, row: &DraftRow) -> Result<(), SandboxError> {
    let values = params![
        row.draft,
        row.created_at_ms,
        row.origin,
        row.destination,
        row.holder,
        row.amount,
        row.comment,
        row.positions,
        row.state
    ];
    connection.prepare_cached(ADD_DRAFT)?.execute(values)?;
    Ok(())
}

const FORGET_DRAFTS: &str = "DELETE FROM drafts WHERE draft IN
    (SELECT draft FROM drafts WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)";

/// Removes some of the drafts that were begun before that instant.
pub fn forget_drafts(connection: &Connection, before_ms: i64, rows_max: i64) -> Result<(), SandboxError> {
    connection
        .prepare_cached(FORGET_DRAFTS)?
        .execute(params![before_ms, rows_max])?;
    Ok(())
}

const FIND_DRAFT: &str =
    "SELECT draft, created_at, origin, destination, holder, amount, comment, positions, state,
    operation FROM drafts WHERE draft = ?1";

/// The draft of that id.
pub fn find_draft(connection: &Connection, id: &str) -> Result<Option<DraftRow>, SandboxError> {
    let mut statement = connection.prepare_cached(FIND_DRAFT)?;
    let row = statement.query_row(params![id], |row| {
        Ok(DraftRow {
            draft: row.get(0)?,
            created_at_ms: row.get(1)?,
            origin: row.get(2)?,
            destination: row.get(3)?,
            holder: row.get(4)?,
            amount: row.get(5)?,
            comment: row.get(6)?,
            positions: row.get(7)?,
            state: row.get(8)?,
            operation: row.get(9)?,
        })
    });
    Ok(row.optional()?)
}

const CLOSE_DRAFT: &str = "UPDATE drafts SET state = ?2, operation = ?3 WHERE draft = ?1 AND state = 'open'";

/// Ends an open draft; false if it was not open.
pub fn close_draft(
    connection: &Connection,
    id: &str,
    state: &str,
    operation: Option<i64>,
) -> Result<bool, SandboxError> {
    let changed = connection
        .prepare_cached(CLOSE_DRAFT)?
        .execute(params![id, state, operation])?;
    Ok(changed == 1)
}
