//! Whole processes, killed, stopped, starved and cut off: what was acknowledged is there afterwards.
//!
//! Everything here runs the built program, `ayni dev` and `ayni sandbox demo-bank`, each in a process of its own with a
//! temporary folder and a free port, on the machine's own clock. Tests wait for what must come, with a named deadline.

mod api;
mod house;
mod kill;
mod ledger;
mod load;
mod payers;
mod program;
mod shop;
mod verdict;
mod wait;
