//! The answers of the endpoints that programs call, in the standards' form. None is ever stored on its way.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ayni_crypto::keyring::KeyringError;
use ayni_crypto::token::signing::BadKey;
use ayni_domain::oauth::error::{Code, Refusal};
use ayni_store::error::StoreError;
use serde::Serialize;
use serde_json::json;
use thiserror::Error;

use crate::merchants::MerchantError;

/// Why a request of a client was not done.
#[derive(Debug, Error)]
pub enum OAuthError {
    /// The standards say so.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A client that authenticated by header, and wrongly: RFC 6749 wants `WWW-Authenticate`.
    #[error("the client's credentials were refused")]
    WrongCredentials,
    /// More requests than permitted.
    #[error("too many requests")]
    TooMany {
        /// Seconds until a request may succeed.
        retry_after_s: u64,
    },
    /// The database.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// A signing key could not be sealed or opened.
    #[error("a signing key could not be sealed or opened")]
    Keyring(#[from] KeyringError),
    /// A signing key is damaged.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// The client's account could not be read.
    #[error("the client's account could not be read")]
    Account(#[from] MerchantError),
    /// A token could not be made.
    #[error("a token could not be made")]
    Token(#[from] ayni_crypto::token::TokenRefused),
}

/// 200 with JSON.
pub(super) fn ok(body: &impl Serialize) -> Response {
    unstored((StatusCode::OK, Json(body)).into_response())
}

/// Marks an answer as one that no cache may keep (RFC 6749, 5.1).
pub(super) fn unstored(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

impl OAuthError {
    /// What the client is told; our own faults are logged here.
    pub(super) fn refusal(&self) -> Refusal {
        match self {
            OAuthError::Refused(refusal) => refusal.clone(),
            OAuthError::WrongCredentials => Refusal::client(),
            OAuthError::TooMany { .. } => Refusal::new(Code::TemporarilyUnavailable, "too many requests"),
            OAuthError::Store(error) if error.is_temporary() => {
                tracing::warn!(error = %error, "an OAuth request could not be served");
                Refusal::new(Code::TemporarilyUnavailable, "not available now, try again")
            }
            other => {
                let error: &dyn std::error::Error = other;
                tracing::error!(error, "an OAuth request failed");
                Refusal::new(Code::ServerError, "an internal fault")
            }
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let refusal = self.refusal();
        let status = match self {
            OAuthError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            _ => {
                StatusCode::from_u16(refusal.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        };
        let body = json!({ "error": refusal.code.as_str(), "error_description": refusal.description });
        let mut response = unstored((status, Json(body)).into_response());
        match self {
            OAuthError::TooMany { retry_after_s } => {
                let seconds = HeaderValue::from(retry_after_s);
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            OAuthError::WrongCredentials => {
                let scheme = HeaderValue::from_static("Basic realm=\"ayni\", charset=\"UTF-8\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
            }
            _ => {}
        }
        response
    }
}
