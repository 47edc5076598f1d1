//! A site that fails again and again is left alone for a while: its visitors get their answer at once, and the site is
//! not burdened while it recovers. Then one visit finds out.

use jiff::{SignedDuration, Timestamp};

/// What is known of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaker {
    /// It is visited; so many failures in a row.
    Closed {
        /// Since it last worked.
        failures: u32,
    },
    /// It is left alone until then.
    Open {
        /// When one visit may find out.
        until: Timestamp,
    },
    /// One visit finds out; the others are turned away.
    HalfOpen {
        /// When another one may, if that one was given up.
        until: Timestamp,
    },
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody wants to visit.
    Asked,
    /// A visit was answered, whatever the answer says.
    Worked,
    /// A visit found the site down or silent.
    Failed,
}

/// When it opens and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it stays open.
    pub open_for: SignedDuration,
}

impl Default for Breaker {
    fn default() -> Breaker {
        Breaker::Closed { failures: 0 }
    }
}

impl Breaker {
    /// Whether everybody is turned away at this instant.
    pub fn turns_away(self, now: Timestamp) -> bool {
        match self {
            Breaker::Closed { .. } => false,
            Breaker::Open { until } | Breaker::HalfOpen { until } => now < until,
        }
    }

    /// What it becomes, and whether who asked may visit.
    pub fn after(self, event: Event, now: Timestamp, limits: Limits) -> (Breaker, bool) {
        let later = || now.saturating_add(limits.open_for).unwrap_or(Timestamp::MAX);
        match (self, event) {
            (Breaker::Closed { .. }, Event::Asked) => (self, true),
            (Breaker::Open { until } | Breaker::HalfOpen { until }, Event::Asked) if now >= until => {
                (Breaker::HalfOpen { until: later() }, true)
            }
            (Breaker::Open { .. } | Breaker::HalfOpen { .. }, Event::Asked) => (self, false),
            (_, Event::Worked) => (Breaker::default(), true),
            (Breaker::Closed { failures }, Event::Failed) if failures + 1 < limits.failures => (
                Breaker::Closed {
                    failures: failures + 1,
                },
                true,
            ),
            (Breaker::Closed { .. } | Breaker::HalfOpen { .. }, Event::Failed) => {
                (Breaker::Open { until: later() }, false)
            }
            // A visit that began before it opened.
            (Breaker::Open { .. }, Event::Failed) => (self, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        failures: 3,
        open_for: SignedDuration::from_secs(30),
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    /// Plays `(seconds, event, whether a visit may be made)`.
    fn play(story: &[(i64, Event, bool)]) -> Breaker {
        story
            .iter()
            .fold(Breaker::default(), |breaker, (second, event, may)| {
                let (next, permitted) = breaker.after(*event, at(*second), LIMITS);
                assert_eq!(permitted, *may, "{event:?} at {second} of {breaker:?}");
                next
            })
    }

    #[test]
    fn failures_in_a_row_open_it_and_one_visit_finds_out_when_the_time_is_over() {
        use Event::{Asked, Failed, Worked};
        let opened = [
            (0, Asked, true),
            (1, Failed, true),
            (2, Failed, true),
            (3, Failed, false),
            (4, Asked, false),
            (32, Asked, false),
            (33, Asked, true),
            (33, Asked, false),
        ];
        play(&opened);
        let mended = [
            &opened[..],
            &[(34, Worked, true), (35, Asked, true), (35, Asked, true)],
        ]
        .concat();
        assert_eq!(play(&mended), Breaker::default());
        let still_down = [
            &opened[..],
            &[(34, Failed, false), (63, Asked, false), (64, Asked, true)],
        ]
        .concat();
        play(&still_down);
        let given_up = [&opened[..], &[(62, Asked, false), (63, Asked, true)]].concat();
        play(&given_up);
    }

    #[test]
    fn a_visit_that_works_forgets_the_failures_before_it() {
        use Event::{Asked, Failed, Worked};
        play(&[
            (0, Failed, true),
            (1, Failed, true),
            (2, Worked, true),
            (3, Failed, true),
            (4, Failed, true),
            (5, Asked, true),
        ]);
    }
}
