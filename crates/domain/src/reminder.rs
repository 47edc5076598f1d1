//! When somebody is reminded of what they owe: twice, a week apart, and only as long as it is owed.

use jiff::{SignedDuration, Timestamp};

use crate::payment::state::State;

/// Reminders of one payment.
pub const REMINDERS_MAX: u8 = 2;

/// Between a payment's creation and its first reminder, and between a reminder and the next.
pub const PAUSE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// When reminder number `number` (1, 2) is due, a week after what came before it; `None` where there is no such reminder
/// or the payment has expired by then.
pub fn due(number: u8, before: Timestamp, expires_at: Timestamp) -> Option<Timestamp> {
    if !(1..=REMINDERS_MAX).contains(&number) {
        return None;
    }
    let due = before.checked_add(PAUSE).ok()?;
    (due <= expires_at).then_some(due)
}

/// Whether a payment is owed still, so that asking for it makes sense: neither paid nor being paid, deleted, rejected
/// or expired.
pub fn is_owed(state: State, expires_at: Timestamp, now: Timestamp) -> bool {
    state == State::Pending && now <= expires_at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::state::Detail;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn two_reminders_come_a_week_apart_until_the_payment_expires() {
        let created = at("2026-03-02T15:00:00Z");
        for (number, before, expires, expected) in [
            (1, created, "2026-04-01T00:00:00Z", Some("2026-03-09T15:00:00Z")),
            (
                2,
                at("2026-03-09T15:00:00Z"),
                "2026-04-01T00:00:00Z",
                Some("2026-03-16T15:00:00Z"),
            ),
            (1, created, "2026-03-09T15:00:00Z", Some("2026-03-09T15:00:00Z")),
            (1, created, "2026-03-09T14:59:59Z", None),
            (2, at("2026-03-09T15:00:00Z"), "2026-03-10T00:00:00Z", None),
            (3, created, "2026-04-01T00:00:00Z", None),
            (0, created, "2026-04-01T00:00:00Z", None),
            (1, Timestamp::MAX, "2026-04-01T00:00:00Z", None),
        ] {
            assert_eq!(
                due(number, before, at(expires)),
                expected.map(at),
                "{number} {expires}"
            );
        }
    }

    #[test]
    fn only_what_is_owed_is_asked_for() {
        let (now, later) = (at("2026-03-02T15:00:00Z"), at("2026-03-03T15:00:00Z"));
        assert!(is_owed(State::Pending, later, now));
        assert!(is_owed(State::Pending, now, now));
        assert!(!is_owed(State::Pending, now, later));
        for state in [
            State::Verifying,
            State::Deleted,
            State::Done(Detail::Normal),
            State::Done(Detail::RejectedByPayer),
            State::Done(Detail::MarkedAsAbuse),
        ] {
            assert!(!is_owed(state, later, now), "{state:?}");
        }
    }
}
