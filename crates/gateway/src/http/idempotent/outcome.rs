//! How a request that may be sent again ends: with its own answer, or with the one that another of the same key got.

use axum::response::{IntoResponse as _, Response};
use ayni_store::error::StoreError;
use bytes::Bytes;
use thiserror::Error;

use super::{Claim, NotKept};
use crate::http::error::ApiError;
use crate::http::json::Answer;

/// Why a request got no answer of its own; it had no effect.
#[derive(Debug, Error)]
pub enum NotAnswered {
    /// It is answered with this.
    #[error(transparent)]
    Refused(#[from] ApiError),
    /// Another request with this `Idempotency-Key` was answered meanwhile, on another node.
    #[error("another request with this Idempotency-Key came first")]
    KeyTaken,
}

/// What a request is answered: what came of it, or, where its key was taken meanwhile, what that one was answered.
pub async fn answer(
    claim: Option<&Claim<'_>>,
    done: Result<Bytes, NotAnswered>,
) -> Result<Response, ApiError> {
    match (done, claim) {
        (Ok(answer), _) => Ok(Answer(answer).into_response()),
        (Err(NotAnswered::KeyTaken), Some(claim)) => claim.replay().await?.ok_or(ApiError::StillRunning),
        (Err(error), _) => Err(error.into()),
    }
}

impl From<NotAnswered> for ApiError {
    fn from(error: NotAnswered) -> ApiError {
        match error {
            NotAnswered::Refused(error) => error,
            NotAnswered::KeyTaken => ApiError::StillRunning,
        }
    }
}

impl From<StoreError> for NotAnswered {
    fn from(error: StoreError) -> NotAnswered {
        NotAnswered::Refused(error.into())
    }
}

impl From<NotKept> for NotAnswered {
    fn from(error: NotKept) -> NotAnswered {
        match error {
            NotKept::Taken => NotAnswered::KeyTaken,
            NotKept::Unsealed(error) => error.into(),
            NotKept::Store(error) => error.into(),
        }
    }
}
