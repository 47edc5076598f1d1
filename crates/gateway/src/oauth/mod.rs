//! The authorization server: clients get tokens here, and every call of the data API has its token opened here.
//!
//! Plain OAuth 2.1, so that any client library works unchanged: metadata (RFC 8414), keys (RFC 7517), JWT access tokens
//! (RFC 9068), revocation (RFC 7009), introspection (RFC 7662). One file per operation. A token says in itself what it
//! opens; whether it still does is asked of the database at each use, so that what was revoked ends at once on every
//! node. A refresh token works once: a second use of it revokes all that came of the same consent, also where the first
//! answer was lost on its way, since nobody can tell that from theft.

pub mod access;
pub mod clients;
pub mod keys;

mod answer;
mod credentials;
mod form;
mod issue;
mod metadata;
mod sql;
mod token;

use axum::Router;
use axum::routing::{get, post};

use crate::app::{App, Shared};

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// The endpoints that programs call.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata::show))
        .route(JWKS, get(keys::show))
        .route(TOKEN, post(token::exchange))
}

/// Deletes what is over: expired codes and tokens, keys whose last token has expired.
pub(crate) async fn forget_old(app: &App) -> Result<(), ayni_store::error::StoreError> {
    let now = app.clock.now();
    app.db
        .append("oauth.forget", move |tx| sql::delete_old(tx, now))
        .await
}

/// Who makes the tokens: the public address without a slash at its end.
pub(crate) fn issuer(app: &App) -> String {
    app.settings.link("")
}

const JWKS: &str = "/oauth/jwks.json";
const TOKEN: &str = "/oauth/token";
const AUTHORIZE: &str = "/oauth/authorize";
const PUSHED: &str = "/oauth/par";
const REVOKE: &str = "/oauth/revoke";
const INTROSPECT: &str = "/oauth/introspect";
