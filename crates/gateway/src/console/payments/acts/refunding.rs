//! `/console/payments/{id}/refund`: all that is left of a payment, or a part of it, goes back to the account that paid.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::ids::PaymentId;
use ayni_domain::money::Amount;
use ayni_domain::refund::{Asked, Kind};
use ayni_domain::violation::{Problem, Violation};
use ayni_store::tx::Tx;

use super::{find, href};
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page_as;
use crate::console::press::{Press, once_field};
use crate::console::refused::Refused;
use crate::console::seat::{Owner, Seat};
use crate::http::error::ApiError;
use crate::http::idempotent::outcome::NotAnswered;
use crate::http::pages::Form;
use crate::payments::Payment;
use crate::refunds::commands::{RefundOf, create_by};
use crate::refunds::{self, told};
use crate::texts::console::acts::{Refunding, Texts};
use crate::{reconciliation, texts};

#[derive(Template)]
#[template(path = "console/payments/refund.html")]
struct RefundPage {
    frame: Frame,
    t: &'static Texts,
    r: &'static Refunding,
    payment: Payment,
    amount: String,
    left: String,
    has_left: bool,
    given_back: String,
    is_partial: bool,
    typed: String,
    amount_problem: Option<String>,
    problems: Vec<String>,
    once: String,
    back: String,
}

/// `GET /console/payments/{id}/refund`.
pub(super) async fn page(
    State(app): State<Shared>,
    Owner(seat): Owner,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let payment = find(&app, &seat, &id).await?;
    shown(&app, &seat, payment, &Form::read(b""), &[]).await
}

/// `POST /console/payments/{id}/refund`.
pub(super) async fn refund(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let payment = find(&app, &seat, &id).await?;
    let press = Press::of(&app, &seat, &form, Action::RefundCreate)?;
    let asked = match asked(&form, &payment) {
        Ok(asked) => asked,
        Err(violation) => return shown(&app, &seat, payment, &form, &[violation]).await,
    };
    let of = RefundOf {
        account: seat.account,
        payment: payment.id,
        kind: Kind::Classic,
    };
    match create_by(&app, of, asked, seat.lang, &press.witness()).await {
        Ok(_) | Err(NotAnswered::KeyTaken) => {}
        Err(NotAnswered::Refused(ApiError::Invalid(violations))) => {
            return shown(&app, &seat, payment, &form, &violations).await;
        }
        Err(NotAnswered::Refused(error)) => return Err(error.into()),
    }
    let said = Flash::Done(texts::refunds::accepted(seat.lang).to_owned());
    Ok(flash::see_other(&seat, &href(payment.id.as_str()), &said))
}

fn asked(form: &Form, payment: &Payment) -> Result<Asked, Violation> {
    if form.text("how") != "part" {
        return Ok(Asked::Full);
    }
    let typed = super::creating::fields::amount(form.text("amount"), payment.currency.code());
    let refuse = |problem| Violation::new("amount", problem);
    match Amount::parse(&typed, false) {
        _ if typed.is_empty() => Err(refuse(Problem::Required)),
        Ok(amount) => Ok(Asked::Partial(amount)),
        Err(_) => Err(refuse(Problem::NotANumber)),
    }
}

/// What is left of it, and what went back.
async fn state(app: &Shared, payment: PaymentId) -> Result<(Amount, Vec<told::GivenBack>), Refused> {
    let found = app.db.read("console.refunds", move |tx: &mut Tx<'_>| {
        let refunded = refunds::total(&refunds::of_payment(tx, payment)?);
        let given_back = match reconciliation::find(tx, payment)? {
            Some(settled) => told::given_back(tx, &settled)?,
            None => Vec::new(),
        };
        Ok::<_, ayni_store::error::StoreError>((refunded, given_back))
    });
    Ok(found.await?)
}

async fn shown(
    app: &Shared,
    seat: &Seat,
    payment: Payment,
    form: &Form,
    violations: &[Violation],
) -> Result<Response, Refused> {
    let (refunded, given_back) = state(app, payment.id).await?;
    let t = Texts::of(seat.lang);
    let left = payment.amount.checked_sub(refunded).unwrap_or(Amount::ZERO);
    let is_amount = |violation: &&Violation| violation.field == "amount";
    let text = |violation: &Violation| violation.problem.text(seat.lang);
    let page = RefundPage {
        frame: Frame::of(seat, Section::Payments, t.refunding.title).named("payment-refund"),
        t,
        r: &t.refunding,
        amount: payment.amount.shown(payment.currency, seat.lang),
        left: left.shown(payment.currency, seat.lang),
        has_left: payment.state.is_settled() && left > Amount::ZERO,
        given_back: told::section(&given_back, seat.lang)?,
        is_partial: form.text("how") == "part",
        typed: form.text("amount").to_owned(),
        amount_problem: violations.iter().find(is_amount).map(text),
        problems: violations
            .iter()
            .filter(|violation| violation.field != "amount")
            .map(text)
            .collect(),
        once: once_field(app),
        back: href(payment.id.as_str()),
        payment,
    };
    let status = match violations.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page_as(status, &page)
}
