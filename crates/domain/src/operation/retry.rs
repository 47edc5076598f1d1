//! When an accepted operation visits its site again, and when it is over: by its deadline a callback goes out, whatever
//! the site does.

use jiff::{SignedDuration, Timestamp};

/// How long an accepted operation may take before its callback says that it failed.
pub const LIFE: SignedDuration = SignedDuration::from_mins(15);

/// Seconds between a visit and the next, the last one again and again.
const PAUSES_S: [i64; 6] = [2, 5, 10, 20, 40, 60];

/// A pause varies by so many ten-thousandths, up and down.
const JITTER_BASIS_POINTS: i64 = 2000;

/// An accepted operation is over so long before its deadline, so that its callback goes out by then.
pub const TELLING: SignedDuration = SignedDuration::from_secs(2);

/// A visit that would begin this shortly before the operation is over is not worth it.
const LAST_VISIT: SignedDuration = SignedDuration::from_secs(1);

/// When to visit again after so many visits, the last of which failed now with something that may pass; `None` where
/// the deadline comes first. `random` is uniform: 0 is the shortest pause, 65,535 the longest.
pub fn next_visit(deadline: Timestamp, now: Timestamp, visits: u32, random: u16) -> Option<Timestamp> {
    let index = usize::try_from(visits.saturating_sub(1)).unwrap_or(usize::MAX);
    let pause_s = PAUSES_S.get(index).or(PAUSES_S.last()).copied()?;
    let spread = 2 * JITTER_BASIS_POINTS * i64::from(random) / i64::from(u16::MAX);
    let pause_ms = pause_s * 1000 * (10_000 - JITTER_BASIS_POINTS + spread) / 10_000;
    let next = now.checked_add(SignedDuration::from_millis(pause_ms)).ok()?;
    let last = deadline.checked_sub(TELLING + LAST_VISIT).ok()?;
    (next <= last).then_some(next)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sampled::cases;

    const ACCEPTED_AT: &str = "2026-03-02T15:00:00Z";

    #[test]
    fn pauses_grow_to_a_minute_and_stay_there() {
        let now: Timestamp = ACCEPTED_AT.parse().unwrap();
        let deadline = now + LIFE;
        let pauses: Vec<i128> = (1..=8)
            .map(|visits| {
                let next = next_visit(deadline, now, visits, u16::MAX / 2 + 1).unwrap();
                next.duration_since(now).as_millis()
            })
            .map(|ms| (ms + 500) / 1000)
            .collect();
        assert_eq!(pauses, [2, 5, 10, 20, 40, 60, 60, 60]);
    }

    proptest! {
        #![proptest_config(cases(256))]

        #[test]
        fn no_visit_is_planned_past_the_deadline(randoms in proptest::collection::vec(any::<u16>(), 40)) {
            let accepted: Timestamp = ACCEPTED_AT.parse().unwrap();
            let (deadline, mut now, mut visits) = (accepted + LIFE, accepted, 1);
            while let Some(next) = next_visit(deadline, now, visits, randoms[visits as usize % 40]) {
                prop_assert!(next > now && next + TELLING < deadline);
                now = next;
                visits += 1;
            }
            prop_assert!((15..=25).contains(&visits), "{}", visits);
        }
    }
}
