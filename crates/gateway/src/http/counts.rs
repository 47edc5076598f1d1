//! How much we were asked: request metrics by route (never by path: ids are no labels), method and status.
//!
//! Looking a metric up by its labels costs as much as a point read, so each is looked up once.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{Counter, Histogram};

/// The request metrics that were needed so far: as many as there are routes, methods and statuses.
#[derive(Default)]
pub struct Counts(RwLock<HashMap<String, ByAnswer>>);

/// The metrics of one route.
type ByAnswer = HashMap<Answer, Counted>;

/// The method and the status.
type Answer = (&'static str, StatusCode);

/// The metrics of one kind of answer.
#[derive(Clone)]
pub(super) struct Counted {
    requests: Counter,
    seconds: Histogram,
}

impl Counts {
    /// Counts an answered request.
    pub fn add(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        self.of(method, route, status).add(took);
    }

    /// Where answers of a kind are counted.
    pub(super) fn of(&self, method: &Method, route: &str, status: StatusCode) -> Counted {
        let answer = (known(method), status);
        let found = {
            let routes = self.0.read().unwrap_or_else(PoisonError::into_inner);
            routes
                .get(route)
                .and_then(|answers| answers.get(&answer))
                .cloned()
        };
        found.unwrap_or_else(|| self.look_up(route, answer))
    }

    fn look_up(&self, route: &str, answer: Answer) -> Counted {
        let route_label = ("route", route.to_owned());
        let labels = [
            ("method", answer.0.to_owned()),
            route_label.clone(),
            ("status", answer.1.as_str().to_owned()),
        ];
        let counted = Counted {
            requests: metrics::counter!("ayni_http_requests_total", &labels),
            seconds: metrics::histogram!("ayni_http_request_seconds", &[route_label]),
        };
        let mut routes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let answers = routes.entry(route.to_owned()).or_default();
        answers.insert(answer, counted.clone());
        counted
    }
}

impl Counted {
    /// Counts an answered request.
    pub(super) fn add(&self, took: Duration) {
        self.requests.increment(1);
        self.seconds.record(took.as_secs_f64());
    }
}

/// The method's name; what is no method of ours is all one, since callers may invent as many as they like.
fn known(method: &Method) -> &'static str {
    const OURS: [Method; 4] = [Method::GET, Method::POST, Method::DELETE, Method::HEAD];
    const NAMES: [&str; 4] = ["GET", "POST", "DELETE", "HEAD"];
    let place = OURS.iter().position(|ours| ours == method);
    place.map_or("other", |place| NAMES[place])
}
