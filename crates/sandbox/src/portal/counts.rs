//! What a test wants to know about the visits, told by the portal's value and never over HTTP.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How often the portal was asked, since it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visits {
    /// Requests of any kind.
    pub pages: u64,
    /// Forms sent in to see a client's bills, whatever the answer.
    pub debts: u64,
    /// Forms sent in to log in, whatever the answer.
    pub logins: u64,
}

/// The running counts.
#[derive(Default)]
pub struct Counts {
    pages: AtomicU64,
    debts: AtomicU64,
    logins: AtomicU64,
    /// How often what may only happen so many times has happened: a passing fault, a wrong code.
    turns: Mutex<HashMap<String, u32>>,
}

/// What is counted so; beyond it all counts begin anew.
const TURNS_MAX: usize = 1_000;

impl Counts {
    /// The counts now.
    pub fn visits(&self) -> Visits {
        Visits {
            pages: self.pages.load(Ordering::Relaxed),
            debts: self.debts.load(Ordering::Relaxed),
            logins: self.logins.load(Ordering::Relaxed),
        }
    }

    /// One more request.
    pub fn page(&self) {
        self.pages.fetch_add(1, Ordering::Relaxed);
    }

    /// One more question for bills.
    pub fn debt(&self) {
        self.debts.fetch_add(1, Ordering::Relaxed);
    }

    /// One more login.
    pub fn login(&self) {
        self.logins.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether this time is one of the `failures` that precede each success.
    pub fn fails(&self, what: &str, failures: u32) -> bool {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() >= TURNS_MAX {
            turns.clear();
        }
        let turn = turns.entry(what.to_owned()).or_default();
        let fails = *turn < failures;
        *turn = if fails { *turn + 1 } else { 0 };
        fails
    }
}
