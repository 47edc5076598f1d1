//! Merchants of an integrator: an account with the privilege makes accounts for others, which collect on its bank
//! accounts until they have their own, and it may take a share of their payments (`integrator_fee`).

pub(crate) mod api;
mod children;
mod create;
mod request;
mod sql;
mod wire;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, post};
use ayni_domain::privilege::Privilege;

use crate::app::Shared;
use crate::http::auth::Caller;
use crate::http::error::ApiError;
use crate::merchants::Account;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// To be put behind authentication.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/v3/receivers", post(api::post))
        .route("/v3/receivers/children", get(api::children))
}

/// A caller that may make receivers; anybody else is answered 403, before the request is looked at.
pub struct Integrator(Caller);

impl Integrator {
    /// The calling account.
    pub fn account(&self) -> &Account {
        self.0.account()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Integrator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Integrator, ApiError> {
        let caller = Caller::from_request_parts(parts, state).await?;
        match caller.account().privileges.has(Privilege::Integrator) {
            true => Ok(Integrator(caller)),
            false => Err(ApiError::Forbidden),
        }
    }
}
