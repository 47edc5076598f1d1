//! Who sits before a page of the console: signing in, sessions, and what a person's role permits.
//!
//! A person is one e-mail with one password, whichever accounts have that e-mail as user; a session shows one of those
//! accounts at a time. Nothing is kept in memory between requests: the session's row, the person's role and the account
//! are read anew for each page, so that what was ended, taken away or disabled is so from the next page on, on every node.

pub mod links;
pub mod passwords;
pub mod people;
pub(super) mod step_up;

mod address;
mod agent;
mod browser;
mod failures;
mod forgotten;
mod link_pages;
mod mail;
mod second;
mod security;
mod sessions;
mod sign_in;
mod sql;
mod switch;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Deref;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::routing::{get, post};
use ayni_crypto::digest::sha256;
use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_domain::privilege::Mode;
use ayni_domain::role::Role;
use ayni_store::error::StoreError;
use ayni_store::queue::Job;
use url::form_urlencoded;
use uuid::Uuid;

use self::browser::Browser;
use self::sessions::SessionId;
use super::flash::{self, Flash};
use super::refused::Refused;
use crate::app::{App, Shared};
use crate::http::pages::{Form, cookie_value, language, query};
use crate::keys::sealed::SealedColumn;
use crate::merchants::users::Membership;
use crate::worker::{Pump, Unfinished};

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// Those of the second factor.
pub(crate) const SECOND_STATEMENTS: &[&str] = second::STATEMENTS;

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(crate) const SEALED: &[SealedColumn] = second::SEALED;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route(
            "/console/sign-in/code",
            get(second::pages::page).post(second::pages::give),
        )
        .route("/console/forgotten", get(forgotten::page).post(forgotten::ask))
        .route("/console/forgotten/asked", get(forgotten::asked))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/account", post(switch::switch))
        .route("/console/security", get(security::page))
        .route("/console/security/password", post(security::change_password))
        .route(
            "/console/security/second-factor",
            get(second::enrol::page).post(second::enrol::offer),
        )
        .route("/console/security/second-factor/on", post(second::enrol::turn_on))
        .route(
            "/console/security/second-factor/off",
            post(second::enrol::turn_off),
        )
        .route("/console/security/recovery-codes", post(second::enrol::new_codes))
        .route("/console/security/sessions", post(security::end_sessions))
        .route(
            "/console/password/{token}",
            get(link_pages::page).post(link_pages::set_password),
        )
}

/// A signed-in person in an account that is not disabled. Every page takes one.
#[derive(Clone)]
pub struct Seat {
    /// The person, in lower case.
    pub(crate) email: String,
    /// The account that the session shows.
    pub(crate) account: AccountId,
    /// Its name.
    pub(crate) account_name: String,
    /// Developer or live.
    pub(crate) mode: Mode,
    /// What the person may do in it.
    pub(crate) role: Role,
    /// The language of the pages.
    pub(crate) lang: Lang,
    /// The session, as pages name it.
    pub(crate) session: SessionId,
    /// From where the request came.
    pub(crate) address: Option<IpAddr>,
    /// The request, for the audit log.
    pub(crate) request: Uuid,
    /// The accounts that have the person as user, this one among them.
    pub(crate) memberships: Vec<Membership>,
    /// What the last page's act left to be said.
    pub(super) flash: Option<Flash>,
    /// The page's own path and query.
    pub(super) path: String,
    pub(super) query: BTreeMap<String, String>,
    /// Marks what only this session may read.
    pub(super) session_key: String,
    /// What the database knows the session by.
    session_hash: [u8; 32],
    csrf: String,
    is_https: bool,
}

/// An owner of the account: everything.
#[derive(Clone)]
pub struct Owner(pub(crate) Seat);

/// An owner or a collector: whoever may move payments.
#[derive(Clone)]
pub struct Collects(pub(crate) Seat);

/// A signed-in person, be the account disabled or not: for the pages about oneself, and to leave.
#[derive(Clone)]
pub(super) struct Present(pub(super) Seat);

impl Seat {
    /// The token of this page's forms.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// A field of the page's query; empty where it is not there.
    pub fn asked(&self, name: &str) -> &str {
        self.query.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The whole query of the page.
    pub fn query(&self) -> &BTreeMap<String, String> {
        &self.query
    }

    /// Whether a form was on one of this session's pages of this account. Digests are compared, so that the time taken
    /// tells nothing.
    pub(super) fn sent(&self, form: &Form) -> bool {
        sha256(form.text("csrf").as_bytes()) == sha256(self.csrf.as_bytes())
    }

    pub(super) fn is_https(&self) -> bool {
        self.is_https
    }

    fn membership(&self) -> Option<&Membership> {
        self.memberships.iter().find(|one| one.account == self.account)
    }
}

impl FromRequestParts<Shared> for Seat {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Seat, Refused> {
        let Present(seat) = Present::from_request_parts(parts, app).await?;
        match seat.membership().is_some_and(|membership| membership.is_disabled) {
            true => Err(Refused::AccountDisabled),
            false => Ok(seat),
        }
    }
}

impl FromRequestParts<Shared> for Owner {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Owner, Refused> {
        let seat = Seat::from_request_parts(parts, app).await?;
        match seat.role {
            Role::Owner => Ok(Owner(seat)),
            Role::Collector | Role::ReadOnly => Err(Refused::Forbidden),
        }
    }
}

impl FromRequestParts<Shared> for Collects {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Collects, Refused> {
        let seat = Seat::from_request_parts(parts, app).await?;
        match seat.role.may_collect() {
            true => Ok(Collects(seat)),
            false => Err(Refused::Forbidden),
        }
    }
}

impl FromRequestParts<Shared> for Present {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Present, Refused> {
        let browser = Browser::known(&parts.headers, app).ok_or_else(|| sign_in(parts))?;
        let (hash, now) = (browser.hash(), app.clock.now());
        let found = app
            .db
            .point("console.seat", move |tx| sessions::open(tx, &hash, now))
            .await?;
        let Some((session, memberships)) = found else {
            return Err(sign_in(parts));
        };
        let (query, is_https) = (query(parts), browser.is_https());
        let Some(shown) = memberships.iter().find(|one| one.account == session.account) else {
            // The person was taken out of the account that the session shows: it shows another one, or ends.
            sessions::move_on(app, &session, &memberships).await?;
            return Err(sign_in(parts));
        };
        sessions::see(app, &session, now).await?;
        let session_key = browser.session_key(&app.keyring);
        let said = cookie_value(&parts.headers, flash::COOKIE);
        Ok(Present(Seat {
            account: shown.account,
            account_name: shown.name.clone(),
            mode: shown.mode,
            role: shown.role,
            lang: language(parts, &query),
            address: address::of(parts),
            request: app.entropy.uuid(),
            flash: said.and_then(|said| flash::read(&said, &session_key)),
            path: parts.uri.path().to_owned(),
            csrf: browser.csrf(&app.keyring, shown.account),
            session_hash: hash,
            email: session.email,
            session: session.id,
            query,
            session_key,
            is_https,
            memberships,
        }))
    }
}

/// How the mails of invitations are sent.
pub const INVITATIONS: Pump = mail::INVITATIONS;

/// Sends the mail that a job names.
pub async fn deliver_invitation(app: Shared, job: Job) -> Result<(), Unfinished> {
    mail::deliver(app, job).await
}

/// How requests for a link are looked up.
pub const FORGOTTEN: Pump = forgotten::FORGOTTEN;

/// Looks up who asked for the link of a forgotten password.
pub async fn look_up_forgotten(app: Shared, job: Job) -> Result<(), Unfinished> {
    forgotten::look_up(app, job).await
}

/// Deletes sessions, tries and links that are over.
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    sessions::forget_old(app).await?;
    failures::forget_old(app).await?;
    links::forget_old(app).await
}

macro_rules! is_a_seat {
    ($($name:ident),+) => { $(
        impl Deref for $name {
            type Target = Seat;

            fn deref(&self) -> &Seat {
                &self.0
            }
        }

        impl AsRef<Seat> for $name {
            fn as_ref(&self) -> &Seat {
                &self.0
            }
        }
    )+ };
}

is_a_seat!(Owner, Collects, Present);

impl AsRef<Seat> for Seat {
    fn as_ref(&self) -> &Seat {
        self
    }
}

/// To the sign-in, and from there back to the page that was asked for, if looking at it is all that was wanted.
fn sign_in(parts: &Parts) -> Refused {
    let wanted = parts
        .uri
        .path_and_query()
        .map_or("/console", |path| path.as_str());
    let to = match parts.method == Method::GET && wanted != "/console" {
        true => {
            let next: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
            format!("/console/sign-in?next={next}")
        }
        false => "/console/sign-in".to_owned(),
    };
    Refused::SignIn(to)
}
