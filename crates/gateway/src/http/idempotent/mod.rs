//! `Idempotency-Key`: a POST that may be sent again does its work once.
//!
//! The answer is kept, sealed, in the unit of work of its effect; the same key and body within 24 hours get it again,
//! with `Idempotent-Replayed: true`. A key belongs to an account, a method and a path. While a request with a key runs
//! in this process, others with it are told so at once; on other nodes, the row's primary key decides. What had no
//! effect (validation errors, 401, 429, 5xx) is not kept, so a mended request may use its key again.

pub mod outcome;
mod sql;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use ayni_crypto::digest::{SHA256_BYTES, sha256};
use ayni_domain::idempotency::{KEPT_FOR_HOURS, Key};
use ayni_domain::ids::AccountId;
use ayni_domain::violation::{Problem, Violation};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;
use uuid::Uuid;

use super::error::ApiError;
use crate::app::App;
use crate::keys::sealed::SealedColumn;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(crate) const SEALED: &[SealedColumn] = &[SealedColumn {
    name: "idempotent_answers.answer_sealed",
    count: sql::COUNT_SEALED_ANSWERS,
    lasting: None,
}];

/// What a request says about being sent again; taken by every handler of a POST.
pub struct Idempotency(Option<Sent>);

struct Sent {
    key: Option<Key>,
    method: Method,
    path: String,
}

/// What follows from a request's key.
pub enum Claimed<'a> {
    /// It has none: every such request does its work.
    Without,
    /// It is the first with its key: its answer is to be kept.
    First(Claim<'a>),
    /// It was answered before, with this.
    Replay(Response),
}

/// Where a key is unique.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Scope {
    account: AccountId,
    method: Method,
    path: String,
    key: String,
}

/// The right of the one request with its key that runs in this process; ends when it is dropped.
pub struct Claim<'a> {
    app: &'a App,
    scope: Scope,
    body_hash: [u8; SHA256_BYTES],
}

/// Where the answer of a request with a key is kept, once it is known.
#[derive(Clone, Debug)]
pub struct AnswerPlace {
    scope: Scope,
    body_hash: [u8; SHA256_BYTES],
    at: Timestamp,
}

/// An answer to be kept in the unit of work of its effect.
pub struct KeptAnswer {
    scope: Scope,
    body_hash: [u8; SHA256_BYTES],
    status: StatusCode,
    sealed: Vec<u8>,
    at: Timestamp,
}

/// An answer that was kept.
struct FoundAnswer {
    body_hash: Vec<u8>,
    status: u16,
    sealed: Vec<u8>,
    at: Timestamp,
}

/// Why an answer was not kept; the unit of work must keep nothing else either.
#[derive(Debug, Error)]
pub enum NotKept {
    /// Another request with this key was answered meanwhile, on another node.
    #[error("the key was used meanwhile")]
    Taken,
    /// The answer could not be sealed.
    #[error(transparent)]
    Unsealed(#[from] ApiError),
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The keys at work in this process: as many as there are requests in flight, which the edge limits.
#[derive(Default)]
pub struct Running(Mutex<HashSet<Scope>>);

impl<S: Send + Sync> FromRequestParts<S> for Idempotency {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Idempotency, Infallible> {
        Ok(Idempotency::said(&parts.headers, &parts.method, &parts.uri))
    }
}

impl Idempotency {
    /// What this request says.
    pub fn of(request: &Request) -> Idempotency {
        Idempotency::said(request.headers(), request.method(), request.uri())
    }

    fn said(headers: &HeaderMap, method: &Method, uri: &Uri) -> Idempotency {
        let sent = headers.get(IDEMPOTENCY_KEY).map(|value| Sent {
            key: std::str::from_utf8(value.as_bytes())
                .ok()
                .and_then(|text| Key::parse(text).ok()),
            method: method.clone(),
            path: uri.path().to_owned(),
        });
        Idempotency(sent)
    }

    /// What is wrong with the key, if it is no key.
    pub fn violation(&self) -> Option<Violation> {
        let is_bad = self.0.as_ref().is_some_and(|sent| sent.key.is_none());
        is_bad.then(|| Violation::new(FIELD, Problem::BadIdempotencyKey))
    }

    /// Claims the key for this request and body, or finds the answer it was given before.
    ///
    /// Fails where a request with the key is running, and where the key was used with another body.
    pub async fn claim<'a>(
        self,
        app: &'a App,
        account: AccountId,
        body: &[u8],
    ) -> Result<Claimed<'a>, ApiError> {
        let Some(Sent {
            key: Some(key),
            method,
            path,
        }) = self.0
        else {
            return Ok(Claimed::Without);
        };
        let scope = Scope {
            account,
            method,
            path,
            key: key.as_str().to_owned(),
        };
        if !app.running.lock().insert(scope.clone()) {
            return Err(ApiError::StillRunning);
        }
        let claim = Claim {
            app,
            scope,
            body_hash: sha256(body),
        };
        match claim.replay().await? {
            Some(response) => Ok(Claimed::Replay(response)),
            None => Ok(Claimed::First(claim)),
        }
    }
}

impl Claim<'_> {
    /// The answer to be kept, sealed for this key.
    pub fn keep(&self, status: StatusCode, answer: &[u8]) -> Result<KeptAnswer, ApiError> {
        self.place().keep(self.app, status, answer)
    }

    /// Where the answer will be kept, for a unit of work in which it is found.
    pub fn place(&self) -> AnswerPlace {
        AnswerPlace {
            scope: self.scope.clone(),
            body_hash: self.body_hash,
            at: self.app.clock.now(),
        }
    }

    /// The answer that this key was given within the last 24 hours.
    pub async fn replay(&self) -> Result<Option<Response>, ApiError> {
        let Some((status, answer)) = self.place().find(self.app).await? else {
            return Ok(None);
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (IDEMPOTENT_REPLAYED, HeaderValue::from_static("true")),
        ];
        Ok(Some((status, headers, answer).into_response()))
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.app.running.lock().remove(&self.scope);
    }
}

impl AnswerPlace {
    /// The place of a form of the console: what was done with its token is done once.
    pub fn of_form(app: &App, account: AccountId, path: &str, token: &Uuid) -> AnswerPlace {
        AnswerPlace {
            scope: Scope {
                account,
                method: Method::POST,
                path: path.to_owned(),
                key: token.to_string(),
            },
            body_hash: sha256(b""),
            at: app.clock.now(),
        }
    }

    /// The status and the answer that are kept here since the last 24 hours.
    pub(crate) async fn find(&self, app: &App) -> Result<Option<(StatusCode, Bytes)>, ApiError> {
        let scope = self.scope.clone();
        let found = app
            .db
            .point("idempotency.find", move |tx| sql::select_answer(tx, &scope))
            .await?;
        let Some(found) = found.filter(|found| found.at > forgotten_at(app.clock.now())) else {
            return Ok(None);
        };
        if found.body_hash != self.body_hash {
            return Err(ApiError::KeyReused);
        }
        let answer = app.keyring.open(&self.scope.context(), &found.sealed);
        let answer = Bytes::copy_from_slice(&answer.map_err(|error| ApiError::internal(&error))?);
        let status = StatusCode::from_u16(found.status).unwrap_or(StatusCode::OK);
        Ok(Some((status, answer)))
    }

    /// The answer to be kept, sealed for this key.
    pub fn keep(&self, app: &App, status: StatusCode, answer: &[u8]) -> Result<KeptAnswer, ApiError> {
        let sealed = app.keyring.seal(&self.scope.context(), answer);
        Ok(KeptAnswer {
            scope: self.scope.clone(),
            body_hash: self.body_hash,
            status,
            sealed: sealed.map_err(|error| ApiError::internal(&error))?,
            at: self.at,
        })
    }
}

impl KeptAnswer {
    /// Writes the answer's row, in place of a forgotten one. [`NotKept::Taken`] where another node was first.
    pub fn insert(&self, tx: &mut Tx<'_>) -> Result<(), NotKept> {
        match sql::upsert_answer(tx, self, forgotten_at(self.at))? {
            0 => Err(NotKept::Taken),
            _ => Ok(()),
        }
    }
}

impl Running {
    fn lock(&self) -> MutexGuard<'_, HashSet<Scope>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Scope {
    /// What a sealed answer is sealed for.
    fn context(&self) -> String {
        format!(
            "idempotent-answer:{}:{}:{}:{}",
            self.account, self.method, self.path, self.key
        )
    }
}

/// Deletes all forgotten answers, a bounded number in each unit of work.
pub async fn forget_old(app: &App) -> Result<(), StoreError> {
    let cutoff = forgotten_at(app.clock.now());
    loop {
        let swept = app
            .db
            .append("idempotency.forget", move |tx| {
                sql::delete_forgotten(tx, cutoff, SWEEP_ROWS)
            })
            .await?;
        if swept < SWEEP_ROWS.unsigned_abs() {
            return Ok(());
        }
    }
}

/// Answers of this instant and before are forgotten.
fn forgotten_at(now: Timestamp) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(KEPT_FOR_HOURS))
        .unwrap_or(Timestamp::MIN)
}

const FIELD: &str = "Idempotency-Key";
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const SWEEP_ROWS: i64 = 500;
