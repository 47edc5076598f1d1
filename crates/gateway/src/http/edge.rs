//! What every request passes first and every answer last: an id, a language, a count, and JSON even where nothing else
//! made an answer.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use ayni_domain::lang::Lang;
use tower::{Layer, Service};
use tracing::{Instrument as _, Span};
use uuid::fmt::Hyphenated;

use super::{RequestLang, envelope, error};
use crate::app::{App, Shared};
use crate::requests::tail::{Asked, Opened};
use crate::traces;

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
        let route = request.extensions().get::<MatchedPath>().cloned();
        let arrival = Arrival::of(&self.app, &mut request, routed(route.as_ref()));
        let answered = arrival.span.in_scope(|| self.behind.call(request));
        Box::pin(async move { arrival.answer(routed(route.as_ref()), answered).await })
    }
}

fn routed(route: Option<&MatchedPath>) -> &str {
    route.map_or(traces::UNMATCHED, MatchedPath::as_str)
}

/// What the edge knows of a request before anybody works on it.
pub(super) struct Arrival {
    app: Shared,
    start: Instant,
    id: HeaderValue,
    lang: Lang,
    is_data: bool,
    method: Method,
    /// Only where somebody tails requests or exports spans.
    path: Option<String>,
    span: Span,
    trace: Span,
}

impl Arrival {
    /// Notes the request and leaves its language with it.
    pub(super) fn of(app: &Shared, request: &mut Request, route: &str) -> Arrival {
        let (lang, id) = (request_lang(request), request_id(app, request.headers()));
        request.extensions_mut().insert(RequestLang(lang));
        let (method, path) = (request.method(), request.uri().path());
        let id_text = id.to_str().unwrap_or_default();
        Arrival {
            app: app.clone(),
            start: Instant::now(),
            lang,
            is_data: envelope::is_data_path(path),
            method: method.clone(),
            path: (app.tail.is_any() || traces::is_on()).then(|| path.to_owned()),
            span: tracing::info_span!("request", id = id_text),
            trace: traces::request(method, (route, path), request.headers(), id_text),
            id,
        }
    }

    /// The answer as it leaves: refusals in words, marked with the request's id, counted.
    pub(super) async fn answer<E>(
        self,
        route: &str,
        answered: impl Future<Output = Result<Response, E>>,
    ) -> Result<Response, E> {
        let worked = answered.instrument(self.trace.clone());
        let mut made = worked.instrument(self.span.clone()).await?;
        let opened = self.app.tail.left_with(&mut made);
        let mut response = self.span.in_scope(|| match self.is_data {
            true => envelope::render(made, self.lang, || self.app.entropy.uuid()),
            false => error::render(made, self.lang),
        });
        mark(&self.app, self.id, &mut response);
        let path = self.path.as_deref().unwrap_or(route);
        traces::answered(&self.trace, path, response.status());
        count(
            &self.app,
            (&self.method, route, path),
            opened,
            &response,
            self.start,
        );
        Ok(response)
    }
}

/// Counts an answer as it leaves, and takes its line where somebody tails its account.
fn count(
    app: &App,
    (method, route, path): (&Method, &str, &str),
    opened: Option<Opened>,
    response: &Response,
    start: Instant,
) {
    let took = start.elapsed();
    app.counts.add(method, route, response.status(), took);
    if let Some(opened) = opened {
        let id = response.headers().get(X_REQUEST_ID);
        let asked = Asked {
            method,
            route,
            path,
            request_id: id.and_then(|id| id.to_str().ok()).unwrap_or_default(),
            status: response.status().as_u16(),
            took,
            at: app.clock.now(),
        };
        app.tail.add(opened, &asked);
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
pub(super) fn request_id(app: &App, headers: &HeaderMap) -> HeaderValue {
    headers
        .get(X_REQUEST_ID)
        .filter(|value| is_request_id(value.as_bytes()))
        .cloned()
        .unwrap_or_else(|| {
            let mut text = [0; Hyphenated::LENGTH];
            let text = own_id(app, &mut text);
            HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("none"))
        })
}

/// Whether a caller's own id is taken for its request's: not long, and ASCII that can be seen.
pub(super) fn is_request_id(value: &[u8]) -> bool {
    let is_seen = |byte: &u8| *byte == b'\t' || (b' '..=b'~').contains(byte);
    value.len() <= MAX_REQUEST_ID_BYTES && value.iter().all(is_seen)
}

/// A new id of ours.
pub(super) fn own_id<'a>(app: &App, text: &'a mut [u8; Hyphenated::LENGTH]) -> &'a str {
    app.entropy.uuid().hyphenated().encode_lower(text)
}

/// The headers that every answer has: its request's id and, where we are reached by https, that we always are.
pub(super) fn mark(app: &App, id: HeaderValue, response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(X_REQUEST_ID, id);
    if let Some(https_only) = https_only(app) {
        let value = HeaderValue::from_static(https_only);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
}

/// What browsers are told of coming by https, where we are reached so.
pub(super) fn https_only(app: &App) -> Option<&'static str> {
    (app.settings.public_url.scheme() == "https").then_some(HTTPS_ONLY)
}

/// A browser that was here once comes by https for a year.
const HTTPS_ONLY: &str = "max-age=31536000";
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MAX_REQUEST_ID_BYTES: usize = 128;
