//! The payments that a movement may be for, the best first: those that its text names, those that somebody with the
//! payer's RUT began to pay, and open ones of just its amount.

use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use crate::payer::settle as attempts;
use crate::payments::{self, Payment};
use crate::reconciliation::review::Shown;

/// Why a payment is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The movement's text has its id.
    Named,
    /// An attempt of it has the payer's RUT and the amount.
    Payer,
    /// It asks for just the amount.
    Amount,
}

/// A payment that may be meant.
pub(super) struct Candidate {
    pub(super) payment: Payment,
    pub(super) sign: Sign,
}

/// The open payments on the movement's bank account, the best first.
pub(super) fn of(tx: &mut Tx<'_>, account: AccountId, shown: &Shown) -> Result<Vec<Candidate>, StoreError> {
    let (entry, line) = (&shown.entry, &shown.entry.line);
    if line.amount <= Amount::ZERO || entry.settled.is_some() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Candidate> = shown
        .named
        .iter()
        .map(|payment| Candidate {
            payment: payment.clone(),
            sign: Sign::Named,
        })
        .collect();
    if !line.payer_identifier.is_empty() {
        let of_payer = attempts::by_payer(tx, entry.collecting_id, &line.payer_identifier, line.amount)?;
        for id in of_payer.into_iter().take(SHOWN_MAX) {
            let payments = payments::find(tx, id)?.into_iter();
            found.extend(payments.map(|payment| Candidate {
                payment,
                sign: Sign::Payer,
            }));
        }
    }
    let of_amount = payments::recent_open(tx, account, line.currency, line.amount)?;
    found.extend(of_amount.into_iter().map(|payment| Candidate {
        payment,
        sign: Sign::Amount,
    }));
    let mut seen = Vec::new();
    found.retain(|candidate| {
        let payment = &candidate.payment;
        let is_open = matches!(payment.state, State::Pending | State::Verifying);
        let is_its = payment.collecting_id == entry.collecting_id
            && payment.currency.paid_in() == line.currency
            && (payment.amount <= line.amount || payment.currency == Currency::Clf);
        let is_new = !seen.contains(&payment.id);
        seen.push(payment.id);
        is_open && is_its && is_new
    });
    found.truncate(SHOWN_MAX);
    Ok(found)
}

/// Payments that are offered.
const SHOWN_MAX: usize = 10;
