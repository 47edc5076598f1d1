//! `/payment/end/{id}`: what became of the payment, and the way back to the shop. The same page stands in for every
//! other one once a payment can't be paid any more.

use askama::Template;
use axum::http::StatusCode;
use ayni_domain::attempt::State;
use ayni_domain::lang::Lang;
use ayni_domain::receipt::masked_account;

use super::attempt::Attempt;
use super::page::{Frame, render};
use super::stop::Stop;
use super::viewed::{Viewed, load};
use super::visitor::{Answer, Visitor};
use crate::receipts;
use crate::refunds::told;
use crate::texts::dates;
use crate::texts::pages::status::{Labels, Outcome, Status, why};

#[derive(Template)]
#[template(path = "payer/status.html")]
struct StatusPage {
    frame: Frame,
    seal: Seal,
    text: &'static Status,
    why: Option<&'static str>,
    labels: &'static Labels,
    waits: bool,
    operation: Vec<Fact>,
    retry_href: Option<String>,
    return_url: Option<String>,
    cancel_url: Option<String>,
    withdrawal: Option<Withdrawal>,
    receipt_url: Option<String>,
    given_back: String,
}

/// The form that takes a declared transfer back.
struct Withdrawal {
    action: String,
    csrf: String,
    attempt: String,
}

/// A line of the operation's data.
struct Fact {
    id: &'static str,
    label: &'static str,
    value: String,
}

/// The sign over a result.
enum Seal {
    Good,
    Wait,
    Bad,
    Notice,
    Back,
}

impl Seal {
    fn of(outcome: Outcome) -> Seal {
        match outcome {
            Outcome::Done | Outcome::MarkedPaid => Seal::Good,
            Outcome::Verifying | Outcome::Authorising | Outcome::Authorised | Outcome::Declared => Seal::Wait,
            Outcome::Uncertain
            | Outcome::Abuse
            | Outcome::Lapsed
            | Outcome::Left
            | Outcome::Withdrawn
            | Outcome::NotSeen => Seal::Notice,
            Outcome::PartiallyRefunded | Outcome::Refunded | Outcome::Reversed => Seal::Back,
            Outcome::Expired
            | Outcome::MerchantDisabled
            | Outcome::Deleted
            | Outcome::Rejected
            | Outcome::Failed
            | Outcome::BankUnavailable => Seal::Bad,
        }
    }

    fn class(&self) -> &'static str {
        match self {
            Seal::Good => "good",
            Seal::Wait => "wait",
            Seal::Bad => "bad",
            Seal::Notice => "wait still",
            Seal::Back => "",
        }
    }
}

/// The page; a payment that can still be paid, and was not tried here, is shown from its beginning.
pub(super) async fn show(visitor: &Visitor) -> Result<Answer, Stop> {
    let viewed = load(visitor).await?;
    match viewed.outcome().or(viewed.ended()) {
        Some(outcome) => page(visitor, &viewed, outcome),
        None => Ok(Answer::SeeOther(visitor.to("info"))),
    }
}

/// The page of a result.
pub(super) fn page(visitor: &Visitor, viewed: &Viewed, outcome: Outcome) -> Result<Answer, Stop> {
    let text = outcome.text(visitor.lang);
    let waits = is_waiting(outcome);
    let can_retry = is_retriable(outcome) && viewed.now <= viewed.payment.expires_at;
    let details = &viewed.payment.details;
    let reason = viewed.own.as_ref().and_then(|own| own.reason.as_deref());
    let template = StatusPage {
        frame: Frame::of(visitor, viewed, name(outcome), text.heading).live(visitor, viewed, waits),
        seal: Seal::of(outcome),
        text,
        why: reason
            .filter(|_| outcome == Outcome::Failed)
            .and_then(|reason| why(reason, visitor.lang)),
        labels: Labels::of(visitor.lang),
        waits,
        operation: operation(visitor, viewed),
        retry_href: can_retry.then(|| visitor.to("info")),
        return_url: details.return_url.clone().filter(|_| is_paid(outcome) || waits),
        cancel_url: details.cancel_url.clone().filter(|_| !is_paid(outcome) && !waits),
        withdrawal: withdrawal(visitor, viewed, outcome),
        receipt_url: receipt_url(visitor, viewed),
        given_back: told::section(&viewed.given_back, visitor.lang)?,
    };
    render(StatusCode::OK, &template)
}

fn withdrawal(visitor: &Visitor, viewed: &Viewed, outcome: Outcome) -> Option<Withdrawal> {
    let own = viewed.own.as_ref().filter(|_| outcome == Outcome::Declared)?;
    Some(Withdrawal {
        action: format!("{}/withdraw", visitor.to("manual")),
        csrf: visitor.csrf(),
        attempt: own.id.clone(),
    })
}

/// The receipt, for the browser whose attempt paid.
fn receipt_url(visitor: &Visitor, viewed: &Viewed) -> Option<String> {
    let has_paid = |own: &Attempt| own.state == State::Settled;
    let seen_at = viewed
        .seen_at
        .filter(|_| viewed.own.as_ref().is_some_and(has_paid))?;
    let url = receipts::url(&visitor.app, viewed.payment.id, seen_at);
    Some(match visitor.lang {
        Lang::Es => url,
        Lang::En => format!("{url}?lang=en"),
    })
}

/// Its name in `data-page`.
fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Expired => "expired",
        Outcome::MerchantDisabled => "merchant-disabled",
        Outcome::Deleted => "deleted",
        Outcome::Rejected => "rejected",
        Outcome::Abuse => "abuse",
        Outcome::MarkedPaid => "marked-paid",
        Outcome::Done => "done",
        Outcome::PartiallyRefunded => "partially-refunded",
        Outcome::Refunded => "refunded",
        Outcome::Reversed => "reversed",
        Outcome::Verifying => "verifying",
        Outcome::Authorising => "authorising",
        Outcome::Authorised => "authorised",
        Outcome::Uncertain => "uncertain",
        Outcome::Declared => "declared",
        Outcome::Failed => "failed",
        Outcome::BankUnavailable => "bank-unavailable",
        Outcome::Lapsed => "lapsed",
        Outcome::Left => "left",
        Outcome::Withdrawn => "withdrawn",
        Outcome::NotSeen => "not-seen",
    }
}

/// The operation's data, for the browser that made it: the bank's number, where the money came from, when.
fn operation(visitor: &Visitor, viewed: &Viewed) -> Vec<Fact> {
    let Some(own) = viewed.own.as_ref().filter(|own| own.operation_number.is_some()) else {
        return Vec::new();
    };
    let labels = Labels::of(visitor.lang);
    let bank = visitor.app.banks.find(&own.bank_id).map(|bank| bank.name.clone());
    let at = own.authorising_at.map(|at| dates::shown(at, visitor.lang));
    let facts = [
        (
            "operation-number",
            labels.operation_number,
            own.operation_number.clone(),
        ),
        ("operation-bank", labels.bank, bank),
        (
            "operation-account",
            labels.account,
            own.payer_account.as_deref().map(masked_account),
        ),
        ("operation-date", labels.date, at),
    ];
    facts
        .into_iter()
        .filter_map(|(id, label, value)| {
            Some(Fact {
                id,
                label,
                value: value?,
            })
        })
        .collect()
}

fn is_waiting(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Verifying
            | Outcome::Authorising
            | Outcome::Authorised
            | Outcome::Uncertain
            | Outcome::Declared
    )
}

fn is_retriable(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Failed
            | Outcome::BankUnavailable
            | Outcome::Lapsed
            | Outcome::Left
            | Outcome::Withdrawn
            | Outcome::NotSeen
    )
}

fn is_paid(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Done
            | Outcome::MarkedPaid
            | Outcome::PartiallyRefunded
            | Outcome::Refunded
            | Outcome::Reversed
    )
}
