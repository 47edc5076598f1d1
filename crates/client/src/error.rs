//! What can go wrong with a call, so that a program can decide: mend the request, try later, or look what was done.

use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;

/// Why a call brought no result.
#[derive(Debug, Error)]
pub enum Error {
    /// The client could not be made: a wrong address, a key that is no header.
    #[error("the client can't be used: {0}")]
    Setup(String),
    /// No connection: nothing was sent.
    #[error("the gateway could not be reached")]
    Unreachable(#[source] reqwest::Error),
    /// Sent, but no whole answer came back: it may have been done. A reading, or the same call with the same
    /// `Idempotency-Key`, tells.
    #[error("the request was sent, but its answer did not come")]
    NoAnswer(#[source] reqwest::Error),
    /// The gateway refused it.
    #[error("the gateway refused it: {0}")]
    Refused(#[from] Refusal),
    /// The answer is not the one that this client knows: perhaps another version of the gateway, or not a gateway.
    #[error("the gateway's answer was not understood: {0}")]
    NotUnderstood(String),
    /// The answer is larger than a client takes.
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
}

impl Error {
    /// The refusal, if the gateway refused it.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Error::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The HTTP status of the refusal.
    pub fn status(&self) -> Option<u16> {
        self.refusal().map(|refusal| refusal.status)
    }
}

/// A refusal as the gateway worded it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{status} {message}{}", shown(.fields))]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What happened, in the language that was asked for.
    pub message: String,
    /// Every violation of the request, for 400.
    pub fields: Vec<FieldProblem>,
    /// The request's id, for the operator of the gateway.
    pub request_id: String,
    /// How long to wait before the next try, where the gateway said so.
    pub retry_after: Option<Duration>,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FieldProblem {
    /// The request's field.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

fn shown(fields: &[FieldProblem]) -> String {
    let each = fields
        .iter()
        .map(|problem| format!("; {}: {}", problem.field, problem.message));
    each.collect()
}
