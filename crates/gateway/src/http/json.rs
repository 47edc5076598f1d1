//! Reading a request's body: at most the limit, and JSON where JSON is due.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http_body_util::LengthLimitError;
use std::error::Error as _;

use super::error::ApiError;
use crate::app::Shared;

/// The raw bytes of a body within the limit. What they mean is the capability's to read.
pub struct Body(pub Bytes);

impl FromRequest<Shared> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Shared) -> Result<Body, ApiError> {
        let limit_bytes = app.settings.body_limit_bytes;
        match to_bytes(request.into_body(), limit_bytes).await {
            Ok(bytes) => Ok(Body(bytes)),
            Err(error) if error.source().is_some_and(|cause| cause.is::<LengthLimitError>()) => {
                Err(ApiError::TooLarge { limit_bytes })
            }
            Err(_) => Err(ApiError::CutShort),
        }
    }
}
