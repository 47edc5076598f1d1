//! The life of a payment as one table of (state, event): what is not listed is refused.
//!
//! Which of two racing transitions wins is decided by the store, with a guard on the number of events; that no attempt,
//! movement or refund counts twice is checked over a whole life by [`life::Life`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::money::Amount;
use crate::payment::state::{Detail, State};

pub mod life;
pub mod state;

/// Hours from its creation to its expiry where `expires_date` says nothing else.
pub const LIFE_DEFAULT_HOURS: i64 = 24;

/// Something that happened to a payment; `data` of a row of its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// The request that moves money is about to be sent for this attempt.
    AttemptAuthorising {
        /// The attempt's UUID.
        attempt: String,
    },
    /// The payer says that a transfer was made by hand.
    TransferDeclared {
        /// The attempt's UUID.
        attempt: String,
    },
    /// The payer took the declaration back.
    DeclarationWithdrawn {
        /// The attempt's UUID.
        attempt: String,
    },
    /// The bank refused the transfer of the attempt that was authorising.
    AttemptFailed {
        /// The attempt's UUID.
        attempt: String,
    },
    /// No money came in the time that verification has.
    VerificationLapsed {
        /// The attempt's UUID.
        attempt: String,
    },
    /// A credit on the collecting account's statement was matched, or assigned by a person.
    MoneySeen {
        /// The collecting account's row.
        collecting: i64,
        /// The bank's identifier of the movement.
        movement: String,
    },
    /// The merchant deleted it.
    Deleted,
    /// The payer declared not to pay.
    RejectedByPayer,
    /// The payer reported it as abuse.
    ReportedAsAbuse,
    /// The merchant was paid in another way and says so.
    MarkedPaidByReceiver,
    /// One classic refund of the whole amount was accepted.
    Reversed {
        /// The refund's identifier.
        refund: String,
    },
    /// A refund was accepted after which something remains.
    PartiallyRefunded {
        /// The refund's identifier.
        refund: String,
        /// What it gives back.
        amount: Amount,
    },
    /// A refund was accepted after which nothing remains.
    FullyRefunded {
        /// The refund's identifier.
        refund: String,
        /// What it gives back.
        amount: Amount,
    },
    /// A refund that was accepted expired and is given back.
    RefundExpired {
        /// The refund's identifier.
        refund: String,
        /// What other refunds of the payment still count.
        still_refunded: Amount,
    },
}

/// An event that its state does not list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a payment that is {state} can't take the event {event}")]
pub struct Refused {
    /// The payment's state, which stays.
    pub state: State,
    /// The event's name.
    pub event: &'static str,
}

/// The state after an event, or its refusal.
pub fn apply(state: State, event: &Event) -> Result<State, Refused> {
    use Detail::{
        FullyRefunded, MarkedAsAbuse, MarkedPaidByReceiver, Normal, PartiallyRefunded, RejectedByPayer,
        Reversed,
    };
    use State::{Deleted, Done, Pending, Verifying};
    match (state, event) {
        (Pending, Event::AttemptAuthorising { .. } | Event::TransferDeclared { .. }) => Ok(Verifying),
        (
            Verifying,
            Event::AttemptFailed { .. }
            | Event::VerificationLapsed { .. }
            | Event::DeclarationWithdrawn { .. },
        ) => Ok(Pending),
        (Pending | Verifying, Event::MoneySeen { .. }) => Ok(Done(Normal)),
        (Pending, Event::Deleted) => Ok(Deleted),
        (Pending, Event::RejectedByPayer) => Ok(Done(RejectedByPayer)),
        (Pending, Event::ReportedAsAbuse) => Ok(Done(MarkedAsAbuse)),
        (Pending, Event::MarkedPaidByReceiver) => Ok(Done(MarkedPaidByReceiver)),
        (Done(Normal), Event::Reversed { .. }) => Ok(Done(Reversed)),
        (Done(Normal | PartiallyRefunded), Event::PartiallyRefunded { .. }) => Ok(Done(PartiallyRefunded)),
        (Done(Normal | PartiallyRefunded), Event::FullyRefunded { .. }) => Ok(Done(FullyRefunded)),
        (Done(PartiallyRefunded | FullyRefunded | Reversed), Event::RefundExpired { still_refunded, .. }) => {
            Ok(Done(if *still_refunded > Amount::ZERO {
                PartiallyRefunded
            } else {
                Normal
            }))
        }
        _ => Err(Refused {
            state,
            event: event.name(),
        }),
    }
}

/// Whether money that is matched at this instant comes after the payment's expiry (`out_of_date_conciliation`).
pub fn is_out_of_date(conciliated_at: Timestamp, expires_at: Timestamp) -> bool {
    conciliated_at > expires_at
}

impl Event {
    /// Its name, as in `kind` of its row.
    pub fn name(&self) -> &'static str {
        match self {
            Event::AttemptAuthorising { .. } => "attempt-authorising",
            Event::TransferDeclared { .. } => "transfer-declared",
            Event::DeclarationWithdrawn { .. } => "declaration-withdrawn",
            Event::AttemptFailed { .. } => "attempt-failed",
            Event::VerificationLapsed { .. } => "verification-lapsed",
            Event::MoneySeen { .. } => "money-seen",
            Event::Deleted => "deleted",
            Event::RejectedByPayer => "rejected-by-payer",
            Event::ReportedAsAbuse => "reported-as-abuse",
            Event::MarkedPaidByReceiver => "marked-paid-by-receiver",
            Event::Reversed { .. } => "reversed",
            Event::PartiallyRefunded { .. } => "partially-refunded",
            Event::FullyRefunded { .. } => "fully-refunded",
            Event::RefundExpired { .. } => "refund-expired",
        }
    }
}

#[cfg(test)]
mod tests;
