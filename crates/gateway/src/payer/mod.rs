//! The payer's side: the pages on which a payment is looked at and paid, and the attempts behind them.
//!
//! An attempt belongs to the browser that began it. The bank's questions are passed on step by step, sealed between
//! steps; the request that moves money is sent at most once ([`authorise`]). A payment is never done because of what
//! happens here: only the collecting account's statement says so, and reconciliation asks [`settle`] then.

pub mod attempt;
pub mod settle;
mod sql;
