//! DemoBank: a bank with customers, balances and a web site, because a payment gateway is only tried out honestly
//! against a site that it can't look behind.
//!
//! Any valid RUT is a customer with the password `1234` and one account in each currency. What a transfer does is
//! chosen by the coordinates typed on the matrix card: see `card.rs`. All of the bank's state lies in one SQLite file
//! of its own; a transfer is one transaction in it, so a bank killed at any moment neither makes nor loses money.

pub mod account;
mod card;
mod customer;
pub mod error;

pub mod book;
mod draft;
mod sql;
mod statement;
mod storage;
pub mod transfer;
mod writer;

pub mod bank;
mod randomness;
mod site;

#[cfg(test)]
mod tests;
