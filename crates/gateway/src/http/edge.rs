//! What every request passes first and every answer last: an id, a language, a count, and JSON even where nothing else
//! made an answer.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use ayni_domain::lang::Lang;
use tower::{Layer, Service};
use tracing::Instrument as _;
use uuid::fmt::Hyphenated;

use super::{RequestLang, envelope, error};
use crate::app::{App, Shared};

/// Puts everything behind the edge.
#[derive(Clone)]
pub struct Edge {
    app: Shared,
}

/// What stands behind the edge.
#[derive(Clone)]
pub struct Edged<S> {
    behind: S,
    app: Shared,
}

impl Edge {
    /// With this gateway's randomness and counts.
    pub fn of(app: &Shared) -> Edge {
        Edge { app: app.clone() }
    }
}

impl<S> Layer<S> for Edge {
    type Service = Edged<S>;

    fn layer(&self, behind: S) -> Edged<S> {
        Edged {
            behind,
            app: self.app.clone(),
        }
    }
}

/// A service of its own and not a function of axum's middleware, which clones all that stands behind it once more.
impl<S> Service<Request> for Edged<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.behind.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let (app, start) = (self.app.clone(), Instant::now());
        let lang = request_lang(&request);
        let id = request_id(&app, &request);
        let is_data = envelope::is_data_path(request.uri().path());
        let route = request.extensions().get::<MatchedPath>().cloned();
        let method = request.method().clone();
        request.extensions_mut().insert(RequestLang(lang));
        let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
        let answered = span.in_scope(|| self.behind.call(request));
        Box::pin(async move {
            let made = answered.instrument(span.clone()).await?;
            let mut response = span.in_scope(|| match is_data {
                true => envelope::render(made, lang, || app.entropy.uuid()),
                false => error::render(made, lang),
            });
            response.headers_mut().insert(X_REQUEST_ID, id);
            if app.settings.public_url.scheme() == "https" {
                let https_only = HeaderValue::from_static(HTTPS_ONLY);
                response
                    .headers_mut()
                    .insert(header::STRICT_TRANSPORT_SECURITY, https_only);
            }
            let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
            app.counts.add(&method, route, response.status(), start.elapsed());
            Ok(response)
        })
    }
}

fn request_lang(request: &Request) -> Lang {
    request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Lang::Es, Lang::from_accept_language)
}

/// The request's id: the caller's `X-Request-Id` or one of ours, echoed in the answer and in every log line.
fn request_id(app: &App, request: &Request) -> HeaderValue {
    request
        .headers()
        .get(X_REQUEST_ID)
        .filter(|value| value.len() <= MAX_REQUEST_ID_BYTES && value.to_str().is_ok())
        .cloned()
        .unwrap_or_else(|| {
            let mut text = [0; Hyphenated::LENGTH];
            let text = app.entropy.uuid().hyphenated().encode_lower(&mut text);
            HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("none"))
        })
}

/// A browser that was here once comes by https for a year.
const HTTPS_ONLY: &str = "max-age=31536000";
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MAX_REQUEST_ID_BYTES: usize = 128;
