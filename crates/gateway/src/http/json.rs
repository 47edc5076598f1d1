//! JSON in and out: a request's body, at most the limit of it, and answers that were written beforehand.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Serialize;

use super::error::ApiError;
use crate::app::Shared;

/// The raw bytes of a body within the limit. What they mean is the capability's to read.
pub struct Body(pub Bytes);

impl FromRequest<Shared> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Shared) -> Result<Body, ApiError> {
        let limit_bytes = app.settings.body_limit_bytes;
        let mut body = request.into_body();
        match Limited::new(&mut body, limit_bytes).collect().await {
            Ok(collected) => Ok(Body(collected.to_bytes())),
            Err(error) if error.is::<LengthLimitError>() => {
                discard(&mut body).await;
                Err(ApiError::TooLarge { limit_bytes })
            }
            Err(_) => Err(ApiError::CutShort),
        }
    }
}

/// An answer of status 200 whose JSON is written already.
pub struct Answer(pub Bytes);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.0.into());
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }
}

/// A value as JSON, written into a buffer with room for the usual payment, so that it need not grow.
pub fn text(value: &impl Serialize) -> Result<Bytes, ApiError> {
    let mut text = Vec::with_capacity(ANSWER_BYTES);
    serde_json::to_writer(&mut text, value).map_err(|error| ApiError::internal(&error))?;
    Ok(text.into())
}

/// Reads on past the limit, keeping nothing: a client that is still writing when its connection closes would see a
/// broken pipe in place of the answer.
async fn discard(body: &mut axum::body::Body) {
    let mut discarded_bytes = 0;
    while let Some(Ok(frame)) = body.frame().await {
        discarded_bytes += frame.data_ref().map_or(0, Bytes::len);
        if discarded_bytes > DISCARDED_BYTES_MAX {
            return;
        }
    }
}

/// Most payments' JSON is shorter.
const ANSWER_BYTES: usize = 2048;

/// Who sends more than this beyond the limit may miss the answer.
const DISCARDED_BYTES_MAX: usize = 16 * 1024 * 1024;
