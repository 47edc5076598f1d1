//! The data side over HTTP: envelopes, operations at once and by callback, links, sites under their limits.

mod answers;
mod callbacks;
pub mod calls;
mod credentials;
mod erasing;
mod hostile;
mod links;
mod refusals;
mod resilience;
mod seed;
mod table;
