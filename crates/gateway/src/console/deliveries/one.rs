//! One notification: what was sent, every try, and what can be done.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::role::Role;
use ayni_domain::time::wire;

use super::again::{self, refused};
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::press::{Press, once_field};
use crate::console::refused::Refused;
use crate::console::seat::{Owner, Seat};
use crate::http::idempotent::NotKept;
use crate::notices::commands;
use crate::notices::log::{self, Topic};
use crate::notices::{NoticeEntry, TryEntry};
use crate::texts::console::deliveries::Texts;
use crate::texts::dates;
use crate::told::ToldError;

#[derive(Template)]
#[template(path = "console/deliveries/one.html")]
struct OnePage {
    frame: Frame,
    t: &'static Texts,
    notice: NoticeEntry,
    topic: &'static str,
    tone: &'static str,
    state: &'static str,
    made: String,
    next: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: String,
    is_sealed: bool,
    tries: Vec<TryView>,
    may_act: bool,
    is_pending: bool,
    once: String,
    once_more: String,
}

struct TryView {
    number: i64,
    at: String,
    at_machine: String,
    outcome: String,
    tone: &'static str,
    latency_ms: i64,
    answer: String,
}

/// `GET /console/deliveries/{id}`.
pub(super) async fn show(
    State(app): State<Shared>,
    seat: Seat,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let shown = log::show(&app, seat.account, &id)
        .await?
        .ok_or(Refused::NotFound)?;
    let (t, notice) = (Texts::of(seat.lang), shown.entry);
    let tries = shown.tries.iter().rev().take(TRIES_SHOWN_MAX);
    page(&OnePage {
        frame: Frame::of(&seat, Section::Deliveries, t.one).named("delivery"),
        t,
        topic: t.topic(Topic::of(&notice)),
        tone: Texts::tone(&notice.state),
        state: t.state(&notice.state),
        made: dates::shown(notice.created_at, seat.lang),
        next: notice.next_at.map(|at| dates::shown(at, seat.lang)),
        headers: shown.headers,
        body: shown.body,
        is_sealed: notice.operation_id.is_some(),
        tries: tries.map(|one| tried(one, t, &seat)).collect(),
        may_act: seat.role == Role::Owner,
        is_pending: notice.state == "pending",
        once: once_field(&app),
        once_more: once_field(&app),
        notice,
    })
}

/// `POST /console/deliveries/{id}/resend`.
pub(super) async fn resend(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let press = Press::of(&app, &seat, &form, Action::NoticeResend)?;
    let done = commands::resend(&app, Some(seat.account), &id, &press.witness()).await;
    again::answer(&seat, &href(&id), done)
}

/// `POST /console/deliveries/{id}/stop`.
pub(super) async fn stop(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let press = Press::of(&app, &seat, &form, Action::NoticeStop)?;
    let t = Texts::of(seat.lang);
    let said = match log::stop(&app, seat.account, &id, &press.witness()).await {
        Ok(true) | Err(ToldError::NotSigned(NotKept::Taken)) => Flash::Done(t.stopped.to_owned()),
        Ok(false) => Flash::Failed(t.over_already.to_owned()),
        Err(error) => return Err(refused(error)),
    };
    Ok(flash::see_other(&seat, &href(&id), &said))
}

/// Where one is shown.
pub(super) fn href(id: &str) -> String {
    format!("/console/deliveries/{id}")
}

fn tried(one: &TryEntry, t: &Texts, seat: &Seat) -> TryView {
    let outcome = match (one.status, &one.error) {
        (Some(status), _) => format!("HTTP {status}"),
        (None, Some(error)) => error.clone(),
        (None, None) => t.no_answer.to_owned(),
    };
    TryView {
        number: one.number,
        at: dates::shown(one.at, seat.lang),
        at_machine: wire(one.at),
        outcome,
        tone: match one.status {
            Some(200..300) => "good",
            _ => "bad",
        },
        latency_ms: one.latency_ms,
        answer: one.answer.clone(),
    }
}

/// Tries on the page, the newest.
const TRIES_SHOWN_MAX: usize = 100;
