//! The bank's web site: ordinary pages and forms, no script, as a customer's browser or a connector sees it.
//!
//! Every page names itself in `<body data-page>`; instants are `<time datetime>`, amounts `<data value>`.

mod accounts;
mod download;
mod form;
mod home;
mod login;
mod money;
mod page;
mod receipt;
mod statics;
mod transfer;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};

use crate::bank::DemoBank;
use crate::csrf::CsrfKey;
use crate::session::Sessions;

/// The largest form that is read.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// Everything a page may come from: this site's style sheet and pictures, and nothing else.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// What the handlers share.
#[derive(Clone)]
pub struct Site {
    bank: DemoBank,
    sessions: Arc<Sessions>,
    csrf: Arc<CsrfKey>,
}

/// The site of that bank, with no one logged in yet.
pub fn router(bank: DemoBank) -> Router {
    let csrf = Arc::new(CsrfKey::new(bank.randomness().bytes()));
    let site = Site {
        bank,
        sessions: Arc::new(Sessions::default()),
        csrf,
    };
    Router::new()
        .route("/", get(home::show))
        .route("/login", get(login::show).post(login::enter))
        .route("/logout", post(login::leave))
        .route("/accounts", get(accounts::list))
        .route("/accounts/{number}", get(accounts::statement))
        .route("/accounts/{number}/statement.csv", get(download::statement))
        .route("/transfer", get(transfer::form).post(transfer::begin))
        .route("/transfer/{draft}", get(transfer::card).post(transfer::confirm))
        .route("/receipt/{operation}", get(receipt::show))
        .route("/static/{file}", get(statics::file))
        .fallback(page::not_found)
        .method_not_allowed_fallback(page::not_allowed)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn(guard))
        .with_state(site)
}

/// The headers of every answer; pages are not kept by the browser, so that nobody pages back into an ended session.
async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
