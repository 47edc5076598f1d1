//! What is measured, one file each. Two things that are compared are measured in alternating rounds of one run.

pub mod api;
pub mod browser;
pub mod console;
pub mod data;
pub mod delivery;
pub mod latency;
pub mod postgres;
pub mod process;
pub mod reconciliation;

use std::time::Duration;

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Rounds of each comparison; the median is taken.
    pub rounds: usize,
    /// Time of one side of one round.
    pub time: Duration,
    /// Kept-alive connections of the load.
    pub connections: usize,
    /// Stored payments of the middle and the large database.
    pub stored: [u64; 2],
}
