//! The edge: what every request passes before a capability sees it, and every answer on its way out.
//!
//! Outside in: the request gets an id and a language, is counted, and is answered with JSON even where no route
//! matched (`edge`); under `/v3` a key opens it first ([`auth`]). Capabilities return typed values and
//! [`error::ApiError`].

pub mod auth;
pub mod counts;
pub mod data_auth;
mod edge;
pub mod envelope;
pub mod error;
pub mod front;
pub mod health;
pub mod idempotent;
pub mod json;
pub mod limits;
pub(crate) mod object;
pub mod openapi;
pub(crate) mod pages;
pub mod serve;
#[cfg(test)]
mod tests;

use axum::{Router, middleware};
use ayni_domain::lang::Lang;

use crate::app::Shared;
use crate::{
    banks, consents, console, contracts, events, guide, institutions, links, lists, mails, oauth, operations,
    payer, payment_links, payments, receipts, receivers, refunds, requests, settlement,
};
use auth::Authentication;
use edge::Edge;
use front::Front;

/// Everything the gateway serves, as listeners are given it.
pub fn front(app: &Shared) -> Front {
    Front::of(app, router(app.clone()))
}

/// What stands behind every front.
pub(crate) fn router(app: Shared) -> Router {
    let data = operations::router(&app)
        .merge(institutions::router())
        .merge(links::router())
        .merge(oauth::link_flow::router())
        .layer(middleware::from_fn_with_state(
            app.clone(),
            data_auth::authenticate,
        ));
    Router::new()
        .merge(payments::router(&app))
        .merge(settlement::router(&app))
        .merge(refunds::router(&app))
        .merge(refunds::public_router())
        .merge(banks::api::router().layer(Authentication::of(&app)))
        .merge(receivers::router().layer(Authentication::of(&app)))
        .merge(events::router(&app))
        .merge(requests::router(&app))
        .merge(lists::router(&app))
        .merge(data)
        .merge(payments::public_router())
        .merge(contracts::public_router())
        .merge(receipts::router())
        .merge(banks::api::public_router())
        .merge(payer::router())
        .merge(payment_links::router())
        .merge(oauth::router())
        .merge(consents::router())
        .merge(console::router(&app))
        .merge(mails::router())
        .merge(health::router(app.metrics.clone()))
        .merge(openapi::router())
        .merge(guide::router())
        .layer(Edge::of(&app))
        .with_state(app)
}

/// The language the caller asked for, from `Accept-Language`; Spanish where it named none of ours.
#[derive(Clone, Copy, Debug)]
pub struct RequestLang(pub Lang);
