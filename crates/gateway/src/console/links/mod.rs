//! `/console/links`: reusable payment links, what came of each, and their QR to print.

mod edit;
mod form;
mod pages;
mod print;

use axum::Router;
use axum::routing::{get, post};
use ayni_domain::audit::Action;
use jiff::Timestamp;

use super::audit;
use super::refused::Refused;
use super::seat::Seat;
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::payment_links::LinkError;
use crate::witness::Witness;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/links", get(pages::list).post(edit::create))
        .route("/console/links/new", get(edit::blank))
        .route("/console/links/{code}", get(pages::show).post(edit::change))
        .route("/console/links/{code}/edit", get(edit::filled))
        .route("/console/links/{code}/active", post(edit::set_active))
        .route("/console/links/{code}/print", get(print::show))
}

/// Signs the person's act in its unit of work.
fn signed_by(seat: &Seat, action: Action, now: Timestamp) -> Witness {
    let seat = seat.clone();
    Witness::new(move |tx, subject| Ok(audit::note(tx, &seat, action, subject, now)?))
}

/// What is said of a link that is not there, or of a fault of ours.
fn refused(error: LinkError) -> Refused {
    match error {
        LinkError::NotFound(_) => Refused::NotFound,
        LinkError::Refused(ApiError::Unavailable) => Refused::Unavailable,
        LinkError::Refused(ApiError::OutcomeUnknown) => Refused::OutcomeUnknown,
        LinkError::Refused(ApiError::AccountDisabled) => Refused::AccountDisabled,
        other => Refused::internal(&other),
    }
}
