//! What a listener serves: the router, and before it the two requests that are made most: reading a payment and making
//! one.
//!
//! Routing, layers and boxed futures cost as much as all else that such a request does, so it goes past them, through the
//! same functions, with the same headers, and counted alike. A reading is answered without any waiting where that can be
//! done and nothing refuses it, from the bytes of the request where they can be had (`plain`); everything that is refused
//! or unusual goes to the router.

pub(super) mod plain;

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::future::RouteFuture;
use ayni_domain::ids::PaymentId;
use bytes::Bytes;
use hyper::body::Body;
use tokio_util::either::Either;
use tower::Service;

use super::auth::Key;
use super::counts::Counted;
use super::edge::{self, Arrival};
use super::json::Answer;
use super::limits::Allowance;
use super::{auth, limits};
use crate::app::Shared;
use crate::{payments, traces};

/// A router, and the short way past it.
#[derive(Clone)]
pub struct Front {
    router: Router,
    short: Option<Short>,
}

/// The short way's own.
#[derive(Clone)]
struct Short {
    app: Shared,
    /// The metrics of readings that were told, looked up at the first one.
    readings: Arc<OnceLock<Counted>>,
}

impl Front {
    /// The gateway's router with the short way of its readings.
    pub(super) fn of(app: &Shared, router: Router) -> Front {
        let short = Short {
            app: app.clone(),
            readings: Arc::default(),
        };
        Front {
            router,
            short: Some(short),
        }
    }

    /// The answer to a plain reading of a payment, where it can be given at once; `None` says nothing but that the
    /// router must answer.
    pub(super) fn at_once<B: Body>(&self, request: &http::Request<B>) -> Option<Response> {
        let short = self.short.as_ref()?;
        let id = PaymentId::parse(request.uri().path().strip_prefix(PAYMENTS)?).ok()?;
        if request.method() != Method::GET || !request.body().is_end_stream() {
            return None;
        }
        let key = auth::key_of(request.headers())?;
        let (json, allowance) = short.read(key, id)?;
        let mut response = Answer(json).into_response();
        limits::tell(&mut response, &allowance);
        let app = &short.app;
        edge::mark(app, edge::request_id(app, request.headers()), &mut response);
        Some(response)
    }

    /// The answer of whoever it is for.
    pub(super) fn routed(mut self, mut request: Request) -> Routed {
        match self.short {
            Some(Short { app, .. })
                if request.method() == Method::POST && request.uri().path() == payments::PAYMENTS_ROUTE =>
            {
                let arrival = Arrival::of(&app, &mut request, payments::PAYMENTS_ROUTE);
                Either::Left(Box::pin(create(app, arrival, request)))
            }
            _ => Either::Right(self.router.call(without_nul(request))),
        }
    }
}

impl Short {
    /// A payment's JSON, where it can be told at once; counted as answered. Where spans are exported the router answers, so
    /// that there is one of each reading.
    fn read(&self, key: Key, id: PaymentId) -> Option<(Bytes, Allowance)> {
        if traces::is_on() {
            return None;
        }
        let start = Instant::now();
        let told = payments::read_at_once(&self.app, key, id)?;
        let looked_up = || {
            let counts = &self.app.counts;
            counts.of(&Method::GET, payments::PAYMENT_ROUTE, StatusCode::OK)
        };
        self.readings.get_or_init(looked_up).add(start.elapsed());
        Some(told)
    }
}

/// NUL is no text on every engine. In its place stands what stands for what can't be read, so that an address with one names
/// nothing, and is answered as any other that does.
fn without_nul(mut request: Request) -> Request {
    if !request.uri().path().contains(NUL) {
        return request;
    }
    let path = request.uri().path().replace(NUL, REPLACEMENT);
    let path_and_query = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = path_and_query.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

/// Somebody's answer to come.
type Routed =
    Either<Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>, RouteFuture<Infallible>>;

async fn create(app: Shared, arrival: Arrival, request: Request) -> Result<Response, Infallible> {
    let key = auth::key_of(request.headers());
    let answered = auth::as_caller(&app, key, payments::likely, |caller, likely| {
        let created = Box::pin(payments::create_as(app.clone(), caller, likely, request));
        async { Ok(created.await) }
    });
    arrival.answer(payments::PAYMENTS_ROUTE, answered).await
}

impl From<Router> for Front {
    /// A router without a short way.
    fn from(router: Router) -> Front {
        Front { router, short: None }
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, Routed>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.at_once(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(self.clone().routed(request)),
        }
    }
}

const PAYMENTS: &str = "/v3/payments/";
const NUL: &str = "%00";
/// U+FFFD.
const REPLACEMENT: &str = "%EF%BF%BD";

#[cfg(test)]
mod tests {
    use axum::body::{Body as Bytes, to_bytes};
    use axum::http::Request as Asked;
    use ayni_domain::privilege::{Mode, Privileges};

    use super::*;
    use crate::harness::House;
    use crate::merchants::{accounts, keys};

    const PLAIN: &str = r#"{"amount":1000,"currency":"CLP","subject":"Cobro \"de\" prueba"}"#;

    async fn payment_of(house: &House) -> String {
        let created = house.post("/v3/payments", PLAIN).await.json();
        format!("/v3/payments/{}", created["payment_id"].as_str().unwrap())
    }

    fn asked(method: &str, path: &str, key: &str) -> Asked<Bytes> {
        let asked = Asked::builder().method(method).uri(path);
        let asked = asked.header("x-api-key", key).header("x-request-id", "one");
        asked.body(Bytes::empty()).unwrap()
    }

    async fn read(response: Response) -> (Vec<(String, String)>, bytes::Bytes) {
        let (parts, body) = response.into_parts();
        let told = |name: &str| name != "content-length" && name != "ratelimit-remaining";
        let mut headers: Vec<(String, String)> = (parts.headers.iter())
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .filter(|(name, _)| told(name))
            .collect();
        headers.sort();
        (headers, to_bytes(body, usize::MAX).await.unwrap())
    }

    #[tokio::test]
    async fn a_reading_that_is_answered_at_once_says_what_the_router_says() {
        let house = House::open().await;
        let path = payment_of(&house).await;
        let front = house.front();
        let at_once = front.at_once(&asked("GET", &path, &house.key)).unwrap();
        let routed = front
            .clone()
            .routed(asked("GET", &path, &house.key))
            .await
            .unwrap();
        assert_eq!(at_once.status(), routed.status());
        let (at_once, routed) = (read(at_once).await, read(routed).await);
        assert_eq!(at_once, routed);
        assert!(at_once.0.contains(&("x-request-id".to_owned(), "one".to_owned())));
    }

    #[tokio::test]
    async fn whatever_is_refused_or_unusual_is_left_to_the_router() {
        let house = House::open().await;
        let path = payment_of(&house).await;
        let (_, stranger) = house.another(Mode::Developer, Privileges::of_a_developer()).await;
        let front = house.front();
        let key = house.key.as_str();
        for (method, path, key) in [
            ("HEAD", path.as_str(), key),
            ("DELETE", &path, key),
            ("GET", "/v3/payments", key),
            ("GET", "/v3/payments/aaaaaaaaaaaa", key),
            ("GET", "/v3/payments/nonsense", key),
            ("GET", &format!("{path}/"), key),
            ("GET", &path, "nonsense"),
            ("GET", &path, &stranger),
        ] {
            assert!(
                front.at_once(&asked(method, path, key)).is_none(),
                "{method} {path}"
            );
        }
        let with_body = asked("GET", &path, key).map(|_| Bytes::from("{}"));
        assert!(front.at_once(&with_body).is_none());
        for is_disabled in [true, false] {
            accounts::set_disabled(&house.app, house.account, is_disabled)
                .await
                .unwrap();
            let answered = front.at_once(&asked("GET", &path, key));
            assert_eq!(answered.is_none(), is_disabled);
        }
        keys::expire(&house.app, house.account, "test").await.unwrap();
        assert!(front.at_once(&asked("GET", &path, key)).is_none());
    }

    #[tokio::test]
    async fn a_key_over_its_rate_is_left_to_the_router() {
        let house = House::with(|settings| settings.rate_limit_per_s = 1).await;
        let path = payment_of(&house).await;
        let front = house.front();
        let mut readings = (0..50).map(|_| front.at_once(&asked("GET", &path, &house.key)));
        assert!(readings.any(|answer| answer.is_none()));
    }
}
