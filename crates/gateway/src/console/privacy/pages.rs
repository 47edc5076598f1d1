//! The form, a case as it stands, and the confirmation before an erasure.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ayni_domain::time::wire;

use super::{find, href};
use crate::app::{App, Shared};
use crate::console::audit::Actor;
use crate::console::frame::{Frame, Section};
use crate::console::refused::Refused;
use crate::console::seat::{Owner, Seat};
use crate::console::{page, page_as};
use crate::privacy::cases::{self, Case, LIFE, Reason, State as CaseState};
use crate::texts::console::privacy::Texts;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/privacy/ask.html")]
struct AskPage {
    frame: Frame,
    t: &'static Texts,
    rut: String,
    email: String,
    problem: Option<&'static str>,
    cases: Vec<CaseLine>,
}

struct CaseLine {
    href: String,
    state: &'static str,
    tone: &'static str,
    begun: String,
    begun_machine: String,
}

#[derive(Template)]
#[template(path = "console/privacy/case.html")]
struct CasePage {
    frame: Frame,
    t: &'static Texts,
    href: String,
    state: CaseState,
    who: Vec<(&'static str, String)>,
    rows: Vec<(&'static str, i64)>,
    told: usize,
    total: usize,
    refused: Option<RefusedView>,
    may_erase: bool,
    until: String,
    until_machine: String,
}

struct RefusedView {
    text: &'static str,
    items: Vec<ItemView>,
}

struct ItemView {
    id: String,
    way: &'static str,
    is_payment: bool,
}

/// `GET /console/privacy`.
pub(super) async fn ask(State(app): State<Shared>, Owner(seat): Owner) -> Result<Response, Refused> {
    ask_again(&app, &seat, ("", ""), None).await
}

/// The form, with what was typed and what is wrong with it.
pub(super) async fn ask_again(
    app: &App,
    seat: &Seat,
    (rut, email): (&str, &str),
    problem: Option<&'static str>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let cases = cases::list(app, &Actor::of(seat)).await?;
    let line = |case: &Case| CaseLine {
        href: href(&case.id),
        state: t.state(case.state),
        tone: tone(case.state),
        begun: dates::brief(case.created_at, seat.lang),
        begun_machine: wire(case.created_at),
    };
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let template = AskPage {
        frame: Frame::of(seat, Section::Privacy, t.title),
        t,
        rut: rut.to_owned(),
        email: email.to_owned(),
        problem,
        cases: cases.iter().map(line).collect(),
    };
    page_as(status, &template)
}

/// `GET /console/privacy/{id}`.
pub(super) async fn case(
    State(app): State<Shared>,
    Owner(seat): Owner,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let case = find(&app, &seat, &id).await?;
    let (t, until) = (Texts::of(seat.lang), case.created_at + LIFE);
    let found = &case.found;
    let counts = found.counts.iter().map(|(kind, rows)| (kind.as_str(), *rows));
    let rows = [
        ("payments", count(found.payments.len())),
        ("lines", count(found.movements.len())),
    ]
    .into_iter()
    .chain(counts)
    .filter(|(_, rows)| *rows > 0)
    .map(|(kind, rows)| (t.kind_of(kind), rows));
    page(&CasePage {
        frame: Frame::of(&seat, Section::Privacy, t.of_a_person).named("privacy-case"),
        t,
        href: href(&case.id),
        state: case.state,
        who: who(&app, &case, t)?,
        rows: rows.collect(),
        told: case.told,
        total: found.payments.len(),
        refused: case.reason.as_ref().map(|reason| refused(reason, t)),
        may_erase: may_erase(&case),
        until: dates::shown(until, seat.lang),
        until_machine: wire(until),
    })
}

/// Whether there is something that may be erased now.
pub(super) fn may_erase(case: &Case) -> bool {
    match case.state {
        CaseState::Found | CaseState::Written => !case.found.is_empty(),
        CaseState::Refused => case.reason != Some(Reason::TooMany),
        _ => false,
    }
}

fn who(app: &App, case: &Case, t: &Texts) -> Result<Vec<(&'static str, String)>, Refused> {
    let (_, [rut, email]) = case.person(app)?;
    let said = [(t.rut, rut), (t.email, email)].into_iter();
    let said = said.filter(|(_, text)| !text.is_empty());
    Ok(said.map(|(label, text)| (label, text.to_string())).collect())
}

fn refused(reason: &Reason, t: &Texts) -> RefusedView {
    let (text, items) = match reason {
        Reason::InFlight(what) => (t.in_flight, what.iter().map(|what| item(what, t)).collect()),
        Reason::Unreadable(ids) => (
            t.unreadable,
            ids.iter().map(|id| item(&format!("payment {id}"), t)).collect(),
        ),
        Reason::IsUser => (t.is_user, Vec::new()),
        Reason::TooMany => (t.too_many, Vec::new()),
    };
    RefusedView { text, items }
}

/// `payment gqzdy6chjne9 (verifying)`, in its parts.
fn item(what: &str, t: &Texts) -> ItemView {
    let (kind, rest) = what.split_once(' ').unwrap_or_default();
    let (id, way) = rest.split_once(" (").unwrap_or((rest, ""));
    ItemView {
        id: id.to_owned(),
        way: t.way(way.trim_end_matches(')')),
        is_payment: kind == "payment",
    }
}

fn tone(state: CaseState) -> &'static str {
    match state {
        CaseState::Found | CaseState::Written | CaseState::Erased => "good",
        CaseState::Refused => "bad",
        _ => "wait",
    }
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
