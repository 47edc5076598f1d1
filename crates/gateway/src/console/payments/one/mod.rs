//! `/console/payments/{id}`: one payment and everything that happened to it, whichever capability recorded it; above it,
//! what its merchant has to do now.

mod acts;
mod facts;
mod ledger;
mod timeline;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ayni_domain::currency::Currency;
use ayni_domain::ids::PaymentId;
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State as PaymentState;
use ayni_domain::rut::Rut;

use self::acts::Act;
use self::facts::Facts;
use self::ledger::TransactionView;
use self::timeline::Happened;
use super::pages::tone;
use crate::app::{App, Shared};
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::texts::console::payments::{One, Payments};
use crate::texts::dates;
use crate::{receipts, refunds};

#[derive(Template)]
#[template(path = "console/payments/one.html")]
struct OnePage {
    frame: Frame,
    t: &'static One,
    list: &'static Payments,
    subject: String,
    amount: String,
    state: &'static str,
    tone: &'static str,
    next: &'static str,
    acts: Vec<Act>,
    about: Vec<Fact>,
    payer: Vec<Fact>,
    link: String,
    receipt: Option<String>,
    contract: Option<ContractView>,
    custom: Option<String>,
    timeline: Vec<Happened>,
    is_left_out: bool,
    ledger: Vec<TransactionView>,
}

/// One line of what is known.
struct Fact {
    name: &'static str,
    text: String,
}

struct ContractView {
    href: String,
    accepted: Option<String>,
}

/// `GET /console/payments/{id}`.
pub(super) async fn show(
    State(app): State<Shared>,
    Path(id): Path<String>,
    seat: Seat,
) -> Result<Response, Refused> {
    let id = PaymentId::parse(&id).map_err(|_| Refused::NotFound)?;
    let account = seat.account;
    let found = app
        .db
        .read("console.payment", move |tx| facts::load(tx, account, id))
        .await?;
    let facts = found.ok_or(Refused::NotFound)?;
    page(&view(&app, &seat, &facts))
}

fn view(app: &App, seat: &Seat, facts: &Facts) -> OnePage {
    let (payment, lang) = (&facts.payment, seat.lang);
    let (t, list) = (One::of(lang), Payments::of(lang));
    let (timeline, is_left_out) = timeline::of(app, facts, lang);
    OnePage {
        frame: Frame::of(seat, Section::Payments, &format!("{} {}", t.title, payment.id)).named("payment"),
        t,
        list,
        subject: payment.subject.clone(),
        amount: payment.amount.shown(payment.currency, lang),
        state: list.state(payment.state),
        tone: tone(payment.state),
        next: next(app, facts, t),
        acts: acts::of(seat, payment),
        about: about(facts, seat, t),
        payer: payer(facts, seat, t),
        link: app.settings.link(&format!("/payment/info/{}", payment.id)),
        receipt: facts.seen.as_ref().map(|seen| {
            let url = receipts::url(app, payment.id, seen.conciliated_at);
            lang.pick(url.clone(), format!("{url}?lang=en"))
        }),
        contract: facts.has_contract.then(|| ContractView {
            href: format!("/payment/contract/{}", payment.id),
            accepted: facts
                .acceptances
                .first()
                .map(|one| dates::shown(one.accepted_at, lang)),
        }),
        custom: facts.custom.clone(),
        timeline,
        is_left_out,
        ledger: ledger::of(facts, lang),
    }
}

/// What its merchant does now.
fn next(app: &App, facts: &Facts, t: &'static One) -> &'static str {
    let payment = &facts.payment;
    let index = match payment.state {
        PaymentState::Pending if payment.expires_at < app.clock.now() => 1,
        PaymentState::Pending => 0,
        PaymentState::Verifying => 2,
        state if state.status_detail() == "normal" => 3,
        state if state.is_settled() => 4,
        PaymentState::Done(_) | PaymentState::Deleted => 5,
    };
    t.next[index]
}

fn about(facts: &Facts, seat: &Seat, t: &'static One) -> Vec<Fact> {
    let (payment, lang) = (&facts.payment, seat.lang);
    let list = Payments::of(lang);
    let paid_in = payment.currency.paid_in();
    let seen = facts.seen.as_ref();
    let refunded = refunds::total(&facts.refunds);
    let shown = |amount: Amount, currency: Currency| match amount {
        Amount::ZERO => String::new(),
        amount => amount.shown(currency, lang),
    };
    let (releases, settlement) = match &facts.release {
        Some((_, Some(settlement))) => (String::new(), settlement.clone()),
        Some((at, None)) => (dates::shown(*at, lang), String::new()),
        None => Default::default(),
    };
    let details = &payment.details;
    set([
        (t.id, payment.id.to_string()),
        (list.made, dates::shown(payment.created_at, lang)),
        (t.expires, dates::shown(payment.expires_at, lang)),
        (t.reference, payment.transaction_id.clone().unwrap_or_default()),
        (t.body, details.body.clone().unwrap_or_default()),
        (
            t.seen,
            seen.map(|seen| dates::shown(seen.conciliated_at, lang))
                .unwrap_or_default(),
        ),
        (
            t.paid,
            seen.map(|seen| shown(seen.paid, paid_in)).unwrap_or_default(),
        ),
        (
            t.fee,
            seen.map(|seen| shown(seen.fee, paid_in)).unwrap_or_default(),
        ),
        (t.refunded, shown(refunded, payment.currency)),
        (t.settlement, settlement),
        (t.releases, releases),
        (t.notify_url, details.notify_url.clone().unwrap_or_default()),
        (
            t.responsible,
            details.responsible_user_email.clone().unwrap_or_default(),
        ),
    ])
}

/// Who pays: as the statement says, else as the last attempt and the merchant do.
fn payer(facts: &Facts, seat: &Seat, t: &'static One) -> Vec<Fact> {
    let (details, list) = (&facts.payment.details, Payments::of(seat.lang));
    let rut = |text: &str| Rut::parse(text).map_or_else(|_| text.to_owned(), Rut::formatted);
    if let Some(seen) = &facts.seen {
        return set([
            (t.name, seen.payer_name.clone()),
            (t.rut, rut(&seen.payer_identifier)),
            (t.email, seen.payer_email.clone()),
            (list.bank, seen.bank.clone()),
            (t.account, seen.payer_account.clone()),
            (list.method, list.method(&seen.method).to_owned()),
            (t.operation, seen.operation_code.clone()),
        ]);
    }
    let last = facts.attempts.last();
    let of_last = |take: fn(&crate::payer::attempt::Attempt) -> Option<String>| last.and_then(take);
    let identifier = of_last(|attempt| attempt.payer_identifier.clone())
        .or_else(|| details.fixed_payer_personal_identifier.clone());
    set([
        (
            t.name,
            of_last(|attempt| attempt.payer_name.clone())
                .or_else(|| details.payer_name.clone())
                .unwrap_or_default(),
        ),
        (t.rut, identifier.map(|text| rut(&text)).unwrap_or_default()),
        (
            t.email,
            of_last(|attempt| attempt.payer_email.clone())
                .or_else(|| details.payer_email.clone())
                .unwrap_or_default(),
        ),
    ])
}

/// Those that say something.
fn set<const N: usize>(facts: [(&'static str, String); N]) -> Vec<Fact> {
    facts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| Fact { name, text })
        .collect()
}
