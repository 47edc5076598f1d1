use proptest::prelude::*;

use super::*;
use crate::sampled::cases;

const EVENTS: [Event; 9] = [
    Event::Sending,
    Event::Filed,
    Event::Accepted,
    Event::Unclear,
    Event::Refused,
    Event::GivenUp,
    Event::Rejected,
    Event::Lapsed,
    Event::DebitSeen,
];

/// The table, written a second time as text: each state, and where each event that it takes leads.
const LISTED: &[(&str, &[(&str, &str)])] = &[
    (
        "ready",
        &[
            ("sending", "sending"),
            ("filed", "authorised"),
            ("refused", "refused"),
            ("given-up", "failed"),
            ("debit-seen", "paid"),
        ],
    ),
    (
        "sending",
        &[
            ("accepted", "authorised"),
            ("unclear", "uncertain"),
            ("refused", "refused"),
            ("lapsed", "expired"),
            ("debit-seen", "paid"),
        ],
    ),
    (
        "authorised",
        &[
            ("rejected", "failed"),
            ("lapsed", "expired"),
            ("debit-seen", "paid"),
        ],
    ),
    ("uncertain", &[("lapsed", "expired"), ("debit-seen", "paid")]),
    (
        "refused",
        &[
            ("sending", "sending"),
            ("filed", "authorised"),
            ("refused", "refused"),
            ("given-up", "failed"),
            ("debit-seen", "paid"),
        ],
    ),
    ("paid", &[]),
    ("failed", &[]),
    ("expired", &[]),
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
            let became = apply(state, event).ok().map(State::as_str);
            assert_eq!(became, to, "{state} {event:?}");
        }
        assert_eq!(State::parse(state.as_str()), Some(state));
        assert_eq!(state.is_ended(), taken.is_empty());
    }
    assert_eq!(State::parse("lost"), None);
}

#[test]
fn a_refusal_is_tried_again_after_longer_and_longer_pauses_until_the_tries_are_spent() {
    let now: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
    let pauses: Vec<i64> = (1..=4)
        .map(|tries| next_try(tries, now).unwrap().duration_since(now).as_mins())
        .collect();
    assert_eq!(pauses, [1, 15, 120, 720]);
    for tries in [0, -1, 5, 6] {
        assert_eq!(next_try(tries, now), None, "{tries}");
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn an_order_that_may_have_moved_money_is_not_sent_again_unless_the_bank_certainly_refused(
        picks in proptest::collection::vec(0..EVENTS.len(), 0..40)
    ) {
        let (mut state, mut taken) = (State::Ready, Vec::new());
        for pick in picks {
            let event = EVENTS[pick];
            let Ok(next) = apply(state, event) else { continue };
            if matches!(event, Event::Sending | Event::Filed) {
                let last = taken.last();
                prop_assert!(last.is_none_or(|last| *last == Event::Refused), "sent after {last:?}");
            }
            taken.push(event);
            state = next;
        }
        let seen = taken.iter().filter(|event| **event == Event::DebitSeen).count();
        prop_assert_eq!(seen == 1, state == State::Paid);
        let given_back = matches!(state, State::Failed | State::Expired);
        prop_assert!(!(given_back && seen > 0));
    }
}
