//! A database can be kept, moved and grown: everything that is in it, read in one snapshot, as a file that either engine
//! takes in.
//!
//! - [`export()`](export::export) writes one, [`import()`](import::import) fills an empty place from one, on either engine, and compares every table
//!   afterwards with what was written. Both take a row at a time: memory does not grow with the database.
//! - [`backup`] keeps a database while it is written to, and restores it: that makes one again, in an empty place.
//! - [`relocate()`](relocate::relocate) carries a database to another place, of either engine, and closes the old one.
//!
//! Which tables there are, and their columns, is asked of the schema itself. What is written is described in
//! `docs/portable-format.md`. The master key is never in a database, and so in none of these files.
//!
//! All of these block: call them on a thread that may.

pub mod backup;
pub mod error;
pub mod export;
pub mod import;
pub mod relocate;

mod draft;
mod place;
mod portable;
pub(crate) mod shape;
mod snapshot;
mod tally;

/// How far a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// Rows so far.
    pub rows: u64,
    /// Rows in all; 0 where that is not known.
    pub of: u64,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Rows are carried over.
    Copying,
    /// What was written is read again and compared.
    Comparing,
}

/// A table that was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// An order-independent digest of its rows, in hexadecimal digits.
    pub digest: String,
}

/// What was copied: the same on both sides, or there is an error instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The schema's version.
    pub schema: i64,
    /// When the snapshot was taken, Unix milliseconds.
    pub taken_at_ms: i64,
    /// Every table, by name.
    pub tables: Vec<CopiedTable>,
}

impl Copied {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}
