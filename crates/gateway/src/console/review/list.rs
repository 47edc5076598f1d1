//! The queue, oldest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ayni_domain::money::Amount;
use ayni_domain::time::wire;

use super::Named;
use crate::app::Shared;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::reconciliation::review::{self, ReviewEntry, ReviewError};
use crate::texts::console::review::Texts;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/review/list.html")]
struct ListPage {
    frame: Frame,
    t: &'static Texts,
    rows: Vec<RowView>,
    is_cut: bool,
}

struct RowView {
    href: String,
    amount: String,
    is_debit: bool,
    why: String,
    payer: String,
    reference: String,
    at: String,
    at_machine: String,
}

/// `GET /console/review`.
pub(super) async fn list(State(app): State<Shared>, seat: Seat) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let waiting = match review::list_of(&app.db, seat.account, SHOWN_MAX).await {
        Ok(waiting) => waiting,
        Err(ReviewError::Store(error)) => return Err(error.into()),
        Err(other) => return Err(Refused::internal(&other)),
    };
    page(&ListPage {
        frame: Frame::of(&seat, Section::Review, t.title),
        t,
        is_cut: waiting.len() >= SHOWN_MAX as usize,
        rows: waiting.iter().map(|entry| row(entry, t, &seat)).collect(),
    })
}

fn row(entry: &ReviewEntry, t: &Texts, seat: &Seat) -> RowView {
    let line = &entry.line;
    let named = Named {
        uuid: entry.collect_account_uuid.clone(),
        movement: line.id.clone(),
    };
    RowView {
        href: named.href(),
        amount: line.amount.shown(line.currency, seat.lang),
        is_debit: line.amount < Amount::ZERO,
        why: t.why_it_waits(&entry.reason),
        payer: line.payer_name.clone(),
        reference: line.reference.clone(),
        at: dates::shown(line.booked_at, seat.lang),
        at_machine: wire(line.booked_at),
    }
}

/// Movements on the page; the oldest are decided first.
const SHOWN_MAX: u32 = 100;
