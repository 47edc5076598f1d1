//! Who is calling: `x-api-key` opens an account, or the request ends here with 401.
//!
//! A handler that takes [`Caller`] can't run without it, and every query of a capability takes the caller's
//! account: tenancy is in the types.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::ApiError;
use super::limits;
use crate::app::Shared;
use crate::merchants::{Account, keys};

/// The account whose key came with the request. Only [`authenticate`] makes one.
#[derive(Clone, Debug)]
pub struct Caller {
    account: Account,
}

impl Caller {
    /// The calling account.
    pub fn account(&self) -> &Account {
        &self.account
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, ApiError> {
        parts
            .extensions
            .get::<Caller>()
            .cloned()
            .ok_or(ApiError::Unauthorized)
    }
}

/// Opens the request with its key, holds it to the key's rate and tells the rate in `RateLimit-*` headers.
pub async fn authenticate(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    let hash = match request.headers().get(X_API_KEY) {
        Some(key) => ayni_crypto::digest::sha256(key.as_bytes()),
        None => return ApiError::Unauthorized.into_response(),
    };
    let account = match keys::open_with(&app, hash).await {
        Ok(Some(account)) => account,
        Ok(None) => return ApiError::Unauthorized.into_response(),
        Err(error) => return ApiError::from(error).into_response(),
    };
    let allowance = app.limits.take(hash);
    let mut response = match allowance.refused() {
        Some(error) => error.into_response(),
        None => {
            request.extensions_mut().insert(Caller { account });
            next.run(request).await
        }
    };
    limits::tell(&mut response, &allowance);
    response
}

const X_API_KEY: &str = "x-api-key";
