//! Payments as merchants know them: made, read, deleted, listed.
//!
//! A payment's row is its first event. Everything that happens to it afterwards passes through [`transition`], the one
//! place that changes a payment's state: the domain says what follows from an event; here the row is updated under the
//! guard of its number of events, and the event is recorded. Of two racing transitions exactly one finds the number
//! that it read.

mod sql;

use ayni_domain::creation::details::PaymentDetails;
use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State;
use ayni_domain::payment::{Event, Refused, apply};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;

/// A payment as its row tells it, without its `custom` text.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its identifier.
    pub id: PaymentId,
    /// Who collects: the `receiver_id` of the wire.
    pub account: AccountId,
    /// The collecting account on which its money must arrive.
    pub collecting_id: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when an attempt may begin.
    pub expires_at: Timestamp,
    /// What is owed.
    pub amount: Amount,
    /// In which currency; CLF is transferred in pesos.
    pub currency: Currency,
    /// Where it stands.
    pub state: State,
    /// How many events it has lived through: the guard of its next transition.
    pub events: i64,
    /// What it is for.
    pub subject: String,
    /// The merchant's own reference.
    pub transaction_id: Option<String>,
    /// The optional fields of its creation.
    pub details: PaymentDetails,
}

/// Why a payment did not change.
#[derive(Debug, Error)]
pub enum TransitionError {
    /// The payment's state does not list the event.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Another transition came first: read the payment again and decide anew.
    #[error("another transition of the payment came first")]
    Raced,
    /// The database refused or failed.
    #[error("the database could not record the transition")]
    Store(#[from] StoreError),
}

/// The payment of this identifier, whoever's it is.
pub fn find(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<Payment>, StoreError> {
    sql::select_payment(tx, id)
}

/// The payment of this identifier, if it is this account's.
pub fn find_of(tx: &mut Tx<'_>, account: AccountId, id: PaymentId) -> Result<Option<Payment>, StoreError> {
    Ok(find(tx, id)?.filter(|payment| payment.account == account))
}

/// Applies an event to a payment as it was read: the guarded update, and the event's row.
///
/// Whoever gets an error lets the whole unit of work fail, unless it wrote nothing else.
pub fn transition(
    tx: &mut Tx<'_>,
    payment: &Payment,
    event: &Event,
    now: Timestamp,
) -> Result<State, TransitionError> {
    let state = apply(payment.state, event)?;
    if sql::update_state(tx, payment, state)? == 0 {
        return Err(TransitionError::Raced);
    }
    sql::insert_event(tx, payment, event, state, now)?;
    Ok(state)
}
