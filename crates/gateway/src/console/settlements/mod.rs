//! What an account was paid out, what it still has to get and why that waits, and where it is paid.

mod list;
mod one;
mod payout;
mod view;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Shared;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/settlements", get(list::show))
        .route("/console/settlements/confirm", post(list::confirm))
        .route(
            "/console/settlements/rendition-url",
            post(payout::set_rendition_url),
        )
        .route("/console/settlements/payout-account", post(payout::set_account))
        .route("/console/settlements/{id}", get(one::show))
        .route("/console/settlements/{id}/lines.csv", get(one::lines))
        .route("/console/settlements/{id}/rendition.json", get(one::rendition))
}
