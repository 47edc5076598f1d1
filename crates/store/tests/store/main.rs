//! What the store promises, on both engines.

mod bed;
mod units;
