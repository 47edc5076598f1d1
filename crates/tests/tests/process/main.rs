//! Whole processes, killed, stopped, starved and cut off: what was acknowledged is there afterwards.
//!
//! Everything here runs the built program, `ayni dev` and `ayni sandbox demo-bank`, each in a process of its own with a
//! temporary folder and a free port, on the machine's own clock. Tests wait for what must come, with a named deadline.

#![expect(clippy::panic, reason = "in a test, what should not happen ends it")]
#![expect(
    clippy::print_stdout,
    reason = "a test at random tells its seed and what it saw"
)]

mod api;
mod balancer;
mod cluster;
mod full_disk;
mod hang_up;
mod house;
mod kill;
mod ledger;
mod load;
mod operations;
mod payers;
mod postgres_restart;
mod program;
mod refunders;
mod returned;
mod settling;
mod shop;
mod stopping;
mod two_nodes;
mod verdict;
mod wait;
