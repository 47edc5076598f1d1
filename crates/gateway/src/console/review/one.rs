//! One movement: what is known of it, whom it may be for, and the forms that decide.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ayni_domain::currency::Currency;
use ayni_domain::custody::Custody;
use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use ayni_domain::receipt::masked;
use ayni_domain::role::Role;
use ayni_domain::rut::Rut;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::Named;
use super::candidates::{self, Candidate, Sign};
use crate::app::Shared;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::press::once_field;
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::merchants::collecting;
use crate::orders::Order;
use crate::reconciliation::acknowledging::sources;
use crate::texts::console::review::Texts;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/review/one.html")]
struct OnePage {
    frame: Frame,
    t: &'static Texts,
    uuid: String,
    movement: String,
    once: [String; 3],
    state: &'static str,
    is_waiting: bool,
    is_debit: bool,
    why: String,
    amount: String,
    left: String,
    facts: Vec<Fact>,
    candidates: Vec<CandidateView>,
    returns: Vec<ReturnView>,
    /// Whether the operator holds the money, and so orders it back.
    is_ordered: bool,
    sources: Vec<SourceView>,
    may_act: bool,
    /// Whether it can still settle a payment.
    can_settle: bool,
}

struct Fact {
    label: &'static str,
    text: String,
}

struct CandidateView {
    id: String,
    subject: String,
    amount: String,
    sign: &'static str,
    /// Whether it asks for all that came; else the rest goes back.
    is_exact: bool,
    once: String,
}

struct ReturnView {
    order: String,
    amount: String,
    state: &'static str,
    at: String,
    at_machine: String,
}

struct SourceView {
    word: String,
    label: &'static str,
}

/// `GET /console/review/movement?account=…&movement=…`.
pub(super) async fn show(State(app): State<Shared>, seat: Seat) -> Result<Response, Refused> {
    let named = Named {
        uuid: seat.asked("account").to_owned(),
        movement: seat.asked("movement").to_owned(),
    };
    let shown = named.find(&app, &seat).await?;
    let (reading, account) = (shown.clone(), seat.account);
    let (found, custody) = app
        .db
        .read("console.candidates", move |tx: &mut Tx<'_>| {
            let custody = collecting::find(tx, reading.entry.collecting_id)?;
            let found = candidates::of(tx, account, &reading)?;
            Ok::<_, StoreError>((found, custody.map_or(Custody::Own, |one| one.custody)))
        })
        .await?;
    let t = Texts::of(seat.lang);
    let (entry, line) = (&shown.entry, &shown.entry.line);
    let money = |amount: Amount| amount.shown(line.currency, seat.lang);
    page(&OnePage {
        frame: Frame::of(&seat, Section::Review, t.one).named("movement"),
        t,
        once: [0; 3].map(|_| once_field(&app)),
        state: t.state(&shown.state),
        is_waiting: shown.state == "review",
        is_debit: line.amount < Amount::ZERO,
        why: t.why_it_waits(&entry.reason),
        amount: money(line.amount),
        left: money(entry.left),
        facts: facts(&shown, t, &seat),
        candidates: found
            .iter()
            .map(|candidate| view(&app, candidate, line.amount, t, &seat))
            .collect(),
        returns: shown
            .returns
            .iter()
            .map(|order| returned(order, t, &seat))
            .collect(),
        is_ordered: custody == Custody::Gateway,
        sources: source_views(seat.account, custody, t),
        may_act: seat.role == Role::Owner,
        can_settle: entry.settled.is_none(),
        uuid: named.uuid,
        movement: named.movement,
    })
}

fn facts(shown: &crate::reconciliation::review::Shown, t: &Texts, seat: &Seat) -> Vec<Fact> {
    let line = &shown.entry.line;
    let rut =
        Rut::parse(&line.payer_identifier).map_or_else(|_| line.payer_identifier.clone(), Rut::formatted);
    let facts = [
        (t.booked, dates::shown(line.booked_at, seat.lang)),
        (t.payer, line.payer_name.clone()),
        (t.rut, if rut.is_empty() { rut } else { masked(&rut) }),
        (t.from_account, line.payer_account.clone()),
        (t.reference, line.reference.clone()),
        (t.operation, line.operation_number.clone()),
        (t.movement, line.id.clone()),
        (
            t.settled,
            shown.entry.settled.map(|id| id.to_string()).unwrap_or_default(),
        ),
    ];
    facts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(label, text)| Fact { label, text })
        .collect()
}

fn view(app: &Shared, candidate: &Candidate, came: Amount, t: &Texts, seat: &Seat) -> CandidateView {
    let payment = &candidate.payment;
    CandidateView {
        id: payment.id.to_string(),
        subject: payment.subject.clone(),
        amount: payment.amount.shown(payment.currency, seat.lang),
        sign: match candidate.sign {
            Sign::Named => t.is_named,
            Sign::Payer => t.is_payers,
            Sign::Amount => t.is_amount,
        },
        is_exact: payment.amount == came || payment.currency == Currency::Clf,
        once: once_field(app),
    }
}

fn returned(order: &Order, t: &Texts, seat: &Seat) -> ReturnView {
    ReturnView {
        order: order.new.id.to_string(),
        amount: order.new.amount.shown(order.new.currency, seat.lang),
        state: t.order(order.state),
        at: dates::shown(order.created_at, seat.lang),
        at_machine: wire(order.created_at),
    }
}

fn source_views(account: AccountId, custody: Custody, t: &'static Texts) -> Vec<SourceView> {
    let labels = [t.own, t.collected, t.wallet];
    let all = sources(account).into_iter().zip(labels);
    let offered = all.filter(|(purpose, _)| {
        let is_own = purpose.kind == ayni_domain::ledger::purpose::Kind::Own;
        is_own == (custody == Custody::Own)
    });
    offered
        .map(|(purpose, label)| SourceView {
            word: purpose.to_string(),
            label,
        })
        .collect()
}
