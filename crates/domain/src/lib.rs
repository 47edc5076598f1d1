//! Values and decisions without a single side effect, so that what the gateway decides can be read and tested in one place.
//!
//! Nothing here does I/O, reads a clock or draws randomness: instants and random bytes come in as values, effects go
//! out as values.

pub mod currency;
pub mod ids;
pub mod lang;
pub mod money;
pub mod privilege;
pub mod rut;
pub mod time;
