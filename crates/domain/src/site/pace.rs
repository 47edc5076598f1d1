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
        let step_ms = 60_000 / i64::from(visits_per_minute.max(1)).max(1);
        let ahead = SignedDuration::from_millis(step_ms.saturating_mul(i64::from(burst.max(1)) - 1));
        let earliest = self.due.map_or(now, |due| due.max(now));
        let wait = earliest
            .duration_since(now)
            .saturating_sub(ahead)
            .max(SignedDuration::ZERO);
        let due = earliest.saturating_add(SignedDuration::from_millis(step_ms));
        (Pace { due: due.ok() }, wait)
    }
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
}
