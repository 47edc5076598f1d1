//! The keys that sign access tokens: one signs, the next one is published before it is needed, and a past one is
//! published for another hour, the life of what it signed last. Tokens of the link flow live as long as their consent and
//! are read by us alone, so past keys stay in the database until those are over. Nothing of a key is kept in memory
//! between requests: a rotation by any process holds at once on every node.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use ayni_crypto::keyring::Keyring;
use ayni_crypto::token::jwk::{Jwk, JwkSet};
use ayni_crypto::token::signing::{BadKey, SigningKey};
use ayni_domain::oauth::{ACCESS_LIFE, CLOCK_SKEW};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::answer::{self, OAuthError};
use super::sql;
use crate::app::{App, Shared};
use crate::keys::sealed::RowKey;

/// What a key does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Signs when the current one is retired.
    Next,
    /// Signs.
    Current,
    /// Signed, and still verifies.
    Past,
}

impl Role {
    /// Its word in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Next => "next",
            Role::Current => "current",
            Role::Past => "past",
        }
    }
}

/// A key's row.
#[derive(Clone)]
pub(super) struct KeyRow {
    pub(super) kid: String,
    pub(super) private_sealed: Vec<u8>,
    pub(super) public: Vec<u8>,
}

/// The public keys (RFC 7517): `GET /oauth/jwks.json`.
pub(super) async fn show(State(app): State<Shared>) -> Result<Response, OAuthError> {
    let mut response = answer::ok(&published(&app).await?);
    // A verifier that meets an unknown key asks again; until then it need not.
    let kept = HeaderValue::from_static("public, max-age=300");
    response.headers_mut().remove(header::PRAGMA);
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    Ok(response)
}

/// The current key, the next one, and those whose last tokens of an hour may be in use.
pub async fn published(app: &App) -> Result<JwkSet, OAuthError> {
    current(app).await?;
    let since = retired_since(app.clock.now());
    let publics = app
        .db
        .read("oauth.jwks", move |tx| sql::select_public_keys(tx, since))
        .await?;
    Ok(JwkSet {
        keys: publics.iter().filter_map(|public| Jwk::of(public)).collect(),
    })
}

/// Retires the current key for the next one, and makes a new next one. Returns the name of the key that signs from now on.
pub async fn rotate(app: &App) -> Result<String, OAuthError> {
    current(app).await?;
    let (fresh, now) = (make(&app.keyring)?, app.clock.now());
    let row = app
        .db
        .write("oauth.rotate-keys", move |tx| {
            sql::retire_current_key(tx, now)?;
            sql::promote_next_key(tx)?;
            sql::insert_signing_key(tx, &fresh, Role::Next, now)?;
            sql::select_current_key(tx)
        })
        .await?;
    row.map(|row| row.kid).ok_or(OAuthError::Key(BadKey))
}

/// The key that signs; on a database without keys makes the first two.
pub(super) async fn current(app: &App) -> Result<SigningKey, OAuthError> {
    let mut found = app.db.point("oauth.signing-key", sql::select_current_key).await?;
    if found.is_none() {
        let (first, second) = (make(&app.keyring)?, make(&app.keyring)?);
        let now = app.clock.now();
        found = app
            .db
            .write("oauth.first-keys", move |tx| {
                create_if_absent(tx, &first, &second, now)
            })
            .await?;
    }
    let row = found.ok_or(BadKey)?;
    let pkcs8 = app.keyring.open(&context(&row.kid), &row.private_sealed)?;
    Ok(SigningKey::open(&pkcs8)?)
}

/// Since when a past key must have been retired to be published still.
fn retired_since(now: Timestamp) -> Timestamp {
    now.saturating_sub(ACCESS_LIFE)
        .and_then(|at| at.saturating_sub(CLOCK_SKEW))
        .unwrap_or(Timestamp::MIN)
}

/// Two processes that start at once agree: the unit of work that finds no key inserts its own.
fn create_if_absent(
    tx: &mut Tx<'_>,
    first: &KeyRow,
    second: &KeyRow,
    now: Timestamp,
) -> Result<Option<KeyRow>, StoreError> {
    if let Some(found) = sql::select_current_key(tx)? {
        return Ok(Some(found));
    }
    sql::insert_signing_key(tx, first, Role::Current, now)?;
    sql::insert_signing_key(tx, second, Role::Next, now)?;
    Ok(Some(first.clone()))
}

fn make(keyring: &Keyring) -> Result<KeyRow, OAuthError> {
    let (key, pkcs8) = SigningKey::generate()?;
    Ok(KeyRow {
        kid: key.kid().to_owned(),
        private_sealed: keyring.seal(&context(key.kid()), &pkcs8)?,
        public: key.public().to_vec(),
    })
}

fn context(kid: &str) -> String {
    format!("signing-key:{kid}")
}

/// What the private key of a row is sealed for.
pub(super) fn context_of(key: &RowKey) -> String {
    context(&key.to_string())
}
