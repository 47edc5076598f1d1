//! Who is calling the data side: an API key or an OAuth token, never both, opens an account and what it may ask for.
//!
//! A handler that takes [`DataCaller`] can't run without it, as with [`super::auth::Caller`] on the payments side.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ayni_connectors::data::declaration::Declaration;
use ayni_domain::oauth::scope::Scopes;
use ayni_domain::operation::problem::{Problem, What};

use super::error::ApiError;
use super::limits;
use crate::app::{App, Shared};
use crate::consents::ConsentId;
use crate::merchants::{Account, ApiKeys, keys};
use crate::oauth::access::{self, TokenRefused};
use crate::requests::tail::By;

/// Whose credential came with the request, and what it opens. Only [`authenticate`] makes one.
#[derive(Clone, Debug)]
pub struct DataCaller {
    account: Account,
    grant: Grant,
}

/// What a credential opens.
#[derive(Clone, Debug)]
pub enum Grant {
    /// An API key: every institution, with the login in the request.
    ApiKey,
    /// A token: the institutions of its scopes and, where a person consented, that person's data.
    Token {
        /// The institutions.
        scopes: Scopes,
        /// The person's consent.
        consent: Option<ConsentId>,
    },
}

impl DataCaller {
    /// The calling account.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// What its credential opens.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// The person whose data the token names.
    pub fn consent(&self) -> Option<&ConsentId> {
        match &self.grant {
            Grant::ApiKey => None,
            Grant::Token { consent, .. } => consent.as_ref(),
        }
    }

    /// Refuses an institution that the token does not cover.
    ///
    /// # Errors
    /// `A001`.
    pub fn authorise(&self, institution: &Declaration) -> Result<(), ApiError> {
        match &self.grant {
            Grant::Token { scopes, .. } if !scopes.has(&institution.scope) => Err(ApiError::Forbidden),
            _ => Ok(()),
        }
    }

    /// Whether it opens some institutions only.
    pub fn is_limited(&self) -> bool {
        matches!(self.grant, Grant::Token { .. })
    }

    /// Whether `AccountCredential` and the `…/token` operations are there for this account.
    pub fn may_send_credentials(&self) -> bool {
        self.account.api_keys == ApiKeys::Accepted
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DataCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<DataCaller, ApiError> {
        parts
            .extensions
            .get::<DataCaller>()
            .cloned()
            .ok_or(ApiError::Unauthorized)
    }
}

/// Opens the request with its credential and holds it to the credential's rate.
pub async fn authenticate(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    let (caller, by) = match open(&app, request.headers()).await {
        Ok(opened) => opened,
        Err(error) => return error.into_response(),
    };
    let rated = match &by {
        By::Key(hash) => *hash,
        By::Client(id) => ayni_crypto::digest::sha256(id.as_bytes()),
    };
    let opened = app.tail.opened(caller.account.id, || by);
    let allowance = app.limits.take(rated).opened(opened);
    let mut response = match allowance.refused() {
        Some(error) => error.into_response(),
        None => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
    };
    limits::tell(&mut response, &allowance);
    response
}

async fn open(app: &App, headers: &HeaderMap) -> Result<(DataCaller, By), ApiError> {
    match (headers.get(X_API_KEY), headers.get(AUTHORIZATION)) {
        (Some(_), Some(_)) => Err(ApiError::Parameters(vec![Problem::new(
            X_API_KEY.as_str(),
            What::BesideAuthorization,
        )])),
        (Some(key), None) => {
            let hash = ayni_crypto::digest::sha256(key.as_bytes());
            let account = keys::open_with(app, hash).await?;
            let account = account.filter(|account| account.api_keys == ApiKeys::Accepted);
            let account = account.ok_or(ApiError::Unauthorized)?;
            if account.is_disabled() {
                return Err(ApiError::AccountDisabled);
            }
            let caller = DataCaller {
                account,
                grant: Grant::ApiKey,
            };
            Ok((caller, By::Key(hash)))
        }
        (None, Some(said)) => {
            let bearer = said
                .to_str()
                .ok()
                .and_then(bearer)
                .ok_or(ApiError::Unauthorized)?;
            let opened = access::open_token(app, bearer).await.map_err(refused)?;
            let caller = DataCaller {
                account: opened.account,
                grant: Grant::Token {
                    scopes: opened.scopes,
                    consent: opened.consent,
                },
            };
            Ok((caller, By::Client(opened.client_id)))
        }
        (None, None) => Err(ApiError::Unauthorized),
    }
}

/// The token of `Bearer <token>` (RFC 6750, 2.1); the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn refused(error: TokenRefused) -> ApiError {
    match error {
        TokenRefused::Store(error) => error.into(),
        TokenRefused::Forged | TokenRefused::Elsewhere | TokenRefused::Expired | TokenRefused::Revoked => {
            ApiError::Unauthorized
        }
    }
}

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
