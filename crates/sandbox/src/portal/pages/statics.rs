//! Style sheet, picture and the one script, inside the program.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const STYLE: &str = include_str!("../../../static/portal/estilo.css");
const ICON: &str = include_str!("../../../static/portal/marca.svg");
const SCRIPT: &str = include_str!("../../../static/portal/deuda.js");

/// One of the files.
pub async fn file(Path(name): Path<String>) -> Response {
    let (content_type, content) = match name.as_str() {
        "estilo.css" => ("text/css; charset=utf-8", STYLE),
        "marca.svg" => ("image/svg+xml", ICON),
        "deuda.js" => ("text/javascript; charset=utf-8", SCRIPT),
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
