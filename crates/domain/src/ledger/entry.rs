//! What each thing that happens to money posts, so that every transaction of the ledger is made here and nowhere else.
//!
//! | kind | debit → credit |
//! |---|---|
//! | `credit` | bank → collected, fees, integrator (or own); bank → suspense where no payment is settled |
//! | `assign` | suspense → collected, fees, integrator (or own) |
//! | `top-up` | bank → wallet |
//! | `debit` | transit or payouts → bank where an order left; else suspense → bank |
//! | `refund`, `refund-expired` | collected or wallet → transit, and back |
//! | `return`, `return-failed` | suspense → transit of nobody, and back |
//! | `settlement`, `payout-failed` | collected, integrator → payouts, and back |
//! | `opening` | bank ↔ suspense |
//! | `correction` | whatever a person says, with a reason |

use super::Transaction;
use super::purpose::Purpose;
use crate::fee::Shares;
use crate::ids::{AccountId, PaymentId};
use crate::money::Amount;

/// A line of a collecting account's statement.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The collecting account's row.
    pub collecting_id: i64,
    /// The bank's id of the movement.
    pub movement: &'a str,
    /// Above zero for a credit, below for a debit.
    pub amount: Amount,
}

/// Whose the money of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// The merchant's, on its own bank account: no part of it is anybody else's.
    Own(AccountId),
    /// Collected for a merchant.
    Shared {
        /// Who collects.
        merchant: AccountId,
        /// Who gets the integrator's share; without one it is nothing.
        integrator: Option<AccountId>,
        /// Whose how much is.
        shares: Shares,
    },
}

/// A credit that settles a payment.
pub fn credited(line: Line<'_>, payment: PaymentId, to: Belongs) -> Transaction {
    let transaction = of_line("credit", line).about(payment);
    divided(transaction, line.amount, Purpose::BANK, to)
}

/// A line that nobody can say yet what it is: a credit that settles nothing, a debit that nobody ordered.
pub fn unexplained(line: Line<'_>) -> Transaction {
    let kind = if line.amount < Amount::ZERO {
        "debit"
    } else {
        "credit"
    };
    of_line(kind, line).moving(line.amount, Purpose::BANK, Purpose::SUSPENSE)
}

/// A credit that was unexplained settles a payment after all: a person says so.
pub fn assigned(line: Line<'_>, payment: PaymentId, to: Belongs) -> Transaction {
    let transaction = of_line("assign", line).about(payment);
    divided(transaction, line.amount, Purpose::SUSPENSE, to)
}

/// A credit that fills a merchant's wallet.
pub fn topped_up(line: Line<'_>, merchant: AccountId) -> Transaction {
    of_line("top-up", line).moving(line.amount, Purpose::BANK, Purpose::wallet(merchant))
}

/// A debit that was ordered: the money was in transit or in payouts, and has left.
pub fn left(line: Line<'_>, waiting: Purpose) -> Transaction {
    of_line("debit", line).moving(line.amount, Purpose::BANK, waiting)
}

/// A refund was accepted; `from` is the merchant's `collected` or `wallet`.
pub fn refunded(
    collecting_id: i64,
    refund: &str,
    payment: PaymentId,
    from: Purpose,
    amount: Amount,
) -> Transaction {
    Transaction::new("refund", refund, collecting_id)
        .about(payment)
        .moving(amount, from, from.in_transit())
}

/// A refund that was accepted expired: what [`refunded`] took is given back.
pub fn refund_expired(
    collecting_id: i64,
    refund: &str,
    payment: PaymentId,
    from: Purpose,
    amount: Amount,
) -> Transaction {
    Transaction::new("refund-expired", refund, collecting_id)
        .about(payment)
        .moving(amount, from.in_transit(), from)
}

/// Money that belongs to nobody here is ordered to be sent back.
pub fn returned(collecting_id: i64, order: &str, amount: Amount) -> Transaction {
    Transaction::new("return", order, collecting_id).moving(amount, Purpose::SUSPENSE, Purpose::RETURNS)
}

/// A return that was ordered did not leave: its money is nobody's again.
pub fn return_failed(collecting_id: i64, order: &str, amount: Amount) -> Transaction {
    Transaction::new("return-failed", order, collecting_id).moving(
        amount,
        Purpose::RETURNS,
        Purpose::SUSPENSE,
    )
}

/// A settlement: each of these ledger accounts (`collected` or `integrator`) gives so much to its owner's payout.
pub fn settled(collecting_id: i64, settlement: &str, parts: &[(Purpose, Amount)]) -> Transaction {
    let new = Transaction::new("settlement", settlement, collecting_id);
    parts.iter().fold(new, |transaction, (from, amount)| {
        transaction.moving(*amount, *from, from.in_payouts())
    })
}

/// A payout that was ordered did not leave: its money is again where the settlement took it, `collected` or
/// `integrator`.
pub fn payout_failed(collecting_id: i64, order: &str, to: Purpose, amount: Amount) -> Transaction {
    Transaction::new("payout-failed", order, collecting_id).moving(amount, to.in_payouts(), to)
}

/// What the bank held beyond the lines that were read, when its balance was first known.
pub fn opened(collecting_id: i64, amount: Amount) -> Transaction {
    Transaction::new("opening", &collecting_id.to_string(), collecting_id).moving(
        amount,
        Purpose::BANK,
        Purpose::SUSPENSE,
    )
}

/// A person moves money from one purpose to another; `id` is unlike any other correction's.
pub fn corrected(
    collecting_id: i64,
    id: &str,
    (from, to): (Purpose, Purpose),
    amount: Amount,
    reason: &str,
) -> Transaction {
    Transaction::new("correction", id, collecting_id)
        .because(reason)
        .moving(amount, from, to)
}

fn of_line(kind: &'static str, line: Line<'_>) -> Transaction {
    let cause = format!("{}:{}", line.collecting_id, line.movement);
    Transaction::new(kind, &cause, line.collecting_id)
}

fn divided(transaction: Transaction, paid: Amount, debit: Purpose, to: Belongs) -> Transaction {
    match to {
        Belongs::Own(merchant) => transaction.moving(paid, debit, Purpose::own(merchant)),
        Belongs::Shared {
            merchant,
            integrator,
            shares,
        } => {
            let collected = Purpose::collected(merchant);
            transaction
                .moving(shares.merchant, debit, collected)
                .moving(shares.fee, debit, Purpose::FEES)
                .moving(
                    shares.integrator,
                    debit,
                    integrator.map_or(collected, Purpose::integrator),
                )
        }
    }
}
