//! What payers were written: the list, one mail as its reader sees it, and sending it again.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::role::Role;
use ayni_domain::time::wire;

use super::again::{self, refused};
use super::narrowed::{self, Choice, filled, one_of, place, written};
use crate::app::Shared;
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::press::{Press, once_field};
use crate::console::refused::Refused;
use crate::console::seat::{Owner, Seat};
use crate::mails::commands::{self, MailEntry, Shown, TryEntry};
use crate::mails::log::{self, Wanted};
use crate::texts::console::deliveries::{KINDS, MAIL_STATES, Texts};
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/deliveries/mails.html")]
struct ListPage {
    frame: Frame,
    t: &'static Texts,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    payment: String,
    is_narrowed: bool,
    rows: Vec<RowView>,
    older: Option<String>,
}

struct RowView {
    mail: MailEntry,
    kind: &'static str,
    tone: &'static str,
    state: &'static str,
    at: String,
    at_machine: String,
}

#[derive(Template)]
#[template(path = "console/deliveries/mail.html")]
struct OnePage {
    frame: Frame,
    t: &'static Texts,
    shown: Shown,
    row: RowView,
    reason: Option<&'static str>,
    tries: Vec<TryView>,
    may_act: bool,
    once: String,
}

struct TryView {
    number: i64,
    at: String,
    at_machine: String,
    outcome: String,
    tone: &'static str,
    latency_ms: i64,
    said: String,
}

/// `GET /console/deliveries/mails`.
pub(super) async fn list(State(app): State<Shared>, seat: Seat) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let wanted = Wanted {
        state: one_of(&seat, "state", &MAIL_STATES),
        kind: one_of(&seat, "kind", &KINDS),
        payment: filled(&seat, "payment"),
    };
    let found = log::page(&app.db, seat.account, wanted.clone(), place(seat.asked("after"))).await?;
    let older = found.next.as_ref().map(|(ms, id)| {
        let next = written(*ms, id);
        narrowed::with(&seat, PATH, &["state", "kind", "payment"], Some(("after", &next)))
    });
    page(&ListPage {
        frame: Frame::of(&seat, Section::Deliveries, t.mails).named("mails"),
        t,
        states: t.mail_states(wanted.state.as_deref()),
        kinds: t.kinds(wanted.kind.as_deref()),
        payment: wanted.payment.clone().unwrap_or_default(),
        is_narrowed: wanted != Wanted::default(),
        rows: found
            .entries
            .into_iter()
            .map(|mail| row(mail, t, &seat))
            .collect(),
        older,
    })
}

/// `GET /console/deliveries/mails/{id}`.
pub(super) async fn show(
    State(app): State<Shared>,
    seat: Seat,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let shown = commands::show(&app, &id).await.map_err(refused)?;
    if shown.mail.receiver_id != seat.account.0 {
        return Err(Refused::NotFound);
    }
    let t = Texts::of(seat.lang);
    page(&OnePage {
        frame: Frame::of(&seat, Section::Deliveries, t.mail).named("mail"),
        t,
        row: row(shown.mail.clone(), t, &seat),
        reason: shown.mail.reason.as_deref().map(|reason| t.reason(reason)),
        tries: shown.tries.iter().rev().map(|one| tried(one, t, &seat)).collect(),
        may_act: seat.role == Role::Owner,
        once: once_field(&app),
        shown,
    })
}

/// `POST /console/deliveries/mails/{id}/resend`.
pub(super) async fn resend(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let press = Press::of(&app, &seat, &form, Action::MailResend)?;
    let done = commands::resend(&app, Some(seat.account), &id, &press.witness()).await;
    again::answer(&seat, &format!("{PATH}/{id}"), done)
}

fn row(mail: MailEntry, t: &'static Texts, seat: &Seat) -> RowView {
    RowView {
        kind: t.kind(&mail.kind),
        tone: Texts::tone(&mail.state),
        state: t.state(&mail.state),
        at: dates::shown(mail.created_at, seat.lang),
        at_machine: wire(mail.created_at),
        mail,
    }
}

fn tried(one: &TryEntry, t: &Texts, seat: &Seat) -> TryView {
    let outcome = match (one.taken, one.code) {
        (true, _) => t.taken.to_owned(),
        (false, Some(code)) => format!("SMTP {code}"),
        (false, None) => t.no_answer.to_owned(),
    };
    TryView {
        number: one.number,
        at: dates::shown(one.at, seat.lang),
        at_machine: wire(one.at),
        outcome,
        tone: if one.taken { "good" } else { "bad" },
        latency_ms: one.latency_ms,
        said: one.said.clone(),
    }
}

const PATH: &str = "/console/deliveries/mails";
