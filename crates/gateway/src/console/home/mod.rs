//! `/console`: the first page.

mod pages;

use axum::Router;
use axum::routing::get;

use crate::app::Shared;

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/console", get(pages::home))
}
