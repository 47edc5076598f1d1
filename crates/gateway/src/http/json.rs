//! Reading a request's body: at most the limit, and JSON where JSON is due.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

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

/// Who sends more than this beyond the limit may miss the answer.
const DISCARDED_BYTES_MAX: usize = 16 * 1024 * 1024;
