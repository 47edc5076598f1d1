//! Answers as they leave: the envelope, in the caller's language, written once and then only copied.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ayni_domain::lang::Lang;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::{Envelope, Fault};
use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::State;
use crate::app::App;
use crate::http::error::ApiError;
use crate::institutions::visit::Found;

/// The envelope of an operation that is over.
pub(crate) struct Answered {
    pub(crate) state: State,
    pub(crate) code: Option<Code>,
    /// What the answer and the callback are, byte for byte.
    pub(crate) bytes: Bytes,
}

/// Puts an outcome in words.
pub(crate) fn of(id: Uuid, outcome: Result<Found, Fault>, lang: Lang) -> Result<Answered, ApiError> {
    let (envelope, state, code) = match outcome {
        Ok(found) => {
            let notes: Vec<String> = found.notes().iter().map(|note| note.text(lang)).collect();
            let note = (!notes.is_empty()).then(|| notes.join(" "));
            (Envelope::ran(id, found.reply.data, note), State::Ok, None)
        }
        Err(fault) => {
            let code = Some(fault.code);
            (Envelope::failed(id, &fault, lang), State::Error, code)
        }
    };
    Ok(Answered {
        state,
        code,
        bytes: written(&envelope)?,
    })
}

/// The envelope's bytes.
pub(super) fn written(envelope: &Envelope) -> Result<Bytes, ApiError> {
    let bytes = serde_json::to_vec(envelope).map_err(|error| ApiError::internal(&error))?;
    Ok(Bytes::from(bytes))
}

/// An answer of these bytes.
pub(super) fn response(status: StatusCode, bytes: Bytes) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}

/// 200 with data of our own.
pub(crate) fn with_data(app: &App, data: &impl Serialize) -> Result<Response, ApiError> {
    let text = serde_json::to_string(data).and_then(RawValue::from_string);
    let data = text.map_err(|error| ApiError::internal(&error))?;
    let envelope = Envelope::ran(app.entropy.uuid(), Some(data), None);
    Ok(response(StatusCode::OK, written(&envelope)?))
}

/// 200, done, with nothing to tell.
pub(crate) fn without_data(app: &App) -> Result<Response, ApiError> {
    let envelope = Envelope::ran(app.entropy.uuid(), None, None);
    Ok(response(StatusCode::OK, written(&envelope)?))
}
