//! Nothing that was acknowledged may be lost, whichever engine the operator runs. This crate is the one place that
//! knows which engine it is: everybody else hands over a *unit of work*, a closure over [`tx::Tx`], and awaits its
//! answer, which comes only after the rows are durable.
//!
//! - [`db::Db`] opens a database and runs units of work: `write`, `append`, `read`, `point`.
//! - [`queue`] keeps jobs as rows, enqueued in the unit of work that needs them, leased to whoever works on them.
//! - [`copy`] backs a database up, restores it, and carries it from one engine to the other.
//! - `migrations/` is plain numbered SQL, one text for both engines.
//!
//! SQLite has one writer thread that groups the waiting units of work into one durable commit; PostgreSQL has a few
//! threads with a connection each. Both are measured by `examples/units.rs`.

pub mod copy;
pub mod db;
pub mod error;
pub mod location;
pub mod migrate;
pub mod options;
pub mod queue;
pub mod row;
pub mod tx;
pub mod value;

mod postgres;
mod sqlite;
mod thread;
mod unit;
