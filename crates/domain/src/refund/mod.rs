//! Whether a payment's money may be given back, and how much of it: decided from facts, so that it can be read and
//! tested in one place.

use jiff::{SignedDuration, Timestamp};

use crate::currency::Currency;
use crate::custody::Custody;
use crate::ids::{AccountId, PaymentId};
use crate::money::Amount;
use crate::payment::state;
use crate::refund::objection::Objection;
use crate::violation::{Problem, Violation};

pub mod objection;
pub mod request;

/// How long after its reconciliation a payment can be refunded out of the wallet.
pub const WALLET_REFUND_LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);

/// The most refunds of one payment, those that expired among them.
pub const REFUNDS_MAX: usize = 200;

/// Out of which money a refund is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// What was collected and is not settled yet.
    Classic,
    /// The merchant's wallet.
    Wallet,
}

/// Where a refund stands, on the wire as in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Accepted; the bank has not taken it yet.
    Pending,
    /// The bank took it, or it stands in a file for the bank.
    Authorized,
    /// It was seen leaving on the statement.
    Paid,
    /// It could not be executed, and was given back to the merchant.
    Expired,
}

/// How much is asked for, in the payment's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All that is left.
    Full,
    /// This much.
    Partial(Amount),
}

/// What is known of a payment when a refund of it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The payment.
    pub payment: PaymentId,
    /// Whose it is.
    pub account: AccountId,
    /// Whether the account may make refunds of this kind.
    pub is_granted: bool,
    /// The payment's state.
    pub state: state::State,
    /// What was owed, in the payment's currency.
    pub amount: Amount,
    /// The payment's currency.
    pub currency: Currency,
    /// What refunds that have not expired count, in the payment's currency.
    pub refunded: Amount,
    /// What the payer transferred, in the collecting account's currency.
    pub received: Amount,
    /// What refunds that have not expired transfer back, in the collecting account's currency.
    pub transferred: Amount,
    /// Whose the bank account is on which the money arrived.
    pub custody: Custody,
    /// When the money was seen.
    pub conciliated_at: Option<Timestamp>,
    /// Until when the merchant holds the payment back from settlement.
    pub confirm_timeout_at: Option<Timestamp>,
    /// Whether its money was handed to the merchant.
    pub is_settled: bool,
    /// Whether the statement told the account that paid.
    pub is_payer_known: bool,
    /// How many refunds it has, those that expired among them.
    pub refunds: usize,
    /// What the merchant's wallet holds, in the collecting account's currency.
    pub wallet: Amount,
}

/// A refund that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// In the payment's currency.
    pub amount: Amount,
    /// What is transferred, in the collecting account's currency: another amount for a payment in UF only.
    pub transfer: Amount,
    /// What refunds of the payment count now, this one included.
    pub total_refunded: Amount,
    /// What is left.
    pub remaining: Amount,
    /// Whether it is one classic refund of the whole payment.
    pub is_reversal: bool,
}

/// Accepts a refund, or tells everything that is against it.
pub fn decide(kind: Kind, asked: Asked, facts: &Facts, now: Timestamp) -> Result<Accepted, Vec<Violation>> {
    if !facts.is_granted {
        let problem = Problem::Refund(Objection::NotRefunding(facts.account));
        return Err(vec![Violation::new("receiver_id", problem)]);
    }
    let remaining = difference(facts.amount, facts.refunded);
    let mut violations = Vec::new();
    if !is_refundable(kind, facts, now) || remaining <= Amount::ZERO {
        violations.push(Violation::new(
            "payment_id",
            Problem::Refund(Objection::NotRefundable(facts.payment.to_string())),
        ));
    }
    let amount = match asked {
        Asked::Full => remaining,
        Asked::Partial(amount) => {
            violations.extend(against(amount, remaining, facts));
            amount
        }
    };
    let transfer = transfer(amount, facts);
    if violations.is_empty() && transfer <= Amount::ZERO {
        violations.push(Violation::new("amount", Problem::NotPositive));
    }
    if kind == Kind::Wallet && violations.is_empty() && transfer > facts.wallet {
        violations.push(Violation::new(
            "amount",
            Problem::Refund(Objection::WalletTooSmall),
        ));
    }
    if !violations.is_empty() {
        return Err(violations);
    }
    Ok(Accepted {
        amount,
        transfer,
        total_refunded: facts.refunded.checked_add(amount).unwrap_or(facts.amount),
        remaining: difference(remaining, amount),
        is_reversal: kind == Kind::Classic && amount == facts.amount,
    })
}

/// Whether anything of the payment may be given back now.
fn is_refundable(kind: Kind, facts: &Facts, now: Timestamp) -> bool {
    let Some(conciliated_at) = facts.conciliated_at.filter(|_| facts.state.is_settled()) else {
        return false;
    };
    let is_in_time = match kind {
        Kind::Classic => {
            facts.custody == Custody::Gateway
                && !facts.is_settled
                && facts.confirm_timeout_at.is_none_or(|until| now <= until)
        }
        Kind::Wallet => now.duration_since(conciliated_at) <= WALLET_REFUND_LIFE,
    };
    is_in_time && facts.is_payer_known && facts.refunds < REFUNDS_MAX
}

/// What is against giving back this part.
fn against(amount: Amount, remaining: Amount, facts: &Facts) -> Option<Violation> {
    let problem = if amount <= Amount::ZERO {
        Problem::NotPositive
    } else if amount.decimals() > facts.currency.decimals() {
        Problem::TooManyDecimalsFor(facts.currency)
    } else if facts.state.is_settled() && amount > remaining {
        Problem::Refund(Objection::AboveRefundable(amount))
    } else {
        return None;
    };
    Some(Violation::new("amount", problem))
}

/// The same share of what was received, so that all refunds together transfer exactly what was received.
fn transfer(amount: Amount, facts: &Facts) -> Amount {
    let total = facts.refunded.checked_add(amount).unwrap_or(facts.amount);
    let due = match facts.amount.ten_thousandths() {
        0 => Amount::ZERO,
        owed => {
            let share = i128::from(facts.received.ten_thousandths()) * i128::from(total.ten_thousandths())
                / i128::from(owed);
            let exact = i64::try_from(share).unwrap_or(i64::MAX);
            Amount::from_ten_thousandths(exact).rounded_to(facts.currency.paid_in().decimals())
        }
    };
    difference(due, facts.transferred)
}

fn difference(from: Amount, less: Amount) -> Amount {
    from.checked_sub(less).unwrap_or(Amount::ZERO)
}

impl Kind {
    /// As in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Classic => "classic",
            Kind::Wallet => "wallet",
        }
    }

    /// Reads the text of a row.
    pub fn parse(text: &str) -> Option<Kind> {
        [Kind::Classic, Kind::Wallet]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

impl State {
    /// All of them.
    pub const ALL: [State; 4] = [State::Pending, State::Authorized, State::Paid, State::Expired];

    /// As on the wire and in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Authorized => "authorized",
            State::Paid => "paid",
            State::Expired => "expired",
        }
    }

    /// Reads the text of a row.
    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

#[cfg(test)]
mod tests;
