//! One press of a button: what it does is done once, however often its form is sent, and is noted in the audit log in the
//! same unit of work.
//!
//! The form carries a token that was drawn with its page. Whoever does something signs with it first ([`Press::witness`]);
//! the second of two that come with one token finds it taken, and is told what the first one was told.

use axum::http::StatusCode;
use ayni_domain::audit::Action;
use uuid::Uuid;

use super::audit;
use super::refused::Refused;
use super::seat::Seat;
use crate::app::{App, Shared};
use crate::http::error::ApiError;
use crate::http::idempotent::AnswerPlace;
use crate::http::pages::Form;
use crate::witness::Witness;

/// A form that was sent, by whom, and for what.
#[derive(Clone)]
pub(crate) struct Press {
    app: Shared,
    seat: Seat,
    action: Action,
    place: AnswerPlace,
}

impl Press {
    /// Of a form with the hidden field `once`, as [`once_field`] writes it.
    pub(crate) fn of(app: &Shared, seat: &Seat, form: &Form, action: Action) -> Result<Press, Refused> {
        let Ok(token) = Uuid::parse_str(form.text(ONCE)) else {
            return Err(Refused::NotThisPage);
        };
        let path = format!("/console#{}", action.as_str());
        Ok(Press {
            app: app.clone(),
            seat: seat.clone(),
            action,
            place: AnswerPlace::of_form(app, seat.account, &path, &token),
        })
    }

    /// Signs with the token and the audit log's line.
    pub(crate) fn witness(&self) -> Witness {
        let Press {
            app,
            seat,
            action,
            place,
        } = self.clone();
        let now = app.clock.now();
        Witness::new(move |tx, subject| {
            place.keep(&app, StatusCode::OK, subject.as_bytes())?.insert(tx)?;
            Ok(audit::note(tx, &seat, action, subject, now)?)
        })
    }

    /// To what it was done when the form came before; `None` where it did not.
    pub(crate) async fn repeated(&self) -> Result<Option<String>, ApiError> {
        let found = self.place.find(&self.app).await?;
        Ok(found.map(|(_, subject)| String::from_utf8_lossy(&subject).into_owned()))
    }
}

/// The hidden field that every form of an act carries, with a new token.
pub(crate) fn once_field(app: &App) -> String {
    format!(
        "<input type=\"hidden\" name=\"{ONCE}\" value=\"{}\">",
        app.entropy.uuid()
    )
}

/// What of the API's errors has a page of its own.
impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Refused {
        match error {
            ApiError::NotFound => Refused::NotFound,
            ApiError::AccountDisabled => Refused::AccountDisabled,
            ApiError::Forbidden => Refused::Forbidden,
            ApiError::Unavailable | ApiError::StillRunning => Refused::Unavailable,
            ApiError::OutcomeUnknown => Refused::OutcomeUnknown,
            other => Refused::internal(&other),
        }
    }
}

const ONCE: &str = "once";
