//! The bank as a customer's browser meets it, on a clock that we move.

mod browser;
mod login;
mod statements;
mod transfers;
