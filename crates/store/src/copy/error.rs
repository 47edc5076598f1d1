//! Why a database was not copied, as an operator must be told. No text quotes a row.

use std::io;

use crate::error::StoreError;

/// Why nothing, or nothing whole, was copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database refused or failed.
    #[error("the database could not be copied")]
    Store(#[from] StoreError),
    /// The file can't be read or written.
    #[error("the file can't be {doing}")]
    File {
        /// read, written, …
        doing: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A line is not what the format says.
    #[error("line {line} of the file {problem}: it is damaged, or was not written by `ayni export`")]
    Line {
        /// Which one, from 1.
        line: u64,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The last line is missing.
    #[error("the file ends in the middle, after line {lines}: it was not written to its end")]
    Partial {
        /// How many lines there are.
        lines: u64,
    },
    /// Not the bytes that were written.
    #[error("the file is not as it was written: its digest differs")]
    Damaged,
    /// What is there is not what was sent.
    #[error("table {table} is not as it was sent: {what} differs")]
    Differs {
        /// Its name.
        table: String,
        /// The number of rows, the sum of a column, the digest.
        what: String,
    },
    /// A table or column that one side lacks, or of a kind that can't be copied.
    #[error("table {table} {problem}")]
    Shape {
        /// Its name.
        table: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Something is there already.
    #[error("{place} is not empty")]
    NotEmpty {
        /// The file, or the database.
        place: String,
    },
    /// Other programs have it open.
    #[error("{place} is in use: a gateway or another program has it open")]
    InUse {
        /// The database.
        place: String,
    },
    /// A backup file of the embedded engine is broken.
    #[error("the copy failed its integrity check: {0}")]
    Integrity(String),
    /// The answer to the last step was lost: everything can be opened now, or nothing is there.
    #[error("whether all was copied is not known, since the last step was not answered ({0})")]
    Unsure(StoreError),
    /// The thread at the other end of the copy stopped.
    #[error("the copying was cut off")]
    CutOff,
}

/// Makes an error of a file's.
pub(crate) fn file(doing: &'static str) -> impl FnOnce(io::Error) -> CopyError {
    move |source| CopyError::File { doing, source }
}
