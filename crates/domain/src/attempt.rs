//! One try of a payer to pay, as one table of (state, event), because the request that moves money is sent at most once.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::payment::state::State as PaymentState;

/// From its start to the payer's authorisation (seed: "un plazo individual de 3 horas").
pub const ATTEMPT_LIFE: SignedDuration = SignedDuration::from_hours(3);

/// From the authorisation until its payment returns to pending, unless the operator sets another time.
pub const VERIFYING_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// The same after a payer's declaration: with nothing but somebody's word, a payment is not held for longer. Transfers
/// between Chilean banks take seconds, and money that comes later settles the payment all the same.
pub const DECLARED_LIFE: SignedDuration = SignedDuration::from_hours(6);

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// The payer is being asked; nothing has moved.
    Asking,
    /// The request that moves money may have been sent. Whoever finds it here never sends it again.
    Authorising,
    /// The bank showed a receipt.
    Authorised,
    /// The bank gave no clear answer.
    Uncertain,
    /// The payer says that a transfer was made by hand.
    Declared,
    /// The bank, or the payer's data, did not allow it.
    Failed,
    /// Its time passed.
    Lapsed,
    /// Its money was seen.
    Settled,
}

/// Something that happened to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Everything is filled in; the next request moves money.
    Authorising,
    /// The bank's receipt was recognised.
    Accepted,
    /// The bank's answer was not recognised, or nobody knows whether the request was sent.
    Unclear,
    /// The bank refused, before or instead of moving money.
    Refused,
    /// The payer says that a transfer was made by hand.
    Declared,
    /// The payer took the declaration back.
    Withdrawn,
    /// Its time passed: three hours while asking, that of verification afterwards.
    Lapsed,
    /// Its payment can't be paid any more, by another's doing.
    PaymentClosed,
    /// Its money was seen on the statement.
    MoneySeen,
}

/// An event that its state does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an attempt that is {state} can't take the event {event}")]
pub struct Refused {
    /// The attempt's state, which stays.
    pub state: State,
    /// The event's name.
    pub event: &'static str,
}

/// Why no attempt may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoAttempt {
    /// Its expiry has passed.
    #[error("the payment expired")]
    Expired,
    /// It is being verified, done or deleted.
    #[error("the payment is {0}")]
    NotPending(PaymentState),
}

/// The state after an event, or its refusal.
pub fn apply(state: State, event: Event) -> Result<State, Refused> {
    use State::{Asking, Authorised, Authorising, Declared, Failed, Lapsed, Settled, Uncertain};
    match (state, event) {
        (Asking, Event::Authorising) => Ok(Authorising),
        (Asking, Event::Declared) => Ok(Declared),
        (Asking | Authorising, Event::Refused) => Ok(Failed),
        (Authorising, Event::Accepted) => Ok(Authorised),
        (Authorising, Event::Unclear) => Ok(Uncertain),
        (Asking | Authorising | Authorised | Uncertain | Declared, Event::Lapsed) => Ok(Lapsed),
        (Declared, Event::Withdrawn) => Ok(Lapsed),
        (Asking, Event::PaymentClosed) => Ok(Lapsed),
        (Asking | Authorising | Authorised | Uncertain | Declared | Failed | Lapsed, Event::MoneySeen) => {
            Ok(Settled)
        }
        _ => Err(Refused {
            state,
            event: event.name(),
        }),
    }
}

/// Whether a payer may begin an attempt at a payment now.
pub fn may_begin(payment: PaymentState, expires_at: Timestamp, now: Timestamp) -> Result<(), NoAttempt> {
    match payment {
        PaymentState::Pending if now > expires_at => Err(NoAttempt::Expired),
        PaymentState::Pending => Ok(()),
        other => Err(NoAttempt::NotPending(other)),
    }
}

/// When an attempt that was begun then lapses, unless the payer authorises.
pub fn lapses_at(started_at: Timestamp) -> Timestamp {
    started_at.saturating_add(ATTEMPT_LIFE).unwrap_or(Timestamp::MAX)
}

/// How long the money of an attempt in this state is waited for, where the operator set this time for verifications.
pub fn verifying_life(state: State, set: Duration) -> SignedDuration {
    let set = SignedDuration::try_from(set).unwrap_or(SignedDuration::MAX);
    match state {
        State::Declared => set.min(DECLARED_LIFE),
        _ => set,
    }
}

impl State {
    /// All of them.
    pub const ALL: [State; 8] = [
        State::Asking,
        State::Authorising,
        State::Authorised,
        State::Uncertain,
        State::Declared,
        State::Failed,
        State::Lapsed,
        State::Settled,
    ];

    /// As in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Asking => "asking",
            State::Authorising => "authorising",
            State::Authorised => "authorised",
            State::Uncertain => "uncertain",
            State::Declared => "declared",
            State::Failed => "failed",
            State::Lapsed => "lapsed",
            State::Settled => "settled",
        }
    }

    /// Reads the text of a row.
    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether its payment is being verified because of it.
    pub fn is_verifying(self) -> bool {
        matches!(
            self,
            State::Authorising | State::Authorised | State::Uncertain | State::Declared
        )
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Event {
    /// Its name, for logs and refusals.
    pub fn name(self) -> &'static str {
        match self {
            Event::Authorising => "authorising",
            Event::Accepted => "accepted",
            Event::Unclear => "unclear",
            Event::Refused => "refused",
            Event::Declared => "declared",
            Event::Withdrawn => "withdrawn",
            Event::Lapsed => "lapsed",
            Event::PaymentClosed => "payment-closed",
            Event::MoneySeen => "money-seen",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::payment::state::Detail;
    use crate::sampled::cases;

    const EVENTS: [Event; 9] = [
        Event::Authorising,
        Event::Accepted,
        Event::Unclear,
        Event::Refused,
        Event::Declared,
        Event::Withdrawn,
        Event::Lapsed,
        Event::PaymentClosed,
        Event::MoneySeen,
    ];

    /// The table, written a second time as text: each state, and where each event that it takes leads.
    const LISTED: &[(&str, &[(&str, &str)])] = &[
        (
            "asking",
            &[
                ("authorising", "authorising"),
                ("declared", "declared"),
                ("refused", "failed"),
                ("lapsed", "lapsed"),
                ("payment-closed", "lapsed"),
                ("money-seen", "settled"),
            ],
        ),
        (
            "authorising",
            &[
                ("accepted", "authorised"),
                ("unclear", "uncertain"),
                ("refused", "failed"),
                ("lapsed", "lapsed"),
                ("money-seen", "settled"),
            ],
        ),
        ("authorised", &[("lapsed", "lapsed"), ("money-seen", "settled")]),
        ("uncertain", &[("lapsed", "lapsed"), ("money-seen", "settled")]),
        (
            "declared",
            &[
                ("lapsed", "lapsed"),
                ("withdrawn", "lapsed"),
                ("money-seen", "settled"),
            ],
        ),
        ("failed", &[("money-seen", "settled")]),
        ("lapsed", &[("money-seen", "settled")]),
        ("settled", &[]),
    ];

    #[test]
    fn every_pair_of_state_and_event_is_listed_or_refused() {
        for state in State::ALL {
            let (_, taken) = LISTED.iter().find(|(from, _)| *from == state.as_str()).unwrap();
            for event in EVENTS {
                let to = taken
                    .iter()
                    .find(|(name, _)| *name == event.name())
                    .map(|(_, to)| *to);
                assert_eq!(
                    apply(state, event).ok().map(State::as_str),
                    to,
                    "{state} {event:?}"
                );
            }
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        assert_eq!(State::parse("paid"), None);
    }

    #[test]
    fn a_payment_that_expired_can_not_be_attempted() {
        let [before, expiry, after] =
            ["11:59", "12:00", "12:01"].map(|at| format!("2026-11-21T{at}:00Z").parse().unwrap());
        assert_eq!(may_begin(PaymentState::Pending, expiry, before), Ok(()));
        assert_eq!(may_begin(PaymentState::Pending, expiry, expiry), Ok(()));
        assert_eq!(
            may_begin(PaymentState::Pending, expiry, after),
            Err(NoAttempt::Expired)
        );
    }

    #[test]
    fn no_attempt_begins_unless_the_payment_is_pending() {
        let expiry: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        for state in [
            PaymentState::Verifying,
            PaymentState::Deleted,
            PaymentState::Done(Detail::Normal),
        ] {
            assert_eq!(
                may_begin(state, expiry, expiry),
                Err(NoAttempt::NotPending(state))
            );
        }
    }

    #[test]
    fn an_attempt_lapses_three_hours_after_its_start() {
        let start: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        assert_eq!(lapses_at(start), "2026-11-21T15:00:00Z".parse().unwrap());
        assert_eq!(lapses_at(Timestamp::MAX), Timestamp::MAX);
    }

    proptest! {
        #![proptest_config(cases(512))]

        #[test]
        fn no_attempt_sends_money_twice_or_takes_an_event_twice(picks in proptest::collection::vec(0..EVENTS.len(), 0..40)) {
            let mut state = State::Asking;
            let mut taken = Vec::new();
            for pick in picks {
                if let Ok(next) = apply(state, EVENTS[pick]) {
                    prop_assert!(!taken.contains(&EVENTS[pick]));
                    taken.push(EVENTS[pick]);
                    state = next;
                }
            }
        }
    }
}
