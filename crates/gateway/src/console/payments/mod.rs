//! `/console/payments`: finding an account's payments, everything that happened to one, and what its people do with it.

mod acts;
pub(crate) mod export;
mod list;
mod one;
mod pages;
pub mod search;

use axum::Router;
use axum::routing::get;

use crate::app::Shared;

/// Every SQL text of these folders.
pub(crate) const STATEMENTS: &[&[&str]] = &[export::STATEMENTS, list::STATEMENTS, search::STATEMENTS];

/// The pages.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/payments", get(pages::list).post(pages::filter))
        .route(
            "/console/payments/exports",
            get(export::pages::list).post(export::pages::ask),
        )
        .route("/console/payments/exports/{id}", get(export::pages::download))
        .route("/console/payments/{id}", get(one::show))
        .merge(acts::router())
}
