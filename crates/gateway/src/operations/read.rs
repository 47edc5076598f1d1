//! `GET /v1/operations/{OperationId}`: the envelope again, as long as it is kept.

use axum::extract::{Path, State as AppState};
use axum::http::StatusCode;
use axum::response::Response;
use ayni_domain::operation::{Envelope, Fault};
use ayni_domain::time::wire;
use bytes::Bytes;
use uuid::Uuid;

use super::{Operation, State, answer, answer_context, sql};
use crate::app::{App, Shared};
use crate::http::data_auth::DataCaller;
use crate::http::error::ApiError;
use crate::texts::operations as texts;

/// 202 while it runs; another account's is not there, and a token reads only what its institutions answered.
pub(super) async fn show(
    AppState(app): AppState<Shared>,
    caller: DataCaller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id: Uuid = id.parse().map_err(|_| ApiError::NotFound)?;
    let account = caller.account().id;
    let found = app
        .db
        .point("operations.show", move |tx| {
            sql::select_with_answer(tx, account, &id.to_string())
        })
        .await?;
    let (operation, sealed) = found.ok_or(ApiError::NotFound)?;
    match app.sites.at(&operation.institution) {
        Some(site) => caller.authorise(site.declaration())?,
        None if caller.is_limited() => return Err(ApiError::Forbidden),
        None => {}
    }
    let (status, bytes) = told(&app, &operation, sealed.as_deref())?;
    Ok(answer::response(status, bytes))
}

/// The status and envelope that tell an operation.
pub(super) fn told(
    app: &App,
    operation: &Operation,
    sealed: Option<&[u8]>,
) -> Result<(StatusCode, Bytes), ApiError> {
    let lang = operation.lang;
    let envelope = match (operation.state, sealed) {
        (State::Running, _) => {
            let life_span = wire(operation.deadline_at.unwrap_or(operation.created_at));
            let running = texts::accepted(lang).to_owned();
            let envelope = Envelope::accepted(operation.id, running, life_span);
            return Ok((StatusCode::ACCEPTED, answer::written(&envelope)?));
        }
        (_, Some(sealed)) => {
            let plain = app
                .keyring
                .open(&answer_context(&operation.id.to_string()), sealed);
            let plain = plain.map_err(|error| ApiError::internal(&error))?;
            return Ok((StatusCode::OK, Bytes::copy_from_slice(&plain)));
        }
        (State::Ok, None) => Envelope::ran(operation.id, None, Some(texts::erased(lang).to_owned())),
        (State::Error, None) => {
            let fault = operation.code.map(Fault::new);
            let fault =
                fault.ok_or_else(|| ApiError::Internal("a failed operation has no code".to_owned()))?;
            Envelope {
                additional_information: Some(texts::erased(lang).to_owned()),
                ..Envelope::failed(operation.id, &fault, lang)
            }
        }
    };
    Ok((StatusCode::OK, answer::written(&envelope)?))
}
