//! A bank and a bill portal with web sites of their own, because a gateway is only tried out honestly against sites that
//! it can't look behind.
//!
//! `portal` is the site where people look up their bills: see there. The rest is DemoBank, with customers and balances.
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
mod cookies;
mod csrf;
pub mod portal;
mod randomness;
mod session;
mod site;

#[cfg(test)]
mod tests;
