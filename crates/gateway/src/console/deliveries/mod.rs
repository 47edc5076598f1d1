//! `/console/deliveries`: what the account's server was told, what its payers were written, how each try went, and what
//! was given up.

mod again;
mod failed;
mod mails;
pub(crate) mod narrowed;
mod notices;
mod one;
mod trial;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Shared;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/deliveries", get(notices::list))
        .route("/console/deliveries/resend", post(notices::resend_failed))
        .route("/console/deliveries/trial", post(trial::send))
        .route(
            "/console/deliveries/failed",
            get(failed::list).post(failed::retry),
        )
        .route("/console/deliveries/mails", get(mails::list))
        .route("/console/deliveries/mails/{id}", get(mails::show))
        .route("/console/deliveries/mails/{id}/resend", post(mails::resend))
        .route("/console/deliveries/{id}", get(one::show))
        .route("/console/deliveries/{id}/resend", post(one::resend))
        .route("/console/deliveries/{id}/stop", post(one::stop))
}
