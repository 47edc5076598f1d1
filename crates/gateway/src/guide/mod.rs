//! The guide: who begins needs more than a reference, in their language and without the network.
//!
//! Its pages are made ahead from the books in `docs/guide` (`cargo xtask guide`), lie in `crates/gateway/guide` and are
//! inside the binary: `/docs/guide/es`, `/docs/guide/en`, and `/llms.txt` for readers that are programs.

use axum::Router;
use axum::extract::{Extension, Path};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::app::Shared;
use crate::http::RequestLang;
use crate::http::pages::{is_known, page_headers};

/// The guide's pages; nobody needs a key to read them.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/docs/guide", get(choose))
        .route("/docs/guide/", get(choose))
        .route("/docs/guide/{file}", get(file_or_language))
        .route("/docs/guide/{lang}/", get(first_page))
        .route("/docs/guide/{lang}/{file}", get(page))
        .route(
            "/llms.txt",
            get(async |headers: HeaderMap| answer("llms.txt", &headers)),
        )
        .route(
            "/llms-full.txt",
            get(async |headers: HeaderMap| answer("llms-full.txt", &headers)),
        )
        .layer(map_response(page_headers))
        .layer(map_response(kept))
}

/// The reader's own language.
async fn choose(Extension(lang): Extension<RequestLang>) -> Response {
    let to = format!("/docs/guide/{}/", lang.0.tag());
    ([(header::VARY, "accept-language")], Redirect::to(&to)).into_response()
}

async fn first_page(Path(lang): Path<String>, headers: HeaderMap) -> Response {
    answer(&format!("{lang}/index.html"), &headers)
}

async fn page(Path((lang, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    answer(&format!("{lang}/{file}"), &headers)
}

/// The sheet, the script, or a language whose last slash was left out.
async fn file_or_language(Path(file): Path<String>, headers: HeaderMap) -> Response {
    if LANGUAGES.contains(&file.as_str()) {
        return Redirect::permanent(&format!("/docs/guide/{file}/")).into_response();
    }
    answer(&file, &headers)
}

fn answer(name: &str, headers: &HeaderMap) -> Response {
    let Some(found) = Guide::get(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = entity_tag(&found);
    if is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let kind = HeaderValue::from_static(content_type(name));
    ([(header::ETAG, tag)], [(header::CONTENT_TYPE, kind)], found.data).into_response()
}

/// Pages change with the program only, so browsers ask whether theirs still is the one.
async fn kept(mut response: Response) -> Response {
    let asks = HeaderValue::from_static("no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, asks);
    response
}

fn entity_tag(file: &EmbeddedFile) -> String {
    let digest = file.metadata.sha256_hash();
    let hex: String = digest[..TAG_BYTES]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{hex}\"")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/guide"]
struct Guide;

const LANGUAGES: [&str; 2] = ["es", "en"];
const TAG_BYTES: usize = 8;

#[cfg(test)]
mod tests;
