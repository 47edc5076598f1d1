//! What can go wrong inside the bank; a refused transfer is no error but an answer.

use thiserror::Error;

/// A failure of the bank itself, never of a customer's request.
#[derive(Debug, Error)]
pub enum BankError {
    /// The bank's file can't be read or written.
    #[error("the bank's file failed")]
    Storage(#[from] rusqlite::Error),
    /// The group of changes this one was in could not be made durable, so it did not happen.
    #[error("the change was not stored: {0}")]
    NotStored(String),
    /// More changes are waiting than [`crate::bank::WRITES_WAITING_MAX`].
    #[error("too many changes are waiting")]
    Overloaded,
    /// The bank is being shut down.
    #[error("the bank is closed")]
    Closed,
    /// The file was written by another version of the bank.
    #[error("the bank's file has version {0}, this program knows version {known}", known = crate::sql::SCHEMA_VERSION)]
    OtherVersion(i64),
    /// A row holds what the bank never writes.
    #[error("a row of the bank's file makes no sense: {0}")]
    Broken(&'static str),
    /// The bank's thread or socket could not be started or failed.
    #[error("the bank could not be run")]
    Io(#[from] std::io::Error),
}
