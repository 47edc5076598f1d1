//! What people agreed to: which account may read which institution, with whose login, until when; and the pages on which
//! they agree, look at it and take it back.
//!
//! A person logs in *to the institution* on our pages, sees what it shows, and says yes or no. The login lies sealed in the
//! consent's row and nowhere else. Withdrawal erases it and revokes every token in the same unit of work.
//!
//! Pages work without scripts: every form is an ordinary POST that ends in a redirect (or the form again, with what is
//! wrong). They are never framed: a widget opens a window.

pub(crate) mod authorization;
pub(crate) mod refusals;
pub(crate) mod visitor;

mod ask;
mod decide;
mod end;
mod frame;
mod login;
mod own;
mod sql;
mod waiting;

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use ayni_connectors::data::login::Login;
use ayni_crypto::keyring::{Keyring, KeyringError};
use ayni_domain::ids::AccountId;
use ayni_domain::rut::Rut;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;
use zeroize::Zeroizing;

use self::authorization::Kind;
use self::visitor::{Post, Visitor};
use crate::app::{App, Shared};
use crate::http::pages::page_headers;
use crate::keys::sealed::{Lasting, RowKey, SealedColumn};
use crate::oauth;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(crate) const SEALED: &[SealedColumn] = &[
    SealedColumn {
        name: "consents.login_sealed",
        count: sql::COUNT_SEALED_LOGINS,
        lasting: Some(Lasting {
            select: sql::SELECT_SEALED_LOGINS,
            reseal: sql::RESEAL_LOGINS,
            start: RowKey::before_texts,
            context: login_context_of,
        }),
    },
    SealedColumn {
        name: "authorizations.waiting_sealed",
        count: sql::COUNT_SEALED_WAITING,
        lasting: None,
    },
];

/// The pages.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/oauth/authorize/{token}", get(get_code).post(post_code))
        .route("/oauth/authorize/{token}/return", get(get_back))
        .route("/link/{token}", get(get_link).post(post_link))
        .route("/consents", get(get_begin).post(post_begin))
        .route("/consents/{token}", get(get_own).post(post_own))
        .route("/consents/link/{token}", get(get_linked).post(post_linked))
        .layer(map_response(page_headers))
}

/// A consent's UUID.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConsentId(pub String);

/// A consent as its row says, without the login.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Who may read.
    pub account: AccountId,
    /// The client that asked; none in the link flow with an API key.
    pub client: Option<String>,
    /// The institution's scope.
    pub scope: String,
    /// A keyed digest of the person at that institution.
    pub person: String,
    /// What tokens call the person.
    pub subject: String,
    /// When it was given.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When the person took it back.
    pub withdrawn_at: Option<Timestamp>,
    /// When its login was last used for a visit, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// What is stored of a consent that is given.
pub(crate) struct NewConsent {
    id: ConsentId,
    account: AccountId,
    client: Option<String>,
    scope: String,
    person: String,
    subject: String,
    login_sealed: Vec<u8>,
    link_hash: [u8; 32],
    expires_at: Timestamp,
}

/// Why a consent's login could not be opened.
#[derive(Debug, Error)]
pub enum ConsentError {
    /// The database.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// It was sealed for another place, or changed.
    #[error("the consent's login could not be opened")]
    Keyring(#[from] KeyringError),
    /// It is not what this program seals.
    #[error("the consent's login could not be read")]
    Unreadable,
}

impl Consent {
    /// Whether it holds at this instant.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.withdrawn_at.is_none() && now < self.expires_at
    }
}

/// The institution login behind a consent, while the consent holds, for a visit: its use is noted. Wiped when dropped.
pub async fn login_of(app: &App, consent: &ConsentId) -> Result<Option<Login>, ConsentError> {
    let (id, now) = (consent.0.clone(), app.clock.now());
    let sealed = app
        .db
        .point("consents.login", move |tx| sql::select_login(tx, &id, now))
        .await?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let plain = app.keyring.open(&login_context(consent), &sealed)?;
    let login = serde_json::from_slice(&plain).map_err(|_| ConsentError::Unreadable)?;
    app.consent_uses.note(consent.clone(), now);
    Ok(Some(login))
}

/// Writes the uses noted since the last call.
pub(crate) async fn record_uses(app: &App) -> Result<(), StoreError> {
    app.consent_uses
        .record(&app.db, "consents.record-uses", sql::update_last_use)
        .await
}

/// Takes a consent back, if it is there and `may` says so: its login is erased, and every token of it is refused from
/// then on, on every node.
pub(crate) async fn withdraw(
    app: &App,
    id: ConsentId,
    may: impl Fn(&Consent) -> bool + Send + Sync + 'static,
) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.db
        .write("consents.withdraw", move |tx| {
            let Some(consent) = sql::select_consent(tx, &id)?.filter(&may) else {
                return Ok(());
            };
            end_now(tx, &consent.id, now)
        })
        .await
}

/// Ends a consent that the account holds, at the account's own wish, in the caller's unit of work; false where it holds
/// no such live one.
pub(crate) fn give_up(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &ConsentId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let is_its = |consent: &Consent| consent.account == account && consent.is_live(now);
    match sql::select_consent(tx, id)?.filter(is_its) {
        Some(consent) => end_now(tx, &consent.id, now).map(|()| true),
        None => Ok(false),
    }
}

/// The consents that people gave an account, newest first: those before `before` in the list, at most `limit`.
pub(crate) fn of_account(
    tx: &mut Tx<'_>,
    account: AccountId,
    before: Option<(Timestamp, &str)>,
    limit: i64,
) -> Result<Vec<Consent>, StoreError> {
    let (at, id) = before.unwrap_or((Timestamp::MAX, ""));
    sql::select_consents_held(tx, account, (at, id), limit)
}

fn end_now(tx: &mut Tx<'_>, id: &ConsentId, now: Timestamp) -> Result<(), StoreError> {
    sql::withdraw_consent(tx, id, now)?;
    oauth::revoke_consented(tx, id, now)
}

/// Spends a public token of that account; nothing where it was spent, or is over.
pub(crate) fn spend_public_token(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    account: AccountId,
    now: Timestamp,
) -> Result<Option<ConsentId>, StoreError> {
    sql::spend_public_token(tx, hash, account, now)
}

/// The consent behind a public token of that account, without spending it.
pub(crate) async fn of_public_token(
    app: &App,
    hash: [u8; 32],
    account: AccountId,
) -> Result<Option<Consent>, StoreError> {
    let now = app.clock.now();
    app.db
        .point(
            "consents.of-public-token",
            move |tx| match sql::select_public_token(tx, &hash, account, now)? {
                Some(id) => Ok(sql::select_consent(tx, &id)?.filter(|consent| consent.is_live(now))),
                None => Ok(None),
            },
        )
        .await
}

/// Deletes ways that are over, and the logins of consents that have ended.
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.db
        .append("consents.forget", move |tx| sql::delete_old(tx, now))
        .await
}

fn login_context(consent: &ConsentId) -> String {
    login_context_of(&RowKey::Text(consent.0.to_string()))
}

fn login_context_of(key: &RowKey) -> String {
    format!("consent-login:{key}")
}

/// The link that opens a consent. It is derived, so that it need not be stored to be shown.
fn link_of(keyring: &Keyring, consent: &ConsentId) -> Zeroizing<String> {
    Zeroizing::new(keyring.derive_hex("consent-link", consent.0.as_bytes()))
}

/// An account's consents of whoever logs in with one of these names, at whatever institution; ended ones too.
pub(crate) fn of_person(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    account: AccountId,
    names: &[String],
) -> Result<Vec<Consent>, StoreError> {
    let mut found = Vec::new();
    for scope in sql::select_scopes_of(tx, account)? {
        for name in names {
            found.extend(sql::select_consents_of(tx, &person_of(keyring, &scope, name))?);
        }
    }
    found.retain(|consent| consent.account == account);
    Ok(found)
}

/// By which a person's consents are found again: a keyed digest, so that the database tells nobody's name.
fn person_of(keyring: &Keyring, scope: &str, username: &str) -> String {
    keyring.derive_hex(
        "consent-person",
        format!("{scope}\n{}", plain_name(username)).as_bytes(),
    )
}

/// What tokens call a person: the same for one account, another for every other.
fn subject_of(keyring: &Keyring, account: AccountId, scope: &str, username: &str) -> String {
    let text = format!("{account}\n{scope}\n{}", plain_name(username));
    let mut subject = keyring.derive_hex("oauth-subject", text.as_bytes());
    subject.truncate(SUBJECT_LENGTH);
    subject
}

/// A RUT is one person however it is written; any other name is what it is, letter by letter.
fn plain_name(username: &str) -> String {
    Rut::parse(username).map_or_else(|_| username.trim().to_owned(), |rut| rut.plain())
}

async fn get_code(visitor: Visitor) -> Response {
    visitor.answer(ask::show(&visitor, Kind::Code).await)
}

async fn post_code(post: Post) -> Response {
    post.visitor.answer(ask::answer(&post, Kind::Code).await)
}

async fn get_back(visitor: Visitor) -> Response {
    visitor.answer(end::back(&visitor).await)
}

async fn get_link(visitor: Visitor) -> Response {
    visitor.answer(ask::show(&visitor, Kind::Link).await)
}

async fn post_link(post: Post) -> Response {
    post.visitor.answer(ask::answer(&post, Kind::Link).await)
}

async fn get_begin(visitor: Visitor) -> Response {
    visitor.answer(own::begin_page(&visitor).await)
}

async fn post_begin(post: Post) -> Response {
    post.visitor.answer(own::begin(&post).await)
}

async fn get_own(visitor: Visitor) -> Response {
    visitor.answer(ask::show(&visitor, Kind::Own).await)
}

async fn post_own(post: Post) -> Response {
    post.visitor.answer(ask::answer(&post, Kind::Own).await)
}

async fn get_linked(visitor: Visitor) -> Response {
    visitor.answer(own::by_link(&visitor).await)
}

async fn post_linked(post: Post) -> Response {
    post.visitor.answer(own::withdraw_by_link(&post).await)
}

/// 128 bits in hexadecimal digits.
const SUBJECT_LENGTH: usize = 32;
