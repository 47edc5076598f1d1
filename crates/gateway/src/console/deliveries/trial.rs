//! `POST /console/deliveries/trial`: a notification that tells of nothing, for who develops.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::privilege::Mode;
use ayni_domain::role::Role;

use super::again::refused;
use super::one::href;
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::Section;
use crate::console::keys::view::check_url;
use crate::console::press::Press;
use crate::console::refused::Refused;
use crate::console::seat::{Owner, Seat};
use crate::http::idempotent::NotKept;
use crate::notices::trial;
use crate::texts::console::deliveries::Texts;
use crate::told::ToldError;

/// Whether the person may send one: a live account's receivers are told of money only.
pub(super) fn is_offered(seat: &Seat) -> bool {
    seat.mode == Mode::Developer && seat.role == Role::Owner
}

/// Sends it to the address of the form, and shows it.
pub(super) async fn send(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    if !is_offered(&seat) {
        return Err(Refused::NotFound);
    }
    let (t, url) = (Texts::of(seat.lang), form.text("url"));
    let failed = |why: String| flash::see_other(&seat, Section::Deliveries.href(), &Flash::Failed(why));
    if url.is_empty() {
        return Ok(failed(t.trial_no_url.to_owned()));
    }
    if let Err(problem) = check_url(&app, seat.lang, url) {
        return Ok(failed(problem));
    }
    let press = Press::of(&app, &seat, &form, Action::NoticeTrial)?;
    let id = match trial::send(&app, seat.account, url, &press.witness()).await {
        Ok(id) => id.to_string(),
        Err(ToldError::NotSigned(NotKept::Taken)) => press.repeated().await?.ok_or(Refused::NotFound)?,
        Err(error) => return Err(refused(error)),
    };
    let said = Flash::Done(t.trial_sent.to_owned());
    Ok(flash::see_other(&seat, &href(&id), &said))
}
