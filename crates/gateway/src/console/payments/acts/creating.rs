//! `/console/payments/new`: a payment is made from a form, by the rules of `POST /v3/payments`, and everything that is
//! wrong is said beside its field.

pub(super) mod fields;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::violation::Violation;
use serde_json::Value;

use self::fields::{FieldView, Kind, NAMES, body, views};
use super::href;
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page_as;
use crate::console::press::{Press, once_field};
use crate::console::refused::Refused;
use crate::console::seat::{Collects, Seat};
use crate::http::error::ApiError;
use crate::http::idempotent::outcome::NotAnswered;
use crate::http::pages::Form;
use crate::merchants::accounts;
use crate::payments;
use crate::texts::console::acts::{Creating, Texts};

#[derive(Template)]
#[template(path = "console/payments/new.html")]
struct NewPage {
    frame: Frame,
    t: &'static Texts,
    c: &'static Creating,
    once: String,
    fields: Vec<FieldView>,
    /// What is wrong with fields that the form does not have.
    others: Vec<String>,
    has_problems: bool,
}

/// `GET /console/payments/new`.
pub(super) async fn page(State(app): State<Shared>, Collects(seat): Collects) -> Result<Response, Refused> {
    shown(&app, &seat, &Form::read(b"currency=CLP"), &[])
}

/// `POST /console/payments/new`.
pub(super) async fn create(
    State(app): State<Shared>,
    Posted {
        seat: Collects(seat),
        form,
    }: Posted<Collects>,
) -> Result<Response, Refused> {
    let press = Press::of(&app, &seat, &form, Action::PaymentCreate)?;
    let account = accounts::find(&app.db, seat.account).await?;
    let json = body(&form).to_string();
    let made = payments::create_by(&app, &account, json.as_bytes(), seat.lang, &press.witness()).await;
    let id = match made {
        Ok(answer) => created(&answer),
        Err(NotAnswered::KeyTaken) => press.repeated().await?,
        Err(NotAnswered::Refused(ApiError::Invalid(violations))) => {
            return shown(&app, &seat, &form, &violations);
        }
        Err(NotAnswered::Refused(error)) => return Err(error.into()),
    };
    let t = Texts::of(seat.lang);
    let to = id.map_or_else(|| Section::Payments.href().to_owned(), |id| href(&id));
    Ok(flash::see_other(
        &seat,
        &to,
        &Flash::Done(t.creating.done.to_owned()),
    ))
}

fn created(answer: &[u8]) -> Option<String> {
    let told: Value = serde_json::from_slice(answer).ok()?;
    Some(told["payment_id"].as_str()?.to_owned())
}

fn shown(app: &Shared, seat: &Seat, form: &Form, violations: &[Violation]) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let others = violations
        .iter()
        .filter(|violation| !NAMES.contains(&violation.field));
    let page = NewPage {
        frame: Frame::of(seat, Section::Payments, t.creating.title).named("payment-new"),
        t,
        c: &t.creating,
        once: once_field(app),
        fields: views(&t.creating, form, violations, seat.lang),
        others: others
            .map(|violation| format!("{}: {}", violation.field, violation.problem.text(seat.lang)))
            .collect(),
        has_problems: !violations.is_empty(),
    };
    let status = match violations.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page_as(status, &page)
}
