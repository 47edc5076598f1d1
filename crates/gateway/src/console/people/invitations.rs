//! What becomes of an invitation that nobody used: it is sent again, or ended with the person's place in the account.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::time::wire;

use super::pages;
use crate::app::Shared;
use crate::console::audit;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::Section;
use crate::console::refused::Refused;
use crate::console::seat::links::{self, Resent, Waiting};
use crate::console::seat::{Owner, Seat};
use crate::merchants::{MerchantError, users};
use crate::signals::JobKind;
use crate::texts::console::people::Texts;
use crate::texts::dates;

/// An invitation as the page shows it.
pub(super) struct InvitationView {
    /// Until when its link opens.
    pub(super) until: Option<String>,
    pub(super) until_machine: String,
}

/// How the page shows that a person has no password yet.
pub(super) fn view(seat: &Seat, waiting: &Waiting) -> InvitationView {
    InvitationView {
        until: waiting.opens_until.map(|until| dates::brief(until, seat.lang)),
        until_machine: waiting.opens_until.map(wire).unwrap_or_default(),
    }
}

/// `POST /console/people/invite`: a new link, by mail; the one before it ends.
pub(super) async fn send_again(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    if app.mailer.is_none() {
        return Err(Refused::NotFound);
    }
    let t = Texts::of(seat.lang);
    let (who, email, now) = (seat.clone(), form.text("email").to_lowercase(), app.clock.now());
    let drawn = links::draw_for(&app, &seat, &email);
    let done = app
        .db
        .write("people.invite", move |tx| {
            if users::role(tx, who.account, &email)?.is_none() {
                let account = who.account;
                return Err(MerchantError::NoUser {
                    account,
                    email: email.clone(),
                });
            }
            let resent = links::send_again(tx, &drawn)?;
            if resent == Resent::Sent {
                audit::note(tx, &who, Action::UserInvite, &email, now)?;
            }
            Ok(resent)
        })
        .await;
    app.signals.wake(JobKind::Invitation);
    let flash = match done {
        Ok(Resent::Sent) => Flash::Done(t.sent_again.to_owned()),
        Ok(Resent::HasPassword) => Flash::Failed(t.has_password.to_owned()),
        Ok(Resent::TooSoon) => Flash::Failed(t.too_soon.to_owned()),
        Err(error) => return pages::answer(&seat, t, "", Err(error)),
    };
    Ok(flash::see_other(&seat, Section::People.href(), &flash))
}
