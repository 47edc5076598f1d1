//! How a site that we visit is treated and how it does: when it is left alone, how fast visits may follow each other,
//! what the last hour was like. All of it is decided here from instants that the caller brings.

pub mod breaker;
pub mod hour;
pub mod pace;
pub mod refusal;
