//! The states of a payment and how rows and the wire write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where a payment stands. There is no "expired": an expired payment stays pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum State {
    /// Nobody has paid, and attempts may begin.
    Pending,
    /// A transfer was authorised or declared, and its money has not been seen.
    Verifying,
    /// It came to an end, in one of several ways.
    Done(Detail),
    /// The merchant deleted it.
    Deleted,
}

/// How a payment that is done came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Detail {
    /// Its money was seen.
    Normal,
    /// The merchant says that it was paid in another way.
    MarkedPaidByReceiver,
    /// The payer declared not to pay.
    RejectedByPayer,
    /// The payer reported it as abuse.
    MarkedAsAbuse,
    /// All of it was given back by one classic refund.
    Reversed,
    /// A part of it was given back.
    PartiallyRefunded,
    /// All of it was given back.
    FullyRefunded,
}

/// The text is no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("unknown payment state")]
pub struct UnknownState;

impl State {
    /// All of them.
    pub const ALL: [State; 10] = [
        State::Pending,
        State::Verifying,
        State::Deleted,
        State::Done(Detail::Normal),
        State::Done(Detail::MarkedPaidByReceiver),
        State::Done(Detail::RejectedByPayer),
        State::Done(Detail::MarkedAsAbuse),
        State::Done(Detail::Reversed),
        State::Done(Detail::PartiallyRefunded),
        State::Done(Detail::FullyRefunded),
    ];

    /// As in rows: `pending`, `done/normal`.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Verifying => "verifying",
            State::Deleted => "deleted",
            State::Done(Detail::Normal) => "done/normal",
            State::Done(Detail::MarkedPaidByReceiver) => "done/marked-paid-by-receiver",
            State::Done(Detail::RejectedByPayer) => "done/rejected-by-payer",
            State::Done(Detail::MarkedAsAbuse) => "done/marked-as-abuse",
            State::Done(Detail::Reversed) => "done/reversed",
            State::Done(Detail::PartiallyRefunded) => "done/partially-refunded",
            State::Done(Detail::FullyRefunded) => "done/fully-refunded",
        }
    }

    /// Reads the text of a row.
    pub fn parse(text: &str) -> Result<State, UnknownState> {
        State::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(UnknownState)
    }

    /// `status` of the wire.
    pub fn status(self) -> &'static str {
        match self {
            State::Done(_) => "done",
            other => other.as_str(),
        }
    }

    /// `status_detail` of the wire; `pending` for what is not done.
    pub fn status_detail(self) -> &'static str {
        match self {
            State::Done(_) => self.as_str().trim_start_matches("done/"),
            _ => "pending",
        }
    }

    /// Whether its money was seen, even if it was given back since.
    pub fn is_settled(self) -> bool {
        use Detail::{FullyRefunded, Normal, PartiallyRefunded, Reversed};
        matches!(
            self,
            State::Done(Normal | PartiallyRefunded | FullyRefunded | Reversed)
        )
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        State::parse(text)
    }
}

impl From<State> for String {
    fn from(state: State) -> String {
        state.as_str().to_owned()
    }
}

impl TryFrom<String> for State {
    type Error = UnknownState;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        State::parse(&text)
    }
}
