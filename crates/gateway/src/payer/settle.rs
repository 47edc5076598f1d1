//! What reconciliation asks of attempts: which payments a movement might be for, and what becomes of the attempts
//! when their money was seen or never came.

use ayni_domain::attempt::{self, Event, State};
use ayni_domain::ids::PaymentId;
use ayni_domain::matching::CandidateAttempt;
use ayni_domain::money::Amount;
use ayni_domain::rut::normalise;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::attempt::Attempt;
use super::sql;

/// The payments of which an attempt got this operation number from the bank; at most [`CANDIDATES_MAX`].
pub fn by_operation(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    operation_number: &str,
) -> Result<Vec<PaymentId>, StoreError> {
    sql::select_by_operation(tx, collecting_id, operation_number, CANDIDATES_MAX)
}

/// The payments that this person tried to pay with this amount, by whatever method and in whatever state; at most
/// [`CANDIDATES_MAX`], the latest first.
pub fn by_payer(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    identifier: &str,
    amount: Amount,
) -> Result<Vec<PaymentId>, StoreError> {
    sql::select_by_payer(tx, collecting_id, &normalise(identifier), amount, CANDIDATES_MAX)
}

/// The bank at which this person's account is, as far as an attempt to pay from it said so.
pub fn bank_of(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    identifier: &str,
    account: &str,
) -> Result<Option<String>, StoreError> {
    sql::select_bank_of_account(tx, collecting_id, &normalise(identifier), account)
}

/// The attempts of a payment as matching weighs them.
pub fn candidate_attempts(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Vec<CandidateAttempt>, StoreError> {
    let attempts = sql::select_attempts(tx, payment)?;
    Ok(attempts
        .into_iter()
        .map(|attempt| CandidateAttempt {
            number: attempt.number,
            collecting_id: attempt.collecting_id,
            amount: attempt.amount,
            started_at: attempt.started_at,
            payer_identifier: attempt.payer_identifier,
            operation_number: attempt.operation_number,
        })
        .collect())
}

/// A payment's money was seen: the attempt that sent it (`number`, where matching knows it, else the one that was
/// being verified) is settled, and every other one that still asks its payer ends. Returns the settled attempt.
pub fn settled(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    number: Option<i64>,
    now: Timestamp,
) -> Result<Option<Attempt>, StoreError> {
    let attempts = sql::select_attempts(tx, payment)?;
    let payer = match number {
        Some(number) => attempts.iter().find(|attempt| attempt.number == number),
        None => attempts.iter().find(|attempt| attempt.state.is_verifying()),
    };
    for attempt in &attempts {
        let is_payer = payer.is_some_and(|payer| payer.number == attempt.number);
        let event = if is_payer {
            Event::MoneySeen
        } else {
            Event::PaymentClosed
        };
        move_by(tx, attempt, event, now)?;
    }
    Ok(payer.cloned())
}

/// A payment can't be paid any more, by another's doing (deleted, rejected, …): whoever is being asked is asked no
/// longer. Call it in the unit of work of that transition.
pub fn payment_closed(tx: &mut Tx<'_>, payment: PaymentId, now: Timestamp) -> Result<(), StoreError> {
    let attempts = sql::select_attempts(tx, payment)?;
    attempts
        .iter()
        .try_for_each(|attempt| move_by(tx, attempt, Event::PaymentClosed, now))
}

/// The attempt whose money settled a payment, where one is known.
pub fn settled_attempt(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Option<Attempt>, StoreError> {
    let attempts = sql::select_attempts(tx, payment)?;
    Ok(attempts
        .into_iter()
        .find(|attempt| attempt.state == State::Settled))
}

/// The attempt because of which a payment is being verified, if it is.
pub fn verified_attempt(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Option<Attempt>, StoreError> {
    let attempts = sql::select_attempts(tx, payment)?;
    Ok(attempts.into_iter().find(|attempt| attempt.state.is_verifying()))
}

/// No money came for this attempt ([`verified_attempt`]): it lapses. The payment's own transition is the caller's, in
/// the same unit of work.
pub fn lapse_verification(tx: &mut Tx<'_>, attempt: &Attempt, now: Timestamp) -> Result<(), StoreError> {
    move_by(tx, attempt, Event::Lapsed, now)
}

/// Applies an event where the attempt's state lists it, and leaves the attempt alone where it doesn't.
fn move_by(tx: &mut Tx<'_>, attempt: &Attempt, event: Event, now: Timestamp) -> Result<(), StoreError> {
    let Ok(state) = attempt::apply(attempt.state, event) else {
        return Ok(());
    };
    let reason = (state == State::Lapsed)
        .then_some(event.name())
        .or(attempt.reason.as_deref());
    sql::end_attempt(tx, attempt, state, reason, now)?;
    Ok(())
}

/// Candidates that are looked at; matching wants exactly one, so that more are only counted.
pub const CANDIDATES_MAX: i64 = 100;
