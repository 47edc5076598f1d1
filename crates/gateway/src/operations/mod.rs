//! Calls of institutions: a request names an institution and an operation, and is answered with the envelope, at once
//! within a budget (`run`) or by a callback (`accept`, [`jobs`]).
//!
//! An accepted operation is durable from its 202 on: its row and its job commit together, any node does the job, and by
//! the deadline a callback goes out, whatever the site does. Arguments and logins lie sealed until the visit is over,
//! answers for a day; then only the metadata stays.

mod accept;
pub mod answer;
pub mod commands;
pub mod jobs;
pub mod openapi;
mod person;
mod read;
pub(crate) mod request;
pub(crate) mod run;
mod sql;

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Extension, Router};
use ayni_connectors::data::declaration::OperationSpec;
use ayni_crypto::keyring::{Keyring, KeyringError};
use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_domain::notice::DELIVERY_LIFE;
use ayni_domain::operation::code::Code;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::app::{App, Shared};
use crate::http::error::ApiError;
use crate::institutions::Site;
use crate::keys::sealed::SealedColumn;
use crate::links;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(crate) const SEALED: &[SealedColumn] = &[
    SealedColumn {
        name: "operations.request_sealed",
        count: sql::COUNT_SEALED_REQUESTS,
        lasting: None,
    },
    SealedColumn {
        name: "operations.answer_sealed",
        count: sql::COUNT_SEALED_ANSWERS,
        lasting: None,
    },
];

/// One path for each operation of each institution; to be put behind the data side's authentication.
pub fn router(app: &App) -> Router<Shared> {
    let mut router = Router::new().route("/v1/operations/{id}", get(read::show));
    for site in app.sites.all() {
        let declaration = site.declaration();
        for spec in declaration.operations.iter().filter(|spec| spec.name != TOKEN) {
            let target = Target::of(site, &spec.name);
            let path = format!("/v1/{}/{}", declaration.path, spec.name);
            router = router.route(&path, post(run::post).layer(Extension(target)));
        }
        if !declaration.login_fields.is_empty() {
            let target = Target::of(site, TOKEN);
            let path = format!("/v1/{}/{TOKEN}", declaration.path);
            router = router.route(&path, post(links::post_token).layer(Extension(target)));
        }
    }
    router
}

/// What a path leads to.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) site: Arc<Site>,
    pub(crate) operation: Arc<str>,
}

impl Target {
    fn of(site: &Arc<Site>, operation: &str) -> Target {
        Target {
            site: site.clone(),
            operation: operation.into(),
        }
    }

    fn path(&self) -> &str {
        &self.site.declaration().path
    }

    fn spec(&self) -> Result<&OperationSpec, ApiError> {
        let found = self.site.declaration().operation(&self.operation);
        found.ok_or(ApiError::NotFound)
    }
}

/// What is known of an operation, its data and arguments apart.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `OperationId` of the wire.
    pub id: Uuid,
    /// Who called.
    pub account: AccountId,
    /// The institution's path.
    pub institution: String,
    /// The operation's name.
    pub operation: String,
    /// The language of its answer.
    pub lang: Lang,
    /// Where it stands.
    pub state: State,
    /// What went wrong, if it ended so.
    pub code: Option<Code>,
    /// When it was called.
    pub created_at: Timestamp,
    /// By when an accepted one's callback goes out.
    pub deadline_at: Option<Timestamp>,
    /// Where an accepted one's answer goes.
    pub callback_url: Option<String>,
    /// Visits of an accepted one that failed with something that may pass.
    pub visits: i64,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// When its data is erased, while it is there.
    pub erase_at: Option<Timestamp>,
}

/// Where an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Accepted; its callback comes.
    Running,
    /// It ran.
    Ok,
    /// It did not.
    Error,
}

impl State {
    /// The word in its row.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Ok => "ok",
            State::Error => "error",
        }
    }

    fn parse(word: &str) -> Option<State> {
        [State::Running, State::Ok, State::Error]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// The bytes of an operation's callback, or why they can't be opened; nothing once they are erased.
pub(crate) fn callback_body(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    id: &str,
) -> Result<Option<Result<String, KeyringError>>, StoreError> {
    let sealed = sql::select_answer(tx, id)?;
    let opened = sealed.map(|sealed| keyring.open(&answer_context(id), &sealed));
    Ok(opened.map(|opened| opened.map(|plain| String::from_utf8_lossy(&plain).into_owned())))
}

/// Says that the callback was delivered: a day later the data goes.
pub(crate) fn told(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<(), StoreError> {
    sql::update_erase_at(tx, id, later(now, KEPT_FOR))
}

/// Erases what was kept long enough.
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.db
        .append("operations.forget", move |tx| sql::erase_answers(tx, now))
        .await
}

/// What an answer is sealed for.
fn answer_context(id: &str) -> String {
    format!("operation-answer:{id}")
}

/// What arguments and login are sealed for.
fn request_context(id: &str) -> String {
    format!("operation-request:{id}")
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// When the data of an answer that goes out by callback is erased if it is never delivered.
fn undelivered_erase_at(now: Timestamp) -> Timestamp {
    later(now, DELIVERY_LIFE)
}

/// How long the data of an answer is kept after it was given.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
/// The operation that every institution with a login has.
const TOKEN: &str = "token";
