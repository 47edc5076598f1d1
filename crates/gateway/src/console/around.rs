//! What every answer of the console passes: refusals become pages, the language is told and remembered, a sentence that
//! was shown is not shown again, and every page has its headers.
//!
//! The answer to a form stands at the form's address, and not every such address has a page. Who comes back to one by the link
//! to the other language, or types it, is led to the page that it belongs to.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

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
    let page = page_of_form(&parts);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(refused) = response.extensions_mut().remove::<Refused>() {
        response = refused::page(&refused, &response, lang, &path);
    }
    if let Some(page) = page.filter(|_| response.status() == StatusCode::METHOD_NOT_ALLOWED) {
        response = (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response();
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

/// The page to which an address belongs that takes forms only: the one above it, with the same query. Nothing for a form.
fn page_of_form(parts: &Parts) -> Option<String> {
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return None;
    }
    let (above, _) = parts.uri.path().rsplit_once('/')?;
    Some(match parts.uri.query() {
        Some(query) => format!("{above}?{query}"),
        None => above.to_owned(),
    })
}
