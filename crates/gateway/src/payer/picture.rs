//! `/payment/picture/{id}`: the merchant's picture, from our own origin, as it was fetched and re-encoded once.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::sql;
use super::visitor::Visitor;

/// The picture; 404 while there is none.
pub(super) async fn show(visitor: Visitor) -> Response {
    let id = visitor.id;
    match visitor.app.db.read("payer.picture", move |tx| sql::select_picture(tx, id)).await {
        Ok(Some((content_type, bytes))) => {
            let content_type = HeaderValue::from_str(&content_type)
                .unwrap_or(HeaderValue::from_static("application/octet-stream"));
            ([(header::CONTENT_TYPE, content_type)], bytes).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(error = %error, "a picture could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
