//! Time as a value. Expiries, retries and lapses span days, so tests move a clock instead of waiting for one;
//! no other file of the gateway asks the system what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ayni_domain::time;
use jiff::Timestamp;

/// Where the time comes from: the system, or a hand that tests move.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// Unix milliseconds, moved by [`Clock::advance_ms`].
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start` until it is moved.
    pub fn manual(start: Timestamp) -> Clock {
        Clock::Manual(Arc::new(AtomicI64::new(start.as_millisecond())))
    }

    /// The present instant, in whole milliseconds, as rows and answers carry it.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => time::from_ms(system_now().as_millisecond()),
            Clock::Manual(ms) => time::from_ms(ms.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward (or back, with a negative number). The system's clock can't be moved.
    pub fn advance_ms(&self, by_ms: i64) {
        if let Clock::Manual(ms) = self {
            ms.fetch_add(by_ms, Ordering::SeqCst);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the system's clock"
)]
fn system_now() -> Timestamp {
    Timestamp::now()
}
