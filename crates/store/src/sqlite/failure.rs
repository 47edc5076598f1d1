//! SQLite's errors, told apart as callers need them.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::error::StoreError;

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err calls")]
pub(crate) fn failure(error: rusqlite::Error) -> StoreError {
    let message = error.to_string();
    let Some(cause) = error.sqlite_error() else {
        return StoreError::Statement {
            code: "rusqlite".into(),
            problem: message,
        };
    };
    match cause.code {
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            StoreError::Unavailable("it is locked by another process".into())
        }
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase
        | ErrorCode::OutOfMemory => StoreError::Io(message),
        ErrorCode::ConstraintViolation if is_unique(cause.extended_code) => {
            let constraint = message.rsplit("failed: ").next().unwrap_or_default().to_owned();
            StoreError::Conflict { constraint }
        }
        _ => StoreError::Statement {
            code: cause.extended_code.to_string(),
            problem: message,
        },
    }
}

/// Whether a failure is the engine's and so everybody's, not one unit of work's.
pub(crate) fn is_everybodys(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Full | StoreError::Io(_) | StoreError::Unavailable(_)
    )
}

fn is_unique(extended_code: i32) -> bool {
    [
        ffi::SQLITE_CONSTRAINT_UNIQUE,
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
        ffi::SQLITE_CONSTRAINT_ROWID,
    ]
    .contains(&extended_code)
}
