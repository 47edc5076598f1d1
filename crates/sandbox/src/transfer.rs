//! A transfer between two accounts of the bank: what it must fulfil, and the one place where money moves.

use std::str::FromStr;

use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_domain::time::to_ms;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::account::{AccountNumber, OPENING_BALANCE};
use crate::customer;
use crate::error::SandboxError;
use crate::sql::{self, OperationRow};

/// The only bank that can be paid.
pub const BANK_NAME: &str = "DemoBank";

/// The smallest transfer, in units of its currency.
const AMOUNT_MIN: Amount = Amount::from_units(1);

/// What the customer asks for, as typed; [`check`] makes sure that it can be done.
pub struct Order {
    /// The customer's own account.
    pub origin: AccountNumber,
    /// The bank to pay to.
    pub bank: String,
    /// The account to pay to.
    pub destination: String,
    /// The RUT that the account should belong to; empty if the customer need not know it.
    pub destination_rut: String,
    /// The name that the customer knows its holder by.
    pub holder: String,
    /// How much, in the currency of the origin.
    pub amount: Amount,
    /// Shown on both statements.
    pub comment: String,
}

/// An order that can be done, if there is money for it.
pub struct Transfer {
    /// Where the money comes from.
    pub origin: AccountNumber,
    /// Where it goes to; another account with the same currency.
    pub destination: AccountNumber,
    /// The destination's name as the payer knows it.
    pub holder: String,
    /// How much.
    pub amount: Amount,
    /// Shown on both statements.
    pub comment: String,
}

/// Why a transfer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The bank rejects it, as the coordinates 99 99 99 ask for.
    #[error("El banco rechazó la transferencia.")]
    Rejected,
    /// The coordinates are not those of the card.
    #[error("Las coordenadas no corresponden a tu tarjeta.")]
    WrongCoordinates,
    /// The origin holds less.
    #[error("El saldo de la cuenta de origen no alcanza.")]
    InsufficientFunds,
    /// Another bank than DemoBank.
    #[error("El banco de destino no existe. Desde aquí solo se puede transferir a DemoBank.")]
    UnknownBank,
    /// No account of that number, or not of that RUT.
    #[error("La cuenta de destino no existe o no pertenece al RUT indicado.")]
    UnknownAccount,
    /// Origin and destination are the same.
    #[error("La cuenta de destino es la misma que la de origen.")]
    SameAccount,
    /// The accounts hold different currencies.
    #[error("La cuenta de destino es de otra moneda.")]
    OtherCurrency,
    /// Too small, or with more decimals than the currency has.
    #[error("El monto no es válido para la moneda de la cuenta.")]
    BadAmount,
    /// Its coordinates came too late.
    #[error("La transferencia venció antes de ser confirmada.")]
    Expired,
}

impl Refusal {
    const ALL: [Refusal; 9] = [
        Refusal::Rejected,
        Refusal::WrongCoordinates,
        Refusal::InsufficientFunds,
        Refusal::UnknownBank,
        Refusal::UnknownAccount,
        Refusal::SameAccount,
        Refusal::OtherCurrency,
        Refusal::BadAmount,
        Refusal::Expired,
    ];

    /// The word for it in rows and in the page's `data-reason`.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::Rejected => "rejected",
            Refusal::WrongCoordinates => "wrong-coordinates",
            Refusal::InsufficientFunds => "insufficient-funds",
            Refusal::UnknownBank => "unknown-bank",
            Refusal::UnknownAccount => "unknown-account",
            Refusal::SameAccount => "same-account",
            Refusal::OtherCurrency => "other-currency",
            Refusal::BadAmount => "bad-amount",
            Refusal::Expired => "expired",
        }
    }
}

impl FromStr for Refusal {
    type Err = SandboxError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let found = Refusal::ALL.into_iter().find(|refusal| refusal.code() == code);
        found.ok_or(SandboxError::Broken("reason of a refusal"))
    }
}

/// Everything about an order that does not depend on balances.
pub fn check(order: Order) -> Result<Transfer, Refusal> {
    if !order.bank.trim().eq_ignore_ascii_case(BANK_NAME) {
        return Err(Refusal::UnknownBank);
    }
    let destination: AccountNumber = order.destination.parse().map_err(|_| Refusal::UnknownAccount)?;
    let rut = order.destination_rut.trim();
    if !rut.is_empty() && Rut::parse(rut) != Ok(destination.owner()) {
        return Err(Refusal::UnknownAccount);
    }
    if destination == order.origin {
        return Err(Refusal::SameAccount);
    }
    let currency = order.origin.currency();
    if destination.currency() != currency {
        return Err(Refusal::OtherCurrency);
    }
    let size_fits = (AMOUNT_MIN..=Amount::MAX).contains(&order.amount);
    if !size_fits || order.amount.decimals() > currency.decimals() {
        return Err(Refusal::BadAmount);
    }
    Ok(Transfer {
        origin: order.origin,
        destination,
        holder: order.holder,
        amount: order.amount,
        comment: order.comment,
    })
}

/// Refuses a transfer that the origin has no money for now.
pub fn check_funds(
    connection: &Connection,
    transfer: &Transfer,
) -> Result<Result<(), Refusal>, SandboxError> {
    let row = sql::find_account(connection, &transfer.origin.to_string())?;
    let balance = row.map_or(OPENING_BALANCE.ten_thousandths(), |row| row.balance);
    Ok(if balance < transfer.amount.ten_thousandths() {
        Err(Refusal::InsufficientFunds)
    } else {
        Ok(())
    })
}

/// Whether the payer is shown the receipt of the money that moved.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It is.
    Yes,
    /// The bank gives no clear answer.
    No,
}

impl Told {
    fn state(self) -> &'static str {
        match self {
            Told::Yes => "completed",
            Told::No => "unconfirmed",
        }
    }
}

/// Debits, credits and writes down the operation, all in the caller's transaction; a refusal has changed nothing.
pub fn move_money(
    connection: &Connection,
    transfer: &Transfer,
    told: Told,
    now: Timestamp,
) -> Result<Result<i64, Refusal>, SandboxError> {
    let (origin, destination) = (transfer.origin.to_string(), transfer.destination.to_string());
    let amount = transfer.amount.ten_thousandths();
    sql::open_account(connection, &origin)?;
    sql::open_account(connection, &destination)?;
    let Some(debited) = sql::change_balance(connection, &origin, -amount)? else {
        return Ok(Err(Refusal::InsufficientFunds));
    };
    let credited = sql::change_balance(connection, &destination, amount)?;
    let credited = credited.ok_or(SandboxError::Broken("balance too large"))?;
    let row = OperationRow {
        operation: 0,
        at_ms: to_ms(now),
        origin,
        destination,
        holder: transfer.holder.clone(),
        amount,
        comment: transfer.comment.clone(),
        state: told.state().to_owned(),
    };
    let operation = sql::add_operation(connection, &row)?;
    sql::add_movement(connection, &row.origin, &debited, operation, -amount)?;
    sql::add_movement(connection, &row.destination, &credited, operation, amount)?;
    Ok(Ok(operation))
}

/// The name on an order whose payer gave none: the holder's own.
pub fn holder_or_own_name(holder: &str, destination: &str) -> String {
    match (holder.trim(), destination.parse::<AccountNumber>()) {
        ("", Ok(account)) => customer::name(account.owner()),
        (given, _) => given.to_owned(),
    }
}
