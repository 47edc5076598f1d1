//! Clients: programs of an account that ask for tokens. A secret is told once; only its SHA-256 is kept.

use ayni_crypto::digest::{hex, sha256};
use ayni_domain::ids::AccountId;
use ayni_domain::oauth::redirect::{NotRegistrable, REDIRECT_URIS_MAX, check_registrable};
use ayni_domain::oauth::scope::Scopes;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;
use zeroize::Zeroizing;

use super::sql;
use crate::app::App;
use crate::merchants::{MerchantError, accounts};

/// A client as its row says.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its UUID, the `client_id` of the wire.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// Shown to people at consent.
    pub name: String,
    /// SHA-256 of its secret; a public client has none.
    pub secret_hash: Option<[u8; 32]>,
    /// Where authorizations may be answered to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is refused.
    pub expired_at: Option<Timestamp>,
}

impl Client {
    /// Whether it has no secret.
    pub fn is_public(&self) -> bool {
        self.secret_hash.is_none()
    }

    /// Whether it was not expired.
    pub fn is_live(&self) -> bool {
        self.expired_at.is_none()
    }
}

/// What is said of a client that is made.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Whose it is.
    pub account: AccountId,
    /// Shown to people at consent.
    pub name: String,
    /// A program on people's own machines, which can keep no secret.
    pub is_public: bool,
    /// Where authorizations may be answered to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for; empty: every institution there is.
    pub scopes: Scopes,
}

/// Why a client was not made or ended.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The database.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// The account.
    #[error(transparent)]
    Account(#[from] MerchantError),
    /// The name is empty or too long.
    #[error("a client's name has 1 to {NAME_LENGTH_MAX} characters")]
    Name,
    /// An address can't be registered.
    #[error("{uri} can't be registered: {why}")]
    Redirect {
        /// Which.
        uri: String,
        /// What is wrong with it.
        why: NotRegistrable,
    },
    /// Too many addresses.
    #[error("a client has at most {REDIRECT_URIS_MAX} redirect URIs")]
    TooManyRedirects,
    /// A public client without an address could do nothing.
    #[error("a public client needs a redirect URI: it can act for people only")]
    NoRedirect,
    /// No institution has this scope.
    #[error("there is no scope {0}: `ayni sites list` shows the institutions")]
    Scope(String),
    /// There is no such live client.
    #[error("account {account} has no live client {id}: `ayni client list` shows them")]
    NoClient {
        /// Whose.
        account: AccountId,
        /// Which.
        id: String,
    },
}

/// Makes a client; gives its secret, which is not kept and can't be shown again.
pub async fn create(app: &App, new: NewClient) -> Result<(Client, Option<Zeroizing<String>>), ClientError> {
    accounts::find(&app.db, new.account).await?;
    let (client, secret) = prepare(app, new)?;
    let row = client.clone();
    app.db
        .append("oauth.create-client", move |tx| insert(tx, &row))
        .await?;
    Ok((client, secret))
}

/// Checks what is said of a new client, and draws its id and secret.
///
/// # Errors
/// What is wrong with it, the first that is.
pub(crate) fn prepare(app: &App, new: NewClient) -> Result<(Client, Option<Zeroizing<String>>), ClientError> {
    check(app, &new)?;
    let secret = (!new.is_public).then(|| draw_secret(app));
    let client = Client {
        id: app.entropy.uuid().to_string(),
        account: new.account,
        name: new.name,
        secret_hash: secret.as_ref().map(|secret| sha256(secret.as_bytes())),
        redirect_uris: new.redirect_uris,
        scopes: match new.scopes.is_empty() {
            true => known_scopes(app),
            false => new.scopes,
        },
        created_at: app.clock.now(),
        expired_at: None,
    };
    Ok((client, secret))
}

/// Writes a prepared client, in the caller's unit of work.
pub(crate) fn insert(tx: &mut Tx<'_>, client: &Client) -> Result<(), StoreError> {
    sql::insert_client(tx, client)
}

/// A secret for a client: 64 hexadecimal characters.
pub(crate) fn draw_secret(app: &App) -> Zeroizing<String> {
    Zeroizing::new(hex(&app.entropy.bytes::<32>()))
}

/// An account's clients, oldest first, expired ones included.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Client>, StoreError> {
    db.read("oauth.clients", move |tx| all(tx, account)).await
}

/// The same, within a unit of work.
pub fn all(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Client>, StoreError> {
    sql::select_clients(tx, account)
}

/// Gives a live client another secret in place of the one that it has, in the caller's unit of work. Tokens that it was
/// given stay; the old secret is refused from its next use on.
pub(crate) fn replace_secret(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &str,
    secret: &str,
) -> Result<(), ClientError> {
    found(
        sql::update_secret(tx, account, id, &sha256(secret.as_bytes()))?,
        account,
        id,
    )
}

/// Replaces where a live client's authorizations may be answered to, in the caller's unit of work.
///
/// # Errors
/// What can't be registered; [`ClientError::NoClient`].
pub(crate) fn replace_redirects(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &str,
    uris: &[String],
) -> Result<(), ClientError> {
    let client = sql::select_client(tx, id)?.filter(|client| client.account == account && client.is_live());
    let client = client.ok_or_else(|| no_client(account, id))?;
    check_redirects(uris, client.is_public())?;
    found(sql::update_redirects(tx, account, id, uris)?, account, id)
}

/// A client's name, for the people whom it asks.
pub(crate) async fn name_of(db: &Db, id: String) -> Result<Option<String>, StoreError> {
    db.point("oauth.client-name", move |tx| sql::select_client_name(tx, &id))
        .await
}

/// Ends a client: its next request is refused, and so is the next use of any token that it was given.
pub async fn expire(app: &App, account: AccountId, id: &str) -> Result<(), ClientError> {
    let (client, now) = (id.to_owned(), app.clock.now());
    app.db
        .append("oauth.expire-client", move |tx| end(tx, account, &client, now))
        .await
}

/// The same, in the caller's unit of work.
pub(crate) fn end(tx: &mut Tx<'_>, account: AccountId, id: &str, now: Timestamp) -> Result<(), ClientError> {
    found(sql::expire_client(tx, account, id, now)?, account, id)
}

fn found(changed: u64, account: AccountId, id: &str) -> Result<(), ClientError> {
    match changed {
        0 => Err(no_client(account, id)),
        _ => Ok(()),
    }
}

fn no_client(account: AccountId, id: &str) -> ClientError {
    ClientError::NoClient {
        account,
        id: id.to_owned(),
    }
}

/// The scopes that there are: one for each institution.
pub fn known_scopes(app: &App) -> Scopes {
    let sites = app.connectors.institutions();
    sites.map(|site| site.declaration().scope.clone()).collect()
}

fn check(app: &App, new: &NewClient) -> Result<(), ClientError> {
    if !(1..=NAME_LENGTH_MAX).contains(&new.name.trim().chars().count()) {
        return Err(ClientError::Name);
    }
    check_redirects(&new.redirect_uris, new.is_public)?;
    let known = known_scopes(app);
    match new.scopes.iter().find(|scope| !known.has(scope)) {
        Some(unknown) => Err(ClientError::Scope(unknown.to_owned())),
        None => Ok(()),
    }
}

fn check_redirects(uris: &[String], is_public: bool) -> Result<(), ClientError> {
    if uris.len() > REDIRECT_URIS_MAX {
        return Err(ClientError::TooManyRedirects);
    }
    if is_public && uris.is_empty() {
        return Err(ClientError::NoRedirect);
    }
    for uri in uris {
        check_registrable(uri, is_public).map_err(|why| ClientError::Redirect {
            uri: uri.clone(),
            why,
        })?;
    }
    Ok(())
}

/// Longest name of a client, in characters: it heads a page.
pub const NAME_LENGTH_MAX: usize = 80;
