//! How far a person has come on the pages of an authorization, as one table.

use thiserror::Error;

/// Where an authorization stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The person is being asked.
    Asking,
    /// The person said yes.
    Consented,
    /// The person said no.
    Refused,
}

/// What the person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Typed something that is needed to go on, or began anew.
    Answered,
    /// Said yes.
    Consented,
    /// Said no.
    Refused,
}

/// An event that its state does not list: the person decided already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the authorization was decided already")]
pub struct Decided;

/// The state after an event.
///
/// # Errors
/// Once it was decided.
pub fn apply(state: State, event: Event) -> Result<State, Decided> {
    match (state, event) {
        (State::Asking, Event::Answered) => Ok(State::Asking),
        (State::Asking, Event::Consented) => Ok(State::Consented),
        (State::Asking, Event::Refused) => Ok(State::Refused),
        _ => Err(Decided),
    }
}

impl State {
    /// Its word in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Asking => "asking",
            State::Consented => "consented",
            State::Refused => "refused",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<State> {
        [State::Asking, State::Consented, State::Refused]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_decided_stays_decided() {
        for event in [Event::Answered, Event::Consented, Event::Refused] {
            assert!(apply(State::Asking, event).is_ok());
            for state in [State::Consented, State::Refused] {
                assert_eq!(apply(state, event), Err(Decided), "{state:?} {event:?}");
                assert_eq!(State::parse(state.as_str()), Some(state));
            }
        }
        assert_eq!(State::parse("done"), None);
    }
}
