//! A payment's events taken together, because some can't be judged by the state alone: whether an attempt that fails is
//! the one being verified, whether a refund has been counted before.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::payment::state::State;
use crate::payment::{Event, Refused, apply};

/// What a payment has lived through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    state: State,
    verifying: Option<String>,
    authorised: BTreeSet<String>,
    refunds: BTreeSet<String>,
    expired_refunds: BTreeSet<String>,
}

/// Why an event can't follow the others.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Inconsistent {
    /// The state does not list it.
    #[error(transparent)]
    Unlisted(#[from] Refused),
    /// It happened before, or it is about an attempt or a refund that is not the current one.
    #[error("the event {0} is about something that is not current")]
    NotCurrent(&'static str),
}

impl Life {
    /// A payment that was just created.
    pub fn begin() -> Life {
        Life {
            state: State::Pending,
            verifying: None,
            authorised: BTreeSet::new(),
            refunds: BTreeSet::new(),
            expired_refunds: BTreeSet::new(),
        }
    }

    /// The life that these events tell, from the first to the last.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Life, Inconsistent> {
        let mut life = Life::begin();
        for event in events {
            life.take(event)?;
        }
        Ok(life)
    }

    /// Takes one more event; a refused one changes nothing.
    pub fn take(&mut self, event: &Event) -> Result<State, Inconsistent> {
        let state = apply(self.state, event)?;
        if !self.is_current(event) {
            return Err(Inconsistent::NotCurrent(event.name()));
        }
        match event {
            Event::AttemptAuthorising { attempt } | Event::TransferDeclared { attempt } => {
                self.verifying = Some(attempt.clone());
                self.authorised.insert(attempt.clone());
            }
            Event::PartiallyRefunded { refund, .. }
            | Event::FullyRefunded { refund, .. }
            | Event::Reversed { refund } => {
                self.refunds.insert(refund.clone());
            }
            Event::RefundExpired { refund, .. } => {
                self.expired_refunds.insert(refund.clone());
            }
            _ => self.verifying = None,
        }
        self.state = state;
        Ok(state)
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        self.state
    }

    fn is_current(&self, event: &Event) -> bool {
        match event {
            Event::AttemptAuthorising { attempt } | Event::TransferDeclared { attempt } => {
                !self.authorised.contains(attempt)
            }
            Event::AttemptFailed { attempt }
            | Event::VerificationLapsed { attempt }
            | Event::DeclarationWithdrawn { attempt } => self.verifying.as_ref() == Some(attempt),
            Event::PartiallyRefunded { refund, .. }
            | Event::FullyRefunded { refund, .. }
            | Event::Reversed { refund } => !self.refunds.contains(refund),
            Event::RefundExpired { refund, .. } => {
                self.refunds.contains(refund) && !self.expired_refunds.contains(refund)
            }
            _ => true,
        }
    }
}
