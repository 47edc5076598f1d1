//! Values and decisions without a single side effect, so that what the gateway decides can be read and tested in one place.
//!
//! Nothing here does I/O, reads a clock or draws randomness: instants and random bytes come in as values, effects go
//! out as values.

pub mod attempt;
pub mod audit;
pub mod calendar;
pub mod clf;
pub mod company;
pub mod contract;
pub mod creation;
pub mod currency;
pub mod custody;
pub mod daily;
pub mod email;
pub mod fee;
pub mod fields;
pub mod idempotency;
pub mod ids;
pub mod lang;
pub mod ledger;
pub mod link;
pub mod matching;
pub mod method;
pub mod money;
pub mod notice;
pub mod oauth;
pub mod operation;
pub mod order;
pub mod payment;
pub mod payment_link;
pub mod payout_account;
pub mod personal;
pub mod predict;
pub mod privilege;
pub mod psp;
mod reading;
pub mod receipt;
pub mod receiver;
pub mod refund;
pub mod reminder;
pub mod role;
pub mod rut;
#[cfg(test)]
mod sampled;
pub mod settlement;
pub mod site;
pub mod time;
pub mod violation;
pub mod writing;
