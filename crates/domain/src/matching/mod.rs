//! Which payment a line of the bank's statement settles, if any: the only way in which a payment becomes done.
//!
//! Three signs are tried in order: the payment's id in the text, the operation number that an attempt got from the
//! bank, the payer's RUT. The first sign that names a payment decides. Where that payment doesn't fit the movement, or
//! the sign names several, a person decides: money is never assigned on a weaker sign against a stronger one.

use jiff::Timestamp;

use crate::currency::Currency;
use crate::ids::PaymentId;
use crate::matching::reason::Reason;
use crate::money::Amount;
use crate::payment::state::{Detail, State};
use crate::rut::normalise;

pub mod reason;

/// A line of a collecting account's statement.
#[derive(Clone, Copy, Debug)]
pub struct Movement<'a> {
    /// The collecting account's row.
    pub collecting_id: i64,
    /// Above zero for a credit.
    pub amount: Amount,
    /// The collecting account's currency.
    pub currency: Currency,
    /// The bank's time.
    pub booked_at: Timestamp,
    /// The payer's RUT, however the bank writes it.
    pub payer_identifier: Option<&'a str>,
    /// Reference and comment.
    pub reference: &'a str,
    /// The bank's number of the transfer.
    pub operation_number: Option<&'a str>,
}

/// A payment that some sign might name. The gateway gives every payment whose id is among [`ids_in`] the reference,
/// every payment of an attempt with the operation number, and every payment of an attempt with the payer's RUT and the
/// amount; each once, with all its attempts.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The payment.
    pub id: PaymentId,
    /// Where it stands.
    pub state: State,
    /// What was asked.
    pub amount: Amount,
    /// In which currency it was asked.
    pub currency: Currency,
    /// Where it is to arrive.
    pub collecting_id: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// The only person who may pay it.
    pub fixed_payer_identifier: Option<String>,
    /// Its attempts and manual declarations.
    pub attempts: Vec<CandidateAttempt>,
}

/// An attempt at a candidate.
#[derive(Clone, Debug)]
pub struct CandidateAttempt {
    /// 1, 2, … of its payment.
    pub number: i64,
    /// Where it is to arrive.
    pub collecting_id: i64,
    /// What it transfers: pesos for a payment in UF.
    pub amount: Amount,
    /// When it began.
    pub started_at: Timestamp,
    /// The payer's RUT, once known.
    pub payer_identifier: Option<String>,
    /// The bank's number from its receipt.
    pub operation_number: Option<String>,
}

/// What becomes of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It settles this payment, and was made by this attempt, where that is known.
    Settle {
        /// The payment.
        payment: PaymentId,
        /// The attempt's number.
        attempt: Option<i64>,
    },
    /// A person decides.
    Review(Reason),
    /// No money came in.
    Debit,
}

/// Decides about one movement. It has not been decided about before: the store keeps each movement once.
pub fn decide(movement: &Movement<'_>, candidates: &[Candidate]) -> Decision {
    if movement.amount <= Amount::ZERO {
        return Decision::Debit;
    }
    let ids = ids_in(movement.reference);
    for sign in [Sign::Id, Sign::OperationNumber, Sign::Payer] {
        let mut named = candidates
            .iter()
            .filter(|candidate| sign.names(candidate, movement, &ids));
        let Some(candidate) = named.next() else { continue };
        if named.any(|other| other.id != candidate.id) {
            return Decision::Review(sign.of_several());
        }
        return match objection(candidate, movement) {
            Some(reason) => Decision::Review(reason),
            None => Decision::Settle {
                payment: candidate.id,
                attempt: attempt_of(candidate, movement),
            },
        };
    }
    Decision::Review(Reason::NoPayment)
}

/// Every payment id that a text could contain: words of exactly twelve letters and digits, in lower case, each once.
pub fn ids_in(text: &str) -> Vec<PaymentId> {
    let mut ids = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if let Ok(id) = PaymentId::parse(&word.to_ascii_lowercase())
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    ids
}

/// What in a movement names a payment, the strongest first.
#[derive(Clone, Copy)]
enum Sign {
    Id,
    OperationNumber,
    Payer,
}

impl Sign {
    fn names(self, candidate: &Candidate, movement: &Movement<'_>, ids: &[PaymentId]) -> bool {
        let mut attempts = candidate.attempts.iter();
        match self {
            Sign::Id => ids.contains(&candidate.id),
            Sign::OperationNumber => attempts.any(|attempt| is_same_operation(attempt, movement)),
            Sign::Payer => attempts.any(|attempt| is_by_the_payer(attempt, movement)),
        }
    }

    /// Why it decides nothing where it names several payments.
    fn of_several(self) -> Reason {
        match self {
            Sign::Id => Reason::SeveralIds,
            Sign::OperationNumber | Sign::Payer => Reason::SeveralPayments,
        }
    }
}

/// Why money that a sign assigns to this payment does not settle it.
fn objection(candidate: &Candidate, movement: &Movement<'_>) -> Option<Reason> {
    if candidate.collecting_id != movement.collecting_id {
        return Some(Reason::OtherAccount);
    }
    let closed = match candidate.state {
        State::Pending | State::Verifying => None,
        State::Deleted => Some(Reason::PaymentDeleted),
        State::Done(Detail::RejectedByPayer) => Some(Reason::PaymentRejected),
        State::Done(Detail::MarkedAsAbuse) => Some(Reason::PaymentReportedAsAbuse),
        State::Done(Detail::MarkedPaidByReceiver) => Some(Reason::PaymentMarkedPaid),
        State::Done(_) => Some(Reason::AlreadySettled),
    };
    if closed.is_some() {
        return closed;
    }
    if candidate.currency.paid_in() != movement.currency {
        return Some(Reason::OtherCurrency);
    }
    if !expects(candidate, movement.amount) {
        return Some(Reason::OtherAmount);
    }
    if movement.booked_at < candidate.created_at {
        return Some(Reason::OlderThanPayment);
    }
    let fixed = candidate.fixed_payer_identifier.as_deref();
    fixed
        .is_some_and(|fixed| !is_same_person(Some(fixed), movement.payer_identifier))
        .then_some(Reason::OtherPayer)
}

/// The amount asked, or for one in UF, the pesos that an attempt fixed.
fn expects(candidate: &Candidate, amount: Amount) -> bool {
    match candidate.currency {
        Currency::Clf => candidate.attempts.iter().any(|attempt| attempt.amount == amount),
        _ => candidate.amount == amount,
    }
}

fn is_same_operation(attempt: &CandidateAttempt, movement: &Movement<'_>) -> bool {
    let number = movement.operation_number.filter(|number| !number.is_empty());
    number.is_some()
        && attempt.operation_number.as_deref() == number
        && attempt.collecting_id == movement.collecting_id
}

fn is_by_the_payer(attempt: &CandidateAttempt, movement: &Movement<'_>) -> bool {
    attempt.collecting_id == movement.collecting_id
        && attempt.amount == movement.amount
        && attempt.started_at <= movement.booked_at
        && is_same_person(attempt.payer_identifier.as_deref(), movement.payer_identifier)
}

/// Whether both are known and the same without punctuation and case.
fn is_same_person(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    let one = normalise(one);
    !one.is_empty() && one == normalise(other)
}

/// The attempt that the reference names after the payment's id (`gqzdy6chjne9-2`), else the one with the operation
/// number, else the last one that this payer began before.
fn attempt_of(candidate: &Candidate, movement: &Movement<'_>) -> Option<i64> {
    let named = |attempt: &&CandidateAttempt| names_attempt(movement.reference, candidate.id, attempt.number);
    let attempts = || candidate.attempts.iter();
    attempts()
        .find(named)
        .or_else(|| attempts().find(|attempt| is_same_operation(attempt, movement)))
        .or_else(|| {
            attempts()
                .filter(|attempt| is_by_the_payer(attempt, movement))
                .max_by_key(|attempt| attempt.started_at)
        })
        .map(|attempt| attempt.number)
}

fn names_attempt(reference: &str, id: PaymentId, number: i64) -> bool {
    let sign = format!("{id}-{number}");
    let text = reference.to_ascii_lowercase();
    text.match_indices(&sign).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + sign.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests;
