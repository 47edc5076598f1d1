//! How fast visits to a site may follow each other: so many a minute, a few at once.

use jiff::{SignedDuration, Timestamp};

/// When the next visit would be due if all before it had kept the pace (the generic cell rate algorithm, ITU-T I.371).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Pace {
    due: Option<Timestamp>,
}

impl Pace {
    /// Reserves a visit and says how long to wait before it. `burst` visits may come at once after a pause.
    pub fn reserve(self, now: Timestamp, visits_per_minute: u32, burst: u32) -> (Pace, SignedDuration) {
        let step_ms = step_ms(visits_per_minute);
        let ahead = SignedDuration::from_millis(step_ms.saturating_mul(i64::from(burst.max(1)) - 1));
        let earliest = self.due.map_or(now, |due| due.max(now));
        let wait = earliest
            .duration_since(now)
            .saturating_sub(ahead)
            .max(SignedDuration::ZERO);
        let due = earliest.saturating_add(SignedDuration::from_millis(step_ms));
        (Pace { due: due.ok() }, wait)
    }

    /// Gives a reserved visit back that will not be made: who gave up waiting takes nothing from the others.
    pub fn give_back(self, visits_per_minute: u32) -> Pace {
        let step = SignedDuration::from_millis(step_ms(visits_per_minute));
        let due = self.due.and_then(|due| due.checked_sub(step).ok());
        Pace { due }
    }
}

fn step_ms(visits_per_minute: u32) -> i64 {
    60_000 / i64::from(visits_per_minute.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_what_follows_keeps_the_pace() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let (mut pace, mut waits) = (Pace::default(), Vec::new());
        for _ in 0..6 {
            let (next, wait) = pace.reserve(now, 60, 3);
            pace = next;
            waits.push(wait.as_secs());
        }
        assert_eq!(waits, [0, 0, 0, 1, 2, 3]);
        let later = now + SignedDuration::from_secs(60);
        assert_eq!(pace.reserve(later, 60, 3).1, SignedDuration::ZERO);
    }

    #[test]
    fn visits_that_are_given_back_put_nobody_off() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let mut pace = Pace::default();
        for _ in 0..1000 {
            pace = pace.reserve(now, 60, 1).0.give_back(60);
        }
        assert_eq!(pace.reserve(now, 60, 1).1, SignedDuration::ZERO);
    }
}
