//! PostgreSQL's errors, told apart as callers need them. Its own messages and details may quote values of rows, so
//! only codes and names go on, and messages where they speak of the statement's text alone.

use postgres::Error;
use postgres::error::{DbError, SqlState};

use crate::error::StoreError;

pub(crate) fn failure(error: &Error) -> StoreError {
    match error.as_db_error() {
        Some(told) => told_failure(told),
        // Not the server's word: the connection, or a parameter that doesn't fit its column.
        None => match std::error::Error::source(error) {
            Some(cause) if !error.is_closed() && !cause.is::<std::io::Error>() && is_of_a_value(error) => {
                StoreError::Statement {
                    code: "value".into(),
                    problem: cause.to_string(),
                }
            }
            Some(cause) => StoreError::Unavailable(format!("{error}: {cause}")),
            None => StoreError::Unavailable(error.to_string()),
        },
    }
}

fn told_failure(told: &DbError) -> StoreError {
    let code = told.code();
    let class = code.code().get(..2).unwrap_or_default();
    match class {
        _ if *code == SqlState::UNIQUE_VIOLATION => StoreError::Conflict {
            constraint: told.constraint().unwrap_or_default().to_owned(),
        },
        _ if *code == SqlState::DISK_FULL => StoreError::Full,
        // Serialization failures and deadlocks, and a lock that did not come in time.
        "40" => StoreError::Contention { tries: 1 },
        _ if *code == SqlState::LOCK_NOT_AVAILABLE => StoreError::Contention { tries: 1 },
        _ if *code == SqlState::QUERY_CANCELED => statement(told, "it took too long"),
        // The server is starting, stopping, full, or has given the connection up.
        "08" | "53" | "57" => StoreError::Unavailable(told.message().to_owned()),
        _ if *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => {
            StoreError::Unavailable("the transaction was idle for too long".into())
        }
        "28" | "3D" => StoreError::Unavailable(told.message().to_owned()),
        "58" | "XX" => StoreError::Io(told.message().to_owned()),
        "42" | "0A" | "25" => statement(told, told.message()),
        _ => statement(told, told.constraint().unwrap_or("refused")),
    }
}

fn statement(told: &DbError, problem: &str) -> StoreError {
    StoreError::Statement {
        code: told.code().code().to_owned(),
        problem: problem.to_owned(),
    }
}

/// The driver has no kind to ask for, only its words.
fn is_of_a_value(error: &Error) -> bool {
    let words = error.to_string();
    words.contains("serializing parameter") || words.contains("deserializing column")
}
