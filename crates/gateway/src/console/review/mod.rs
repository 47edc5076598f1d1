//! `/console/review`: money on the account's bank accounts that waits for a person, and what the person decides.

mod candidates;
mod deciding;
mod list;
mod one;

use axum::Router;
use axum::routing::{get, post};
use url::form_urlencoded;

use super::refused::Refused;
use super::seat::Seat;
use crate::app::App;
use crate::app::Shared;
use crate::reconciliation::review::{self, ReviewError, Shown};

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/review", get(list::list))
        .route("/console/review/movement", get(one::show))
        .route("/console/review/assign", post(deciding::assign))
        .route("/console/review/accept", post(deciding::accept))
        .route("/console/review/return", post(deciding::give_back))
        .route("/console/review/acknowledge", post(deciding::acknowledge))
}

/// A movement as its addresses and forms name it. The bank's ids may have any characters, so they stand in no path.
#[derive(Clone, Debug)]
struct Named {
    uuid: String,
    movement: String,
}

impl Named {
    /// The page of it.
    fn href(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("account", &self.uuid)
            .append_pair("movement", &self.movement)
            .finish();
        format!("/console/review/movement?{query}")
    }

    /// What is known of it, if it is on a bank account of this account's; another's is not found.
    async fn find(&self, app: &App, seat: &Seat) -> Result<Shown, Refused> {
        match review::show(&app.db, &self.uuid, &self.movement).await {
            Ok(shown) if shown.entry.receiver_id == seat.account.0 => Ok(shown),
            Ok(_) | Err(ReviewError::NoMovement { .. }) => Err(Refused::NotFound),
            Err(ReviewError::Store(error)) => Err(error.into()),
            Err(other) => Err(Refused::internal(&other)),
        }
    }
}
