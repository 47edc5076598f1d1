//! Money that leaves, as one table of (state, event): an order that may have been sent is never sent again.
//!
//! An order is one transfer out of a collecting account. What happened to one that was sent is told by the bank's
//! receipt or refusal, and for good only by the collecting account's statement.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

/// How long an order that nobody could send, because the bank was away or refused the login, is kept.
pub const UNSENT_LIFE: SignedDuration = SignedDuration::from_hours(5 * 24);

/// What an order is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Gives a payer a payment's money back.
    Refund,
    /// Hands a merchant or an integrator what it collected.
    Payout,
    /// Sends money back that belongs to nobody here.
    Return,
}

/// How an order reaches the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// Through the bank's site, with the collecting account's login.
    Connector,
    /// In a file that a person hands to the bank.
    File,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits to be sent, or to be written into a file for the bank.
    Ready,
    /// The request that moves money may have been sent. Whoever finds it here reads the statement.
    Sending,
    /// The bank took it, or it stands in a file for the bank.
    Authorised,
    /// The bank gave no clear answer: the statement tells.
    Uncertain,
    /// The bank said no, and certainly no money moved: it may be tried again.
    Refused,
    /// Its debit was seen on the statement.
    Paid,
    /// No money moved, and it is not tried again.
    Failed,
    /// Its debit was not on a statement that was read long after it was sent.
    Expired,
}

/// Something that happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The next request moves money.
    Sending,
    /// It was written into a file for the bank.
    Filed,
    /// The bank's receipt was recognised.
    Accepted,
    /// The bank's answer was not recognised.
    Unclear,
    /// The bank refused, before or instead of moving money.
    Refused,
    /// It is not tried any more.
    GivenUp,
    /// The operator says that the bank did not execute what stood in a file.
    Rejected,
    /// A complete reading of the statement, begun after the deadline, has no debit of it.
    Lapsed,
    /// Its debit was seen on the statement.
    DebitSeen,
}

/// An event that its state does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an order that is {state} can't take the event {event}")]
pub struct Unlisted {
    /// The order's state, which stays.
    pub state: State,
    /// The event's name.
    pub event: &'static str,
}

/// The state after an event, or its refusal.
pub fn apply(state: State, event: Event) -> Result<State, Unlisted> {
    use State::{Authorised, Expired, Failed, Paid, Ready, Refused, Sending, Uncertain};
    match (state, event) {
        (Ready | Refused, Event::Sending) => Ok(Sending),
        (Ready | Refused, Event::Filed) => Ok(Authorised),
        (Ready | Refused | Sending, Event::Refused) => Ok(Refused),
        (Sending, Event::Accepted) => Ok(Authorised),
        (Sending, Event::Unclear) => Ok(Uncertain),
        (Ready | Refused, Event::GivenUp) | (Authorised, Event::Rejected) => Ok(Failed),
        (Sending | Authorised | Uncertain, Event::Lapsed) => Ok(Expired),
        (Ready | Sending | Authorised | Uncertain | Refused, Event::DebitSeen) => Ok(Paid),
        _ => Err(Unlisted {
            state,
            event: event.name(),
        }),
    }
}

/// When an order that the bank refused so many times is tried again; never once the tries are spent.
pub fn next_try(tries: i64, now: Timestamp) -> Option<Timestamp> {
    let place = usize::try_from(tries.checked_sub(1)?).ok()?;
    let pause = PAUSES.get(place)?;
    Some(now.saturating_add(*pause).unwrap_or(Timestamp::MAX))
}

/// Pauses after the first, second, … refusal.
const PAUSES: [SignedDuration; 4] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(12),
];

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Refund, Kind::Payout, Kind::Return];

    /// As in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Refund => "refund",
            Kind::Payout => "payout",
            Kind::Return => "return",
        }
    }

    /// Reads the text of a row.
    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Via {
    /// As in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Via::Connector => "connector",
            Via::File => "file",
        }
    }

    /// Reads the text of a row.
    pub fn parse(text: &str) -> Option<Via> {
        [Via::Connector, Via::File]
            .into_iter()
            .find(|via| via.as_str() == text)
    }
}

impl State {
    /// All of them.
    pub const ALL: [State; 8] = [
        State::Ready,
        State::Sending,
        State::Authorised,
        State::Uncertain,
        State::Refused,
        State::Paid,
        State::Failed,
        State::Expired,
    ];

    /// As in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Ready => "ready",
            State::Sending => "sending",
            State::Authorised => "authorised",
            State::Uncertain => "uncertain",
            State::Refused => "refused",
            State::Paid => "paid",
            State::Failed => "failed",
            State::Expired => "expired",
        }
    }

    /// Reads the text of a row.
    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nothing can happen to it any more.
    pub fn is_ended(self) -> bool {
        matches!(self, State::Paid | State::Failed | State::Expired)
    }

    /// Whether its money may be on its way out, so that only the statement tells.
    pub fn may_have_moved(self) -> bool {
        matches!(self, State::Sending | State::Authorised | State::Uncertain)
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Event {
    /// Its name, for rows, logs and refusals.
    pub fn name(self) -> &'static str {
        match self {
            Event::Sending => "sending",
            Event::Filed => "filed",
            Event::Accepted => "accepted",
            Event::Unclear => "unclear",
            Event::Refused => "refused",
            Event::GivenUp => "given-up",
            Event::Rejected => "rejected",
            Event::Lapsed => "lapsed",
            Event::DebitSeen => "debit-seen",
        }
    }
}

#[cfg(test)]
mod tests;
