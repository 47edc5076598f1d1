//! `/console/settlements/{id}`: one settlement with its payments, and the same as files.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::view::{Fact, payout_badge};
use crate::app::Shared;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::orders::{self, OrderError};
use crate::settlement::account as settlements;
use crate::settlement::commands::Shown;
use crate::texts::console::csv_cell;
use crate::texts::console::settlements::Texts;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/settlements/one.html")]
struct OnePage {
    frame: Frame,
    t: &'static Texts,
    id: String,
    heading: String,
    state: &'static str,
    tone: &'static str,
    made: String,
    made_machine: String,
    sums: Vec<Fact>,
    payout: Vec<Fact>,
    shares: Vec<Fact>,
    lines: Vec<LineView>,
    lines_left: Option<String>,
}

struct LineView {
    payment: String,
    transaction: String,
    amount: String,
    fee: String,
    refunded: String,
    net: String,
}

/// `GET /console/settlements/{id}`.
pub(super) async fn show(
    State(app): State<Shared>,
    seat: Seat,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let (t, lang) = (Texts::of(seat.lang), seat.lang);
    let account = seat.account;
    let read = move |tx: &mut Tx<'_>| settlements::show_first(tx, account, &id, LINES_SHOWN);
    let found: Option<Shown> = app.db.read("console.settlement", read).await?;
    let shown = found.ok_or(Refused::NotFound)?;
    let payout = payout(&app, t, &shown, lang).await?;
    let settlement = &shown.settlement;
    let money = |amount: Amount| amount.shown(settlement.currency, lang);
    let (state, tone) = payout_badge(t, settlement.state);
    let heading = (t.of_day)(&dates::day_of(&settlement.day, lang), settlement.number);
    let shares = shown.shares.iter().map(|share| Fact {
        id: "share",
        label: share.integrator.dotted(),
        text: money(share.amount),
    });
    page(&OnePage {
        frame: Frame::of(&seat, Section::Settlements, &heading).named("settlement"),
        t,
        id: settlement.id.clone(),
        heading,
        state,
        tone,
        made: dates::shown(settlement.made_at, lang),
        made_machine: wire(settlement.made_at),
        sums: sums(t, &shown, &money),
        payout,
        shares: shares.collect(),
        lines: shown.lines.iter().map(|line| line_view(line, &money)).collect(),
        lines_left: (settlement.totals.payments > LINES_SHOWN)
            .then(|| (t.lines_left)(LINES_SHOWN, settlement.totals.payments)),
    })
}

/// `GET /console/settlements/{id}/lines.csv`.
pub(super) async fn lines(
    State(app): State<Shared>,
    seat: Seat,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let shown = find(&app, &seat, id).await?;
    let mut text = HEADER.to_owned();
    for line in &shown.lines {
        let amounts = [
            line.amount,
            line.fee,
            line.integrator_fee,
            line.refunded,
            line.net,
        ];
        let cells = [csv_cell(line.payment.as_str()), csv_cell(&line.transaction_id)];
        let cells = cells.into_iter().chain(amounts.map(Amount::plain));
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    Ok(file(&shown, "csv", "text/csv; charset=utf-8", text))
}

/// `GET /console/settlements/{id}/rendition.json`: what its `rendition_url` was told.
pub(super) async fn rendition(
    State(app): State<Shared>,
    seat: Seat,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let shown = find(&app, &seat, id).await?;
    let text = settlements::rendition(&shown).map_err(|error| Refused::internal(&error))?;
    Ok(file(&shown, "json", "application/json", text))
}

async fn find(app: &Shared, seat: &Seat, id: String) -> Result<Shown, Refused> {
    let account = seat.account;
    let read = move |tx: &mut Tx<'_>| settlements::show(tx, account, &id);
    let found: Option<Shown> = app.db.read("console.settlement", read).await?;
    found.ok_or(Refused::NotFound)
}

/// Settlements are called by digits and hyphens only, so that their name is a file's.
fn file(shown: &Shown, ending: &str, content_type: &'static str, text: String) -> Response {
    let name = format!("attachment; filename=\"{}.{ending}\"", shown.settlement.id);
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, text).into_response()
}

fn sums(t: &'static Texts, shown: &Shown, money: &impl Fn(Amount) -> String) -> Vec<Fact> {
    let (settlement, totals) = (&shown.settlement, &shown.settlement.totals);
    let off = |amount: Amount| money(Amount::ZERO.checked_sub(amount).unwrap_or_default());
    let fact = |id, label: &str, text| Fact {
        id,
        label: label.to_owned(),
        text,
    };
    let facts = [
        Some(fact(
            "collected",
            &(t.collected)(totals.payments),
            money(totals.amount),
        )),
        Some(fact("fee", t.fee, off(totals.fee))),
        (totals.integrator_fee != Amount::ZERO)
            .then(|| fact("integrator-fee", t.integrator_fee, off(totals.integrator_fee))),
        (totals.refunded != Amount::ZERO).then(|| fact("refunded", t.refunded, off(totals.refunded))),
        (settlement.carried != Amount::ZERO).then(|| fact("carried", t.carried, money(settlement.carried))),
        Some(fact("paid-out", t.paid_out, money(settlement.paid_out))),
    ];
    facts.into_iter().flatten().collect()
}

/// Where its transfer stands, as its order says.
async fn payout(app: &Shared, t: &'static Texts, shown: &Shown, lang: Lang) -> Result<Vec<Fact>, Refused> {
    let order = match orders::commands::show(&app.db, &shown.settlement.order).await {
        Ok(found) => found.order,
        Err(OrderError::NoOrder(_)) => return Ok(Vec::new()),
        Err(OrderError::Store(error)) => return Err(StoreError::into(error)),
        Err(other) => return Err(Refused::internal(&other)),
    };
    let bank = app.banks.find(&order.new.payee.bank_id);
    let bank = bank.map_or(order.new.payee.bank_id.as_str(), |bank| bank.name.as_str());
    let fact = |id, label: &str, text: String| Fact {
        id,
        label: label.to_owned(),
        text,
    };
    let at = order.ended_at.or(order.sent_at);
    let facts = [
        Some(fact(
            "order-state",
            t.order_state,
            t.order(order.state).to_owned(),
        )),
        Some(fact(
            "payee",
            t.paid_to,
            format!("{bank}, {}", super::view::masked(&order.new.payee.number)),
        )),
        at.map(|at| fact("order-at", t.order_at, dates::shown(at, lang))),
        order
            .operation_number
            .map(|number| fact("operation", t.operation, number)),
        Some(fact("order", t.comment, shown.settlement.order.clone())),
    ];
    Ok(facts.into_iter().flatten().collect())
}

fn line_view(line: &crate::settlement::Line, money: &impl Fn(Amount) -> String) -> LineView {
    LineView {
        payment: line.payment.to_string(),
        transaction: line.transaction_id.clone(),
        amount: money(line.amount),
        fee: money(line.fee.checked_add(line.integrator_fee).unwrap_or(line.fee)),
        refunded: money(line.refunded),
        net: money(line.net),
    }
}

const HEADER: &str = "payment_id,transaction_id,amount,fee,integrator_fee,refunded,net\r\n";
/// Lines on the page; all are in the file.
const LINES_SHOWN: i64 = 100;
