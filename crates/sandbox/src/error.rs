//! What can go wrong inside the sandbox's sites; a refused transfer is no error but an answer.

use thiserror::Error;

/// A failure of a site itself, never of a visitor's request.
#[derive(Debug, Error)]
pub enum SandboxError {
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
    /// The portal's list of companies is not as the program expects it.
    #[error("the portal's list of companies can't be read")]
    Billers(#[from] serde_json::Error),
    /// A site's thread or socket could not be started or failed.
    #[error("the site could not be run")]
    Io(#[from] std::io::Error),
}
