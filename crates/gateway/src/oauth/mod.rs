//! The authorization server: clients get tokens here, and every call of the data API has its token opened here.
//!
//! Plain OAuth 2.1, so that any client library works unchanged: metadata (RFC 8414), keys (RFC 7517), JWT access tokens
//! (RFC 9068), revocation (RFC 7009), introspection (RFC 7662). One file per operation. A token says in itself what it
//! opens; whether it still does is asked of the database at each use, so that what was revoked ends at once on every
//! node. A refresh token works once: a second use of it revokes all that came of the same consent, also where the first
//! answer was lost on its way, since nobody can tell that from theft.

pub mod access;
pub(crate) mod authorize;
pub mod clients;
pub(crate) mod form;
pub mod keys;
pub mod link_flow;
pub(crate) mod openapi;

mod answer;
mod credentials;
mod family;
mod introspect;
mod issue;
mod metadata;
mod pushed;
mod revoke;
mod sql;
mod token;

use axum::Router;
use axum::middleware::map_response;
use axum::routing::{get, post};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use crate::app::{App, Shared};
use crate::consents::ConsentId;
use crate::http::pages::page_headers;
use crate::keys::sealed::{Lasting, RowKey, SealedColumn};

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(crate) const SEALED: &[SealedColumn] = &[SealedColumn {
    name: "signing_keys.private_sealed",
    count: sql::COUNT_SEALED_SIGNING_KEYS,
    lasting: Some(Lasting {
        select: sql::SELECT_SEALED_SIGNING_KEYS,
        reseal: sql::RESEAL_SIGNING_KEYS,
        start: RowKey::before_texts,
        context: keys::context_of,
    }),
}];

/// The endpoints that programs call.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata::show))
        .route(JWKS, get(keys::show))
        .route(TOKEN, post(token::exchange))
        .route(AUTHORIZE, get(authorize::begin).layer(map_response(page_headers)))
        .route(PUSHED, post(pushed::push))
        .route(REVOKE, post(revoke::revoke))
        .route(INTROSPECT, post(introspect::introspect))
}

/// Deletes what is over: expired codes and tokens, keys whose last token has expired.
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.db
        .append("oauth.forget", move |tx| sql::delete_old(tx, now))
        .await
}

/// A code to be stored.
pub(crate) struct NewCode {
    pub(crate) hash: [u8; 32],
    pub(crate) family: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) expires_at: Timestamp,
}

/// Begins the family of tokens that a client gets for a consent.
pub(crate) fn begin_family(
    tx: &mut Tx<'_>,
    family: &str,
    client: &str,
    consent: &ConsentId,
    scopes: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::insert_family(tx, family, client, &consent.0, scopes, now)
}

/// Stores a code in place of those of its family that nobody used: the browser comes back again after a lost answer.
pub(crate) async fn make_code(app: &App, new: NewCode) -> Result<(), StoreError> {
    app.db
        .write("oauth.make-code", move |tx| {
            sql::delete_unused_codes(tx, &new.family)?;
            sql::insert_code(tx, &new)
        })
        .await
}

/// Revokes all that came of a consent.
pub(crate) fn revoke_consented(
    tx: &mut Tx<'_>,
    consent: &ConsentId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::revoke_consented(tx, &consent.0, now).map(drop)
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
