//! The edge: what every request passes before a capability sees it, and every answer on its way out.
//!
//! Outside in: the request gets an id and a language, is counted, and is answered with JSON even where no route
//! matched; under `/v3` a key opens it first ([`auth`]). Capabilities return typed values and [`error::ApiError`].

pub mod auth;
pub mod data_auth;
pub mod envelope;
pub mod error;
pub mod health;
pub mod idempotent;
pub mod json;
pub mod limits;
pub mod openapi;
pub(crate) mod pages;
pub mod serve;
#[cfg(test)]
mod tests;

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use ayni_domain::lang::Lang;
use tracing::Instrument as _;

use crate::app::Shared;
use crate::{banks, consents, institutions, links, oauth, operations, payer, payments};

/// Everything the gateway serves.
pub fn router(app: Shared) -> Router {
    let api = payments::router()
        .merge(banks::api::router())
        .layer(middleware::from_fn_with_state(app.clone(), auth::authenticate));
    let data = operations::router(&app)
        .merge(institutions::router())
        .merge(links::router())
        .merge(oauth::link_flow::router())
        .layer(middleware::from_fn_with_state(
            app.clone(),
            data_auth::authenticate,
        ));
    Router::new()
        .merge(api)
        .merge(data)
        .merge(payments::public_router())
        .merge(banks::api::public_router())
        .merge(payer::router())
        .merge(oauth::router())
        .merge(consents::router())
        .merge(health::router(app.metrics.clone()))
        .merge(openapi::router())
        .layer(middleware::from_fn_with_state(app.clone(), edge))
        .with_state(app)
}

/// The language the caller asked for, from `Accept-Language`; Spanish where it named none of ours.
#[derive(Clone, Copy, Debug)]
pub struct RequestLang(pub Lang);

/// The request's id: the caller's `X-Request-Id` or one of ours, echoed in the answer and in every log line.
#[derive(Clone, Debug)]
pub struct RequestId(pub HeaderValue);

async fn edge(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    let lang = request_lang(&request);
    let id = request_id(&app, &request);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let is_data = envelope::is_data_path(request.uri().path());
    request.extensions_mut().insert(RequestLang(lang));
    request.extensions_mut().insert(RequestId(id.clone()));

    let start = Instant::now();
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let answered = async {
        let response = next.run(request).await;
        match is_data {
            true => envelope::render(response, lang, || app.entropy.uuid()),
            false => error::render(response, lang),
        }
    };
    let mut response = answered.instrument(span).await;
    response.headers_mut().insert(X_REQUEST_ID, id);
    if app.settings.public_url.scheme() == "https" {
        let header = HeaderValue::from_static(HTTPS_ONLY);
        response
            .headers_mut()
            .insert(header::STRICT_TRANSPORT_SECURITY, header);
    }
    limits::count_request(&method, route.as_deref(), response.status(), start.elapsed());
    response
}

fn request_lang(request: &Request) -> Lang {
    request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Lang::Es, Lang::from_accept_language)
}

fn request_id(app: &Shared, request: &Request) -> HeaderValue {
    request
        .headers()
        .get(X_REQUEST_ID)
        .filter(|value| value.len() <= MAX_REQUEST_ID_BYTES && value.to_str().is_ok())
        .cloned()
        .unwrap_or_else(|| {
            HeaderValue::from_str(&app.entropy.uuid().to_string()).unwrap_or(HeaderValue::from_static("none"))
        })
}

/// A browser that was here once comes by https for a year.
const HTTPS_ONLY: &str = "max-age=31536000";
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MAX_REQUEST_ID_BYTES: usize = 128;
