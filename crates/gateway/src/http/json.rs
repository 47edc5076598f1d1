//! Reading a request's body: at most the limit, and JSON where JSON is due.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http_body_util::LengthLimitError;
use std::error::Error as _;
use std::time::Duration;

use super::error::ApiError;
use crate::app::Shared;

/// The raw bytes of a body within the limit. What they mean is the capability's to read.
pub struct Body(pub Bytes);

impl FromRequest<Shared> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Shared) -> Result<Body, ApiError> {
        let body = request.into_body();
        whole(body, app.settings.body_limit_bytes, BODY_MAX)
            .await
            .map(Body)
    }
}

/// All of a body, if it comes in time and is not too long.
pub async fn whole(body: axum::body::Body, limit_bytes: usize, limit: Duration) -> Result<Bytes, ApiError> {
    match tokio::time::timeout(limit, to_bytes(body, limit_bytes)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if error.source().is_some_and(|cause| cause.is::<LengthLimitError>()) => {
            Err(ApiError::TooLarge { limit_bytes })
        }
        Ok(Err(_)) | Err(_) => Err(ApiError::CutShort),
    }
}

/// How long a request's body may take to arrive: a slow client must not hold its connection's place for ever.
pub const BODY_MAX: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let endless = tokio_stream::pending::<Result<Bytes, Infallible>>();
        let read = whole(
            axum::body::Body::from_stream(endless),
            10,
            Duration::from_millis(1),
        )
        .await;
        assert!(matches!(read, Err(ApiError::CutShort)));
    }
}
