//! Style sheet and pictures, inside the program.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const STYLE: &str = include_str!("../../static/style.css");
const LOGO: &str = include_str!("../../static/logo.svg");
const ICON: &str = include_str!("../../static/icon.svg");

/// One of the files.
pub async fn file(Path(name): Path<String>) -> Response {
    let (content_type, content) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", STYLE),
        "logo.svg" => ("image/svg+xml", LOGO),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    (
        [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, "public, max-age=300"),
        ],
        content,
    )
        .into_response()
}
