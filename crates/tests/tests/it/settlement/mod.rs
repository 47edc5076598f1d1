//! Handing merchants their money: when, how much, and once.

mod confirming;
mod files;
pub(crate) mod house;
mod importing;
mod integrators;
mod payouts;
mod races;
mod refunding;
mod releasing;
mod trying;
