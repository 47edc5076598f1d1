//! The machine's promises, on every pair of state and event and on random lives.

use proptest::prelude::*;

use super::life::Life;
use super::*;
use crate::sampled::cases;

const ATTEMPTS: [&str; 3] = ["a1", "a2", "a3"];

fn money_seen(movement: &str) -> Event {
    Event::MoneySeen {
        collecting: 1,
        movement: movement.into(),
    }
}

fn events() -> Vec<Event> {
    let mut all = vec![
        money_seen("m1"),
        money_seen("m2"),
        Event::Deleted,
        Event::RejectedByPayer,
        Event::ReportedAsAbuse,
        Event::MarkedPaidByReceiver,
    ];
    for id in ATTEMPTS.map(String::from) {
        let amount = Amount::from_units(1);
        all.extend([
            Event::AttemptAuthorising { attempt: id.clone() },
            Event::TransferDeclared { attempt: id.clone() },
            Event::DeclarationWithdrawn { attempt: id.clone() },
            Event::AttemptFailed { attempt: id.clone() },
            Event::VerificationLapsed { attempt: id.clone() },
            Event::Reversed { refund: id.clone() },
            Event::PartiallyRefunded {
                refund: id.clone(),
                amount,
            },
            Event::FullyRefunded {
                refund: id.clone(),
                amount,
            },
            Event::RefundExpired {
                refund: id.clone(),
                still_refunded: amount,
            },
            Event::RefundExpired {
                refund: id,
                still_refunded: Amount::ZERO,
            },
        ]);
    }
    all
}

/// The diagram, written a second time as text.
const LISTED: &[(&str, &str, &[&str])] = &[
    ("pending", "attempt-authorising", &["verifying"]),
    ("pending", "transfer-declared", &["verifying"]),
    ("verifying", "attempt-failed", &["pending"]),
    ("verifying", "verification-lapsed", &["pending"]),
    ("verifying", "declaration-withdrawn", &["pending"]),
    ("pending", "money-seen", &["done/normal"]),
    ("verifying", "money-seen", &["done/normal"]),
    ("pending", "deleted", &["deleted"]),
    ("pending", "rejected-by-payer", &["done/rejected-by-payer"]),
    ("pending", "reported-as-abuse", &["done/marked-as-abuse"]),
    (
        "pending",
        "marked-paid-by-receiver",
        &["done/marked-paid-by-receiver"],
    ),
    ("done/normal", "reversed", &["done/reversed"]),
    ("done/normal", "partially-refunded", &["done/partially-refunded"]),
    ("done/normal", "fully-refunded", &["done/fully-refunded"]),
    (
        "done/partially-refunded",
        "partially-refunded",
        &["done/partially-refunded"],
    ),
    (
        "done/partially-refunded",
        "fully-refunded",
        &["done/fully-refunded"],
    ),
    (
        "done/partially-refunded",
        "refund-expired",
        &["done/partially-refunded", "done/normal"],
    ),
    (
        "done/fully-refunded",
        "refund-expired",
        &["done/partially-refunded", "done/normal"],
    ),
    (
        "done/reversed",
        "refund-expired",
        &["done/partially-refunded", "done/normal"],
    ),
];

fn listed(state: State, event: &Event) -> &'static [&'static str] {
    let found = LISTED
        .iter()
        .find(|(from, name, _)| *from == state.as_str() && *name == event.name());
    found.map_or(&[], |(_, _, to)| to)
}

#[test]
fn every_pair_of_state_and_event_is_listed_or_refused() {
    for state in State::ALL {
        for event in events() {
            match apply(state, &event) {
                Ok(next) => assert!(
                    listed(state, &event).contains(&next.as_str()),
                    "{state} {event:?} {next}"
                ),
                Err(refused) => {
                    assert_eq!(
                        refused,
                        Refused {
                            state,
                            event: event.name()
                        }
                    );
                    assert!(listed(state, &event).is_empty(), "{state} {event:?}");
                }
            }
        }
    }
}

#[test]
fn only_a_pending_payment_can_be_deleted() {
    for state in State::ALL {
        assert_eq!(apply(state, &Event::Deleted).is_ok(), state == State::Pending);
    }
}

#[test]
fn the_attempt_that_failed_before_can_not_end_the_verification_of_another() {
    let mut life = Life::begin();
    let [first, second] = ["a1", "a2"].map(String::from);
    life.take(&Event::AttemptAuthorising {
        attempt: first.clone(),
    })
    .unwrap();
    life.take(&Event::AttemptFailed {
        attempt: first.clone(),
    })
    .unwrap();
    life.take(&Event::AttemptAuthorising { attempt: second }).unwrap();
    let stale = Event::AttemptFailed { attempt: first };
    assert_eq!(
        life.take(&stale),
        Err(life::Inconsistent::NotCurrent("attempt-failed"))
    );
    assert_eq!(life.state(), State::Verifying);
}

#[test]
fn an_event_is_written_with_its_name_and_reads_back() {
    for event in events() {
        let json = serde_json::to_string(&event).unwrap();
        assert!(
            json.starts_with(&format!("{{\"kind\":\"{}\"", event.name())),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
    }
}

#[test]
fn states_read_back_and_split_into_status_and_detail() {
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Ok(state));
    }
    assert_eq!(
        (State::Deleted.status(), State::Deleted.status_detail()),
        ("deleted", "pending")
    );
    let done = State::Done(Detail::PartiallyRefunded);
    assert_eq!(
        (done.status(), done.status_detail()),
        ("done", "partially-refunded")
    );
    assert!(State::parse("expired").is_err());
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn no_sequence_reaches_an_unlisted_state_or_applies_an_event_twice(
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..80)
    ) {
        let all = events();
        let mut life = Life::begin();
        let mut taken: Vec<Event> = Vec::new();
        for pick in picks {
            let event = pick.get(&all);
            let before = life.clone();
            match life.take(event) {
                Ok(next) => {
                    prop_assert!(listed(before.state(), event).contains(&next.as_str()));
                    prop_assert!(!taken.contains(event), "twice: {:?}", event);
                    taken.push(event.clone());
                }
                Err(_) => prop_assert_eq!(&life, &before),
            }
        }
        prop_assert!(taken.iter().filter(|event| event.name() == "money-seen").count() <= 1);
        prop_assert_eq!(Life::replay(&taken), Ok(life));
    }
}
