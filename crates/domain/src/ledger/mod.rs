//! Where every peso lies and why: double entry, so that money can neither appear nor vanish unseen.
//!
//! A transaction is made of moves, each from one ledger account to another, so that it sums to zero by construction. It
//! lies within one collecting bank account, whose currency it has: `bank` mirrors that account's statement, and all
//! others say whose the money is. Debits are positive, credits negative; `bank` is therefore what the bank holds, and
//! minus the sum of all others.

use std::collections::BTreeMap;

use crate::ids::PaymentId;
use crate::money::Amount;

pub mod entry;
pub mod purpose;

use purpose::Purpose;

/// One balanced transaction, not yet posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// `{kind}:{cause}`, the same for the same cause, so that nothing is posted twice.
    pub id: String,
    /// What happened, e.g. `credit`.
    pub kind: &'static str,
    /// The collecting account in which it lies.
    pub collecting_id: i64,
    /// The payment that it is about, if it is about one.
    pub payment: Option<PaymentId>,
    /// Why, where a person decided.
    pub note: Option<String>,
    postings: BTreeMap<Purpose, i64>,
}

impl Transaction {
    /// A transaction in which nothing has moved yet.
    pub fn new(kind: &'static str, cause: &str, collecting_id: i64) -> Transaction {
        Transaction {
            id: format!("{kind}:{cause}"),
            kind,
            collecting_id,
            payment: None,
            note: None,
            postings: BTreeMap::new(),
        }
    }

    /// The same, about a payment.
    pub fn about(mut self, payment: PaymentId) -> Transaction {
        self.payment = Some(payment);
        self
    }

    /// The same, with the reason of the person who decided it.
    pub fn because(mut self, note: &str) -> Transaction {
        self.note = Some(note.to_owned());
        self
    }

    /// The same with one more move: debits one account and credits the other by the same amount. An amount below zero
    /// moves the other way; nothing at all is no posting.
    pub fn moving(mut self, amount: Amount, debit: Purpose, credit: Purpose) -> Transaction {
        *self.postings.entry(debit).or_default() += amount.ten_thousandths();
        *self.postings.entry(credit).or_default() -= amount.ten_thousandths();
        self
    }

    /// What it adds to each ledger account: debits above zero, credits below. They sum to zero.
    pub fn postings(&self) -> impl Iterator<Item = (Purpose, Amount)> {
        let filled = self.postings.iter().filter(|(_, amount)| **amount != 0);
        filled.map(|(purpose, amount)| (*purpose, Amount::from_ten_thousandths(*amount)))
    }
}

#[cfg(test)]
mod tests;
