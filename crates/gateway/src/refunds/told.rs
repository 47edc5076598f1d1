//! What a payment's payer, and whoever holds its receipt, is told of money that went back: its refunds, and what was too
//! much of the transfer that paid.

use askama::Template;
use ayni_domain::currency::Currency;
use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_domain::order;
use ayni_domain::refund::State;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{Refund, of_payment};
use crate::orders::{self, Order};
use crate::reconciliation::Reconciliation;
use crate::texts::dates;
use crate::texts::pages::given_back::GivenBack as Texts;

/// Money that went back, or is to go.
#[derive(Clone, Debug)]
pub(crate) struct GivenBack {
    amount: Amount,
    currency: Currency,
    state: State,
    at: Timestamp,
    /// Whether it was never this payment's: the rest of a transfer of too much.
    is_surplus: bool,
}

/// What went back of a payment whose money was seen, the first one first.
pub(crate) fn given_back(tx: &mut Tx<'_>, settled: &Reconciliation) -> Result<Vec<GivenBack>, StoreError> {
    let refunds = of_payment(tx, settled.payment)?;
    let returns = orders::returns_of(tx, settled.collecting_id, &settled.movement_id)?;
    let mut all: Vec<GivenBack> = refunds.iter().map(of_refund).collect();
    all.extend(returns.iter().map(of_return));
    all.sort_by_key(|one| one.at);
    Ok(all)
}

#[derive(Template)]
#[template(path = "refunds/given-back.html")]
struct Section {
    t: &'static Texts,
    total: Option<String>,
    lines: Vec<Line>,
}

struct Line {
    label: &'static str,
    amount: String,
    state: &'static str,
    at: String,
    at_machine: String,
}

/// The section of a page that tells it; nothing where nothing went back.
pub(crate) fn section(given: &[GivenBack], lang: Lang) -> Result<String, askama::Error> {
    if given.is_empty() {
        return Ok(String::new());
    }
    let t = Texts::of(lang);
    let counted: Vec<&GivenBack> = given
        .iter()
        .filter(|one| !one.is_surplus && one.state != State::Expired)
        .collect();
    let total = counted.first().map(|first| {
        let sum = counted.iter().fold(Amount::ZERO, |sum, one| {
            sum.checked_add(one.amount).unwrap_or(Amount::MAX)
        });
        shown(sum, first.currency, lang)
    });
    let line = |one: &GivenBack| Line {
        label: match one.is_surplus {
            true => t.surplus,
            false => t.refund,
        },
        amount: shown(one.amount, one.currency, lang),
        state: t.state(one.state),
        at: dates::shown(one.at, lang),
        at_machine: wire(one.at),
    };
    let lines = given.iter().map(line).collect();
    Section { t, total, lines }.render()
}

fn of_refund(refund: &Refund) -> GivenBack {
    GivenBack {
        amount: refund.amount,
        currency: refund.currency,
        state: refund.state,
        at: refund.requested_at,
        is_surplus: false,
    }
}

fn of_return(order: &Order) -> GivenBack {
    GivenBack {
        amount: order.new.amount,
        currency: order.new.currency,
        state: match order.state {
            order::State::Paid => State::Paid,
            state if state.is_ended() => State::Expired,
            _ if order.sent_at.is_some() => State::Authorized,
            _ => State::Pending,
        },
        at: order.created_at,
        is_surplus: true,
    }
}

/// An amount that does not break between its symbol and its digits.
fn shown(amount: Amount, currency: Currency, lang: Lang) -> String {
    amount.shown(currency, lang).replace(' ', "\u{a0}")
}
