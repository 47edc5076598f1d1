//! The merchant's console: what people of an account see and do in a browser, at `/console`.
//!
//! It is one capability with a folder for each group of pages. What all of them share stands here: who sits before the
//! page and what that person may do ([`seat`]), the proof that a form came from one of that person's pages (`form`), the
//! frame around a page ([`frame`]), the sentence that is said after an act (`flash`), what is refused ([`refused`]), and
//! the log of every act ([`audit`]).
//!
//! Pages work without scripts: every form is an ordinary POST that ends in a redirect. What they decide they decide by
//! the functions that the API and the command line call.

pub mod audit;
mod clients;
pub(crate) mod deliveries;
pub(crate) mod flash;
pub(crate) mod form;
pub mod frame;
pub mod home;
mod keys;
mod links;
pub mod payments;
mod people;
pub(crate) mod press;
mod privacy;
pub mod refused;
mod review;
pub mod seat;
mod settlements;
mod told;

mod around;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::any;
use axum::{Router, middleware};

use self::refused::Refused;
use crate::app::Shared;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&[&str]] = &[
    audit::STATEMENTS,
    home::STATEMENTS,
    seat::STATEMENTS,
    seat::SECOND_STATEMENTS,
];

/// The pages.
pub fn router(app: &Shared) -> Router<Shared> {
    Router::new()
        .merge(home::router())
        .merge(seat::router())
        .merge(payments::router())
        .merge(people::router())
        .merge(deliveries::router())
        .merge(review::router())
        .merge(keys::router())
        .merge(clients::router())
        .merge(settlements::router())
        .merge(links::router())
        .merge(privacy::router())
        .merge(audit::router())
        .route("/console/{*path}", any(nowhere))
        .layer(middleware::from_fn_with_state(app.clone(), around::page))
}

/// A filled-in template as an answer.
pub(crate) fn page(template: &impl Template) -> Result<Response, Refused> {
    page_as(StatusCode::OK, template)
}

/// The same with another status, such as 422 for a form that is shown again.
pub(crate) fn page_as(status: StatusCode, template: &impl Template) -> Result<Response, Refused> {
    Ok((status, Html(template.render()?)).into_response())
}

/// A form that is shown again with what is wrong in it.
pub(crate) fn page_again(template: &impl Template) -> Result<Response, Refused> {
    page_as(StatusCode::UNPROCESSABLE_ENTITY, template)
}

async fn nowhere() -> Refused {
    Refused::NotFound
}
