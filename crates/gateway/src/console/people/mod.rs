//! `/console/people`: who may use the account, and what each may do. Owners only.

mod invitations;
mod pages;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Shared;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/people", get(pages::list))
        .route("/console/people/set", post(pages::set))
        .route("/console/people/invite", post(invitations::send_again))
        .route("/console/people/remove", post(pages::remove))
}
