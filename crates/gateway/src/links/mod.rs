//! Account links: a person's login at one institution as a sealed text for its holder. Here is only what was issued to
//! whom. The text itself lies, sealed, in the operation that answered it for a day, as every answer does; after that
//! nobody, we included, can log in without the holder.
//!
//! A link is base64 of what the keyring seals: the key's number in clear, then the authenticated encryption of login,
//! issue, expiry and id, bound to the account and the institution. So it survives the rotation of data keys, and is of no
//! use to another account.

mod api;
pub mod commands;
mod sql;
mod token;

use axum::Router;
use axum::routing::{delete, get};
use ayni_connectors::data::login::Login;
use ayni_crypto::keyring::KeyringError;
use ayni_domain::ids::AccountId;
use ayni_domain::link::Link;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::app::{App, Shared};

pub(crate) use token::post as post_token;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What an account does with its links; to be put behind the data side's authentication.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/v1/links", get(api::list))
        .route("/v1/links/{id}", delete(api::revoke))
}

/// A link's text, with what is known of it.
pub struct Issued {
    /// What is known of it, to be stored.
    pub link: Link,
    /// The text that its holder gets, and nobody else.
    pub text: Zeroizing<String>,
}

/// A link that was opened.
pub struct OpenedLink {
    /// Its id.
    pub id: Uuid,
    /// Whom it logs in.
    pub login: Login,
}

/// Why no link was issued.
#[derive(Debug, Error)]
pub enum NotIssued {
    /// The keyring could not seal it.
    #[error("a link could not be sealed")]
    Keyring(#[from] KeyringError),
    /// The login could not be written.
    #[error("a link's login could not be written")]
    Login(#[from] serde_json::Error),
}

#[derive(Serialize)]
struct Content<'a> {
    id: &'a str,
    login: &'a Login,
    issued_ms: i64,
    expires_ms: i64,
}

#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
struct OwnedContent {
    id: String,
    login: Login,
}

/// Makes a link; [`store`] it before its text is told.
pub fn issue(app: &App, account: AccountId, institution: &str, login: &Login) -> Result<Issued, NotIssued> {
    let link = Link::issue(app.entropy.uuid(), account, institution, app.clock.now());
    let content = Content {
        id: &link.id.to_string(),
        login,
        issued_ms: link.issued_at.as_millisecond(),
        expires_ms: link.expires_at.as_millisecond(),
    };
    let plain = Zeroizing::new(serde_json::to_vec(&content)?);
    let sealed = app.keyring.seal(&context(account, institution), &plain)?;
    Ok(Issued {
        text: Zeroizing::new(BASE64.encode(sealed)),
        link,
    })
}

/// Writes what is known of a new link.
pub fn store(tx: &mut Tx<'_>, link: &Link) -> Result<(), StoreError> {
    sql::insert_link(tx, link)
}

/// Opens a link for its account at its institution; nothing where it is no such link, has expired or was revoked.
pub async fn open(
    app: &App,
    account: AccountId,
    institution: &str,
    text: &str,
) -> Result<Option<OpenedLink>, StoreError> {
    let Some(opened) = unseal(app, account, institution, text) else {
        return Ok(None);
    };
    let is_live = is_live(app, account, institution, opened.id).await?;
    Ok(is_live.then_some(opened))
}

/// Whether the link may be used now.
pub async fn is_live(app: &App, account: AccountId, institution: &str, id: Uuid) -> Result<bool, StoreError> {
    let found = app
        .db
        .point("links.find", move |tx| sql::select_link(tx, account, id))
        .await?;
    let now = app.clock.now();
    Ok(found.is_some_and(|link| link.serves(account, institution, now)))
}

/// Notes that a link was used, to the minute, in the unit of work of what it was used for.
pub fn note_use(tx: &mut Tx<'_>, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
    let noted_before = now.saturating_sub(USE_STEP).unwrap_or(now);
    sql::update_last_use(tx, id, now, noted_before)
}

/// When the last account link ends that was issued by an instant and is valid now: its holder has it, and only the data key
/// of then opens it.
pub(crate) fn last_expiry(
    tx: &mut Tx<'_>,
    issued_by: Timestamp,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    sql::select_last_expiry(tx, issued_by, now)
}

fn unseal(app: &App, account: AccountId, institution: &str, text: &str) -> Option<OpenedLink> {
    let sealed = BASE64.decode(text).ok()?;
    let plain = app.keyring.open(&context(account, institution), &sealed).ok()?;
    let content: OwnedContent = serde_json::from_slice(&plain).ok()?;
    Some(OpenedLink {
        id: content.id.parse().ok()?,
        login: content.login.clone(),
    })
}

fn context(account: AccountId, institution: &str) -> String {
    format!("account-link:{}:{institution}", account.0)
}

/// How exact `last_used_at` is.
const USE_STEP: SignedDuration = SignedDuration::from_mins(1);
