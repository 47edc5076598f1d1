//! Operations whose answer goes to a callback: written down with their job, then answered with 202.

use axum::http::StatusCode;
use axum::response::Response;
use ayni_domain::operation::Envelope;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, NewJob};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use super::person::Person;
use super::run::Begun;
use super::{Operation, State, answer, later, request_context, sql};
use crate::app::App;
use crate::http::error::ApiError;
use crate::http::idempotent::{Claimed, Idempotency, NotKept};
use crate::institutions::visit::Errand;
use crate::signals::JobKind;
use crate::texts::operations as texts;

/// An operation that is to be done later.
pub(super) struct Accepted {
    pub begun: Begun,
    pub errand: Errand,
    pub person: Option<Person>,
    pub callback_url: String,
}

/// What its job needs, as it lies sealed in its row.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    pub arguments: std::collections::BTreeMap<String, String>,
    pub person: Option<Person>,
}

/// Makes it durable and answers 202; a request that was sent before gets its first answer again.
pub(super) async fn accept(
    app: &App,
    accepted: Accepted,
    idempotency: Idempotency,
    body_hash: &[u8],
) -> Result<Response, ApiError> {
    let account = accepted.begun.account;
    let claim = match idempotency.claim(app, account, body_hash).await? {
        Claimed::Replay(response) => return Ok(response),
        Claimed::First(claim) => Some(claim),
        Claimed::Without => None,
    };
    let row = row_of(app, &accepted);
    let id = row.id.to_string();
    let sealed = seal(app, &id, accepted)?;
    let life_span = wire(row.deadline_at.unwrap_or(row.created_at));
    let envelope = Envelope::accepted(row.id, texts::accepted(row.lang).to_owned(), life_span);
    let answer = answer::written(&envelope)?;
    let kept = claim
        .as_ref()
        .map(|claim| claim.keep(StatusCode::ACCEPTED, &answer))
        .transpose()?;
    let stored = app.db.append("operations.accept", move |tx| {
        sql::insert_operation(tx, &row, Some(&sealed), None)?;
        let job = NewJob {
            kind: JobKind::Operation.as_str(),
            key: &id,
            lane: &row.institution,
            payload: "",
            due_at: row.created_at,
        };
        queue::enqueue(tx, &job, row.created_at)?;
        if let Some(kept) = &kept {
            kept.insert(tx)?;
        }
        Ok::<_, NotStored>(())
    });
    match stored.await {
        Ok(()) => {}
        Err(NotStored::Store(error)) => return Err(error.into()),
        Err(NotStored::Key(NotKept::Store(error))) => return Err(error.into()),
        Err(NotStored::Key(NotKept::Unsealed(error))) => return Err(error),
        Err(NotStored::Key(NotKept::Taken)) => {
            let replay = match &claim {
                Some(claim) => claim.replay().await?,
                None => None,
            };
            return replay.ok_or(ApiError::StillRunning);
        }
    }
    app.signals.wake(JobKind::Operation);
    Ok(answer::response(StatusCode::ACCEPTED, answer))
}

/// Why the unit of work kept nothing.
#[derive(Debug, Error)]
enum NotStored {
    #[error(transparent)]
    Key(#[from] NotKept),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn row_of(app: &App, accepted: &Accepted) -> Operation {
    let begun = accepted.begun.clone();
    Operation {
        id: begun.id,
        account: begun.account,
        institution: begun.institution,
        operation: begun.operation,
        lang: begun.lang,
        state: State::Running,
        code: None,
        created_at: begun.at,
        deadline_at: Some(later(begun.at, app.settings.operation_life)),
        callback_url: Some(accepted.callback_url.clone()),
        visits: 0,
        ended_at: None,
        erase_at: None,
    }
}

fn seal(app: &App, id: &str, accepted: Accepted) -> Result<Vec<u8>, ApiError> {
    let request = Request {
        arguments: accepted.errand.arguments,
        person: accepted.person,
    };
    let plain = serde_json::to_vec(&request).map_err(|error| ApiError::internal(&error))?;
    let sealed = app.keyring.seal(&request_context(id), &Zeroizing::new(plain));
    sealed.map_err(|error| ApiError::internal(&error))
}
