//! Payments that shall not be paid any more: deleted, or paid elsewhere. Neither can be undone, so a page asks first.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::payment::Event;
use ayni_domain::payment::apply;

use super::{find, href};
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::press::{Press, once_field};
use crate::console::refused::Refused;
use crate::console::seat::{Collects, Owner, Seat};
use crate::http::error::ApiError;
use crate::http::idempotent::NotKept;
use crate::http::idempotent::outcome::NotAnswered;
use crate::payments::mark_paid::{NotMarked, mark_paid};
use crate::payments::{self, Payment, TransitionError};
use crate::texts::console::acts::{Closing, Texts};

#[derive(Template)]
#[template(path = "console/payments/close.html")]
struct ClosePage {
    frame: Frame,
    t: &'static Texts,
    closing: &'static Closing,
    payment: Payment,
    amount: String,
    action: String,
    back: String,
    once: String,
    is_possible: bool,
}

/// `GET /console/payments/{id}/cancel`.
pub(super) async fn ask_to_cancel(
    State(app): State<Shared>,
    Collects(seat): Collects,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    ask(&app, &seat, &id, ("payment-cancel", &t.cancel, &Event::Deleted)).await
}

/// `GET /console/payments/{id}/paid`.
pub(super) async fn ask_to_mark(
    State(app): State<Shared>,
    Owner(seat): Owner,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    ask(
        &app,
        &seat,
        &id,
        ("payment-paid", &t.mark_paid, &Event::MarkedPaidByReceiver),
    )
    .await
}

/// `POST /console/payments/{id}/cancel`.
pub(super) async fn cancel(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Posted {
        seat: Collects(seat),
        form,
    }: Posted<Collects>,
) -> Result<Response, Refused> {
    let payment = find(&app, &seat, &id).await?;
    let press = Press::of(&app, &seat, &form, Action::PaymentDelete)?;
    let t = Texts::of(seat.lang);
    let done = payments::delete_by(&app, seat.account, payment.id, &press.witness()).await;
    let flash = match done {
        Ok(()) | Err(NotAnswered::KeyTaken) => Flash::Done(t.cancel.done.to_owned()),
        Err(NotAnswered::Refused(ApiError::Invalid(_))) => Flash::Failed(t.cancel.impossible.to_owned()),
        Err(NotAnswered::Refused(error)) => return Err(error.into()),
    };
    Ok(flash::see_other(&seat, &href(payment.id.as_str()), &flash))
}

/// `POST /console/payments/{id}/paid`.
pub(super) async fn mark(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let payment = find(&app, &seat, &id).await?;
    let press = Press::of(&app, &seat, &form, Action::PaymentMarkPaid)?;
    let t = Texts::of(seat.lang);
    let done = mark_paid(&app, Some(seat.account), payment.id, &press.witness()).await;
    let flash = match done {
        Ok(()) | Err(NotMarked::NotSigned(NotKept::Taken)) => Flash::Done(t.mark_paid.done.to_owned()),
        Err(NotMarked::Transition(TransitionError::Refused(_) | TransitionError::Raced)) => {
            Flash::Failed(t.mark_paid.impossible.to_owned())
        }
        Err(NotMarked::NoPayment(_)) => return Err(Refused::NotFound),
        Err(NotMarked::Store(error) | NotMarked::Transition(TransitionError::Store(error))) => {
            return Err(error.into());
        }
        Err(other) => return Err(Refused::internal(&other)),
    };
    Ok(flash::see_other(&seat, &href(payment.id.as_str()), &flash))
}

async fn ask(
    app: &Shared,
    seat: &Seat,
    id: &str,
    (name, closing, event): (&'static str, &'static Closing, &Event),
) -> Result<Response, Refused> {
    let payment = find(app, seat, id).await?;
    let back = href(payment.id.as_str());
    page(&ClosePage {
        frame: Frame::of(seat, Section::Payments, closing.title).named(name),
        t: Texts::of(seat.lang),
        closing,
        amount: payment.amount.shown(payment.currency, seat.lang),
        action: format!("{back}/{}", closing.path),
        once: once_field(app),
        is_possible: apply(payment.state, event).is_ok(),
        back,
        payment,
    })
}
