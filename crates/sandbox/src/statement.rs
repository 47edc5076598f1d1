//! What an account's holder can see of it: balance, movements page by page, newest first, and receipts.

use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_domain::time::from_ms;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::account::{AccountNumber, OPENING_BALANCE};
use crate::customer;
use crate::error::SandboxError;
use crate::sql::{self, MovementRow, OperationRow};

/// Movements on one page.
pub const PAGE_ROWS: i64 = 50;

/// An account and what it holds.
pub struct Balance {
    /// Which account.
    pub account: AccountNumber,
    /// What it holds.
    pub amount: Amount,
    /// How many movements it has.
    pub movements: i64,
}

/// A page of an account's movements.
pub struct Page {
    /// The account as it stands.
    pub balance: Balance,
    /// This page, counted from 1.
    pub number: i64,
    /// The last page.
    pub pages: i64,
    /// Newest first.
    pub movements: Vec<Movement>,
}

/// One line of a statement.
pub struct Movement {
    /// Unique within its account, growing by one.
    pub number: i64,
    /// When it was booked.
    pub at: Timestamp,
    /// What came in, or below zero went out.
    pub amount: Amount,
    /// What the account held afterwards.
    pub balance: Amount,
    /// The other account.
    pub counterpart: AccountNumber,
    /// The other account's holder.
    pub counterpart_name: String,
    /// The transfer.
    pub operation: i64,
    /// What the payer wrote.
    pub comment: String,
}

impl Movement {
    /// What went out and what came in; one of both.
    pub fn sides(&self) -> (Option<Amount>, Option<Amount>) {
        if self.amount < Amount::ZERO {
            (Amount::ZERO.checked_sub(self.amount), None)
        } else {
            (None, Some(self.amount))
        }
    }
}

/// A transfer that was executed, as its receipt shows it.
pub struct Operation {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub origin: AccountNumber,
    /// To where.
    pub destination: AccountNumber,
    /// The destination's name as the payer knows it.
    pub holder: String,
    /// How much.
    pub amount: Amount,
    /// What the payer wrote.
    pub comment: String,
    /// `completed`, or `unconfirmed` where the payer was not told.
    pub state: String,
}

/// The account as it stands; one never used holds its opening balance.
pub fn balance(connection: &Connection, account: AccountNumber) -> Result<Balance, SandboxError> {
    let row = sql::find_account(connection, &account.to_string())?;
    let opening = OPENING_BALANCE.ten_thousandths();
    let (balance, movements) = row.map_or((opening, 0), |row| (row.balance, row.movements));
    Ok(Balance {
        account,
        amount: Amount::from_ten_thousandths(balance),
        movements,
    })
}

/// That page of the account; a page beyond the last has no movements.
pub fn page(connection: &Connection, account: AccountNumber, number: i64) -> Result<Page, SandboxError> {
    let balance = balance(connection, account)?;
    let newest = balance
        .movements
        .saturating_sub(number.saturating_sub(1).saturating_mul(PAGE_ROWS));
    let movements = movements(connection, account, newest, PAGE_ROWS)?;
    let pages = balance.movements.saturating_add(PAGE_ROWS - 1) / PAGE_ROWS;
    Ok(Page {
        balance,
        number,
        pages: pages.max(1),
        movements,
    })
}

/// So many movements from that number downwards, newest first.
pub fn movements(
    connection: &Connection,
    account: AccountNumber,
    newest: i64,
    rows_max: i64,
) -> Result<Vec<Movement>, SandboxError> {
    let rows = sql::list_movements(connection, &account.to_string(), newest, rows_max)?;
    rows.into_iter().map(movement).collect()
}

/// The transfer of that number, if the customer is on either side of it.
pub fn operation(
    connection: &Connection,
    number: i64,
    customer: Rut,
) -> Result<Option<Operation>, SandboxError> {
    let operation = sql::find_operation(connection, number)?
        .map(read_operation)
        .transpose()?;
    Ok(operation.filter(|found| {
        [found.origin, found.destination]
            .iter()
            .any(|side| side.owner() == customer)
    }))
}

/// The transfer of a row.
pub fn read_operation(row: OperationRow) -> Result<Operation, SandboxError> {
    let account = |text: &str| {
        text.parse()
            .map_err(|_| SandboxError::Broken("account of an operation"))
    };
    Ok(Operation {
        number: row.operation,
        at: from_ms(row.at_ms),
        origin: account(&row.origin)?,
        destination: account(&row.destination)?,
        holder: row.holder,
        amount: Amount::from_ten_thousandths(row.amount),
        comment: row.comment,
        state: row.state,
    })
}

fn movement(row: MovementRow) -> Result<Movement, SandboxError> {
    let operation = read_operation(row.operation)?;
    let debit = row.amount < 0;
    let counterpart = if debit {
        operation.destination
    } else {
        operation.origin
    };
    let counterpart_name = if debit {
        operation.holder
    } else {
        customer::name(counterpart.owner())
    };
    Ok(Movement {
        number: row.number,
        at: operation.at,
        amount: Amount::from_ten_thousandths(row.amount),
        balance: Amount::from_ten_thousandths(row.balance),
        counterpart,
        counterpart_name,
        operation: operation.number,
        comment: operation.comment,
    })
}
