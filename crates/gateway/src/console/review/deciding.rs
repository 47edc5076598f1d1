//! What a person decides about a movement, by the functions behind `ayni review`.
//!
//! Money goes back to where it came from and nowhere else: to name another account is the operator's, at the command
//! line. On the account's own bank account nothing is ordered; the person returns it there, and that is noted.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::custody::Custody;
use ayni_domain::ids::PaymentId;

use super::Named;
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::press::Press;
use crate::console::refused::Refused;
use crate::console::seat::{Owner, Seat};
use crate::http::idempotent::NotKept;
use crate::http::pages::Form;
use crate::merchants::collecting;
use crate::reconciliation::acknowledging::{self, Acknowledgement, sources};
use crate::reconciliation::giving_back::{self, Way};
use crate::reconciliation::review::{self, ReviewError, Shown};
use crate::texts::console::review::Texts;

/// `POST /console/review/assign`.
pub(super) async fn assign(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (named, _) = found(&app, &seat, &form).await?;
    let press = Press::of(&app, &seat, &form, Action::ReviewAssign)?;
    let t = Texts::of(seat.lang);
    let Some(payment) = payment(&form) else {
        return Ok(said(&seat, &named, &Flash::Failed(t.no_payment.to_owned())));
    };
    let done = review::assign(&app, &named.uuid, &named.movement, payment, &press.witness()).await;
    answer(&seat, &named, t.assigned, done)
}

/// `POST /console/review/accept`.
pub(super) async fn accept(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (named, shown) = found(&app, &seat, &form).await?;
    let press = Press::of(&app, &seat, &form, Action::ReviewAccept)?;
    let t = Texts::of(seat.lang);
    let Some(payment) = payment(&form) else {
        return Ok(said(&seat, &named, &Flash::Failed(t.no_payment.to_owned())));
    };
    let way = way(&app, &shown).await?;
    let (uuid, id) = (&named.uuid, &named.movement);
    let done = giving_back::accept(&app, uuid, id, payment, way, &press.witness()).await;
    answer(&seat, &named, t.accepted, done.map(drop))
}

/// `POST /console/review/return`.
pub(super) async fn give_back(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (named, shown) = found(&app, &seat, &form).await?;
    let press = Press::of(&app, &seat, &form, Action::ReviewReturn)?;
    let t = Texts::of(seat.lang);
    let way = way(&app, &shown).await?;
    let done_text = match way {
        Way::ByHand => t.noted,
        Way::Ordered(_) => t.returned,
    };
    let done = giving_back::return_money(&app, &named.uuid, &named.movement, way, &press.witness()).await;
    answer(&seat, &named, done_text, done.map(drop))
}

/// `POST /console/review/acknowledge`.
pub(super) async fn acknowledge(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (named, _) = found(&app, &seat, &form).await?;
    let press = Press::of(&app, &seat, &form, Action::ReviewAcknowledge)?;
    let t = Texts::of(seat.lang);
    // Of the account's own money only: whose else it was is for the operator to say.
    let word = form.text("from");
    let from = sources(seat.account)
        .into_iter()
        .find(|purpose| purpose.to_string() == word);
    let acknowledgement = Acknowledgement {
        from,
        reason: form.text("reason").to_owned(),
    };
    let (uuid, id) = (&named.uuid, &named.movement);
    let done = acknowledging::acknowledge(&app, uuid, id, acknowledgement, &press.witness()).await;
    answer(&seat, &named, t.acknowledged, done.map(drop))
}

/// The movement that a form names.
async fn found(app: &Shared, seat: &Seat, form: &Form) -> Result<(Named, Shown), Refused> {
    let named = Named {
        uuid: form.text("account").to_owned(),
        movement: form.raw("movement").to_owned(),
    };
    let shown = named.find(app, seat).await?;
    Ok((named, shown))
}

fn payment(form: &Form) -> Option<PaymentId> {
    PaymentId::parse(form.text("payment")).ok()
}

/// How money goes back from this bank account.
async fn way(app: &Shared, shown: &Shown) -> Result<Way, Refused> {
    let collecting_id = shown.entry.collecting_id;
    let found = app
        .db
        .point("console.custody", move |tx| collecting::find(tx, collecting_id))
        .await?;
    Ok(match found.map_or(Custody::Own, |one| one.custody) {
        Custody::Gateway => Way::Ordered(None),
        Custody::Own => Way::ByHand,
    })
}

fn answer(
    seat: &Seat,
    named: &Named,
    done_text: &str,
    done: Result<(), ReviewError>,
) -> Result<Response, Refused> {
    let flash = match done {
        Ok(()) | Err(ReviewError::NotSigned(NotKept::Taken)) => Flash::Done(done_text.to_owned()),
        Err(ReviewError::Store(error) | ReviewError::NotSigned(NotKept::Store(error))) => {
            return Err(error.into());
        }
        Err(error) => match Texts::of(seat.lang).refusal(&error) {
            Some(text) => Flash::Failed(text.to_owned()),
            None => return Err(Refused::internal(&error)),
        },
    };
    Ok(said(seat, named, &flash))
}

fn said(seat: &Seat, named: &Named, flash: &Flash) -> Response {
    flash::see_other(seat, &named.href(), flash)
}
