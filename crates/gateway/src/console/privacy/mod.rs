//! `/console/privacy`: what an account keeps about one person, told and erased. Owners only.
//!
//! Whose data it is stands in no address: a form says it, and what becomes of it is a case with a number of its own
//! ([`crate::privacy::cases`]).

mod acts;
mod file;
mod pages;

use axum::Router;
use axum::routing::{get, post};

use super::audit::Actor;
use super::refused::Refused;
use super::seat::Seat;
use crate::app::App;
use crate::app::Shared;
use crate::privacy::cases::{self, Case, CaseError};

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/privacy", get(pages::ask).post(acts::look))
        .route("/console/privacy/{id}", get(pages::case))
        .route("/console/privacy/{id}/file", post(acts::ask_for_file))
        .route("/console/privacy/{id}/person.json", get(file::download))
        .route("/console/privacy/{id}/erase", post(acts::erase))
}

/// The person's own case of this id.
async fn find(app: &App, seat: &Seat, id: &str) -> Result<Case, Refused> {
    let found = cases::find(app, &Actor::of(seat), id).await?;
    found.ok_or(Refused::NotFound)
}

fn href(id: &str) -> String {
    format!("/console/privacy/{id}")
}

impl From<CaseError> for Refused {
    fn from(error: CaseError) -> Refused {
        match error {
            CaseError::Store(error) => error.into(),
            CaseError::Gone => Refused::NotFound,
            CaseError::Unproved => Refused::NotThisPage,
            other => Refused::internal(&other),
        }
    }
}
