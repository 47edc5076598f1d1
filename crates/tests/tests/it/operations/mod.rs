//! The data side over HTTP: envelopes, operations at once and by callback, links, sites under their limits.

mod answers;
mod callbacks;
mod calls;
mod credentials;
mod erasing;
mod hostile;
mod links;
mod refusals;
mod resilience;
mod seed;
mod table;
