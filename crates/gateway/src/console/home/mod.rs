//! The first page of the console: how the last thirty days went, how the sites are, and what waits for somebody.
//!
//! It answers as fast at a million payments as at none: figures come from the sums of days ([`feed`]), and what waits is
//! counted in indexes that hold nothing else.

pub mod feed;
mod figures;
mod pages;
mod plot;
mod sql;
mod view;

use axum::Router;
use axum::routing::get;

use crate::app::Shared;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/console", get(pages::show))
}

#[cfg(test)]
mod tests;
