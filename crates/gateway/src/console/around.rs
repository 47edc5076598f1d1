//! What every answer of the console passes: refusals become pages, the language is told and remembered, a sentence that
//! was shown is not shown again, and every page has its headers.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::flash;
use super::refused::{self, Refused};
use crate::app::Shared;
use crate::http::pages::{cookie_value, language, language_cookie, page_headers, query, tell};

pub(super) async fn page(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let query = query(&parts);
    let lang = language(&parts, &query);
    let has_flash = cookie_value(&parts.headers, flash::COOKIE).is_some();
    let is_https = app.settings.public_url.scheme() == "https";
    let path = parts.uri.path().to_owned();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(refused) = response.extensions_mut().remove::<Refused>() {
        response = refused::page(&refused, &response, lang, &path);
    }
    let said = (has_flash && response.status() == StatusCode::OK).then(|| flash::gone(is_https));
    let remembered = query
        .contains_key("lang")
        .then(|| language_cookie(lang, "/", is_https));
    tell(&mut response, lang, said.into_iter().chain(remembered));
    let mut response = page_headers(response).await;
    response.headers_mut().insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    response
}
