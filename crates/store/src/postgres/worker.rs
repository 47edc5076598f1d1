//! A thread with a connection of its own. What PostgreSQL takes back (a serialization failure, a deadlock, a lost
//! connection before the commit was asked for) is run again; what it may have kept (a connection lost during the
//! commit) is told as [`StoreError::OutcomeUnknown`], for nobody but the caller can know whether doing it again is
//! harmless.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use crate::error::StoreError;
use crate::options::Options;
use crate::postgres::dial::Dial;
use crate::postgres::session::Session;
use crate::tx::Tx;
use crate::unit::{Ran, Unit};

/// The pause after the n-th contention is n times this, at most [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);
/// In a group a short wait for another's row gives the group up, before two groups wait for each other.
const BEGIN_GROUP: &str = "BEGIN; SET LOCAL lock_timeout = '100ms'";

pub(crate) struct Worker {
    pub dial: Dial,
    pub units: Receiver<Unit>,
    /// How many threads share the queue.
    pub threads: usize,
    pub options: Arc<Options>,
    pub is_grouping: bool,
    pub session: Option<Session>,
}

/// How one run of a transaction ended.
enum Done {
    /// The unit of work's own result may go out.
    Answered,
    /// Nothing was kept; it may run again.
    Again(StoreError),
    /// The engine's answer in place of the unit of work's.
    Failed(StoreError),
}

impl Worker {
    /// Works until the last [`crate::db::Db`] is gone and everything that waited is answered.
    pub fn run(mut self) {
        while let Ok(first) = self.units.recv() {
            let mut group = vec![first];
            if self.is_grouping {
                self.take_share(&mut group);
            }
            group.retain(|unit| !unit.is_abandoned());
            metrics::counter!("ayni_store_units_total", "engine" => "postgres").increment(group.len() as u64);
            metrics::gauge!("ayni_store_queue_units").set(self.units.len() as f64);
            if group.len() > 1 {
                metrics::histogram!("ayni_store_group_units").record(group.len() as f64);
                if let Some(outcome) = self.together(&mut group) {
                    Unit::answer_all(group, outcome);
                    continue;
                }
                metrics::counter!("ayni_store_reruns_total", "engine" => "postgres").increment(1);
            }
            for mut unit in group {
                let outcome = self.alone(&mut unit);
                unit.answer(outcome);
            }
        }
    }

    /// This thread's part of the backlog, so that the others have theirs.
    fn take_share(&self, group: &mut Vec<Unit>) {
        let share = (self.units.len().div_ceil(self.threads) + 1).min(self.options.group_units);
        while group.len() < share
            && let Ok(unit) = self.units.try_recv()
        {
            group.push(unit);
        }
    }

    /// Runs several in one transaction. None when nothing was kept and each has to be run alone.
    fn together(&mut self, group: &mut [Unit]) -> Option<Result<(), StoreError>> {
        let submitted_at = group.first()?.submitted_at;
        let session = match self.connected(submitted_at) {
            Ok(session) => session,
            Err(error) => return Some(Err(error)),
        };
        let started_at = Instant::now();
        if session.batch(BEGIN_GROUP).is_err() {
            self.give_up();
            return None;
        }
        for unit in group {
            let mut tx = Tx::postgres(session);
            let ran = unit.run(&mut tx);
            if tx.failure().is_some() || (ran == Ran::Badly && tx.has_written()) {
                self.give_up();
                return None;
            }
        }
        match self.commit(started_at) {
            Done::Answered => Some(Ok(())),
            Done::Again(_) => None,
            Done::Failed(error) => Some(Err(error)),
        }
    }

    /// Runs one in a transaction of its own, as often as it takes.
    fn alone(&mut self, unit: &mut Unit) -> Result<(), StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let error = match self.once(unit) {
                Done::Answered => return Ok(()),
                Done::Failed(error) => return Err(error),
                Done::Again(error) => error,
            };
            metrics::counter!("ayni_store_reruns_total", "engine" => "postgres").increment(1);
            if tries > self.options.max_reruns || unit.submitted_at.elapsed() > self.options.unavailable_after
            {
                tracing::warn!(unit = unit.name, tries, %error, "a unit of work was given up");
                return Err(match error {
                    StoreError::Contention { .. } => StoreError::Contention { tries },
                    other => other,
                });
            }
            let pause = PAUSE.saturating_mul(tries).min(LONGEST_PAUSE);
            let _ = crossbeam_channel::after(pause).recv();
        }
    }

    fn once(&mut self, unit: &mut Unit) -> Done {
        let started_at = Instant::now();
        let session = match self.connected(unit.submitted_at) {
            Ok(session) => session,
            Err(error) => return Done::Failed(error),
        };
        // A reading of a few rows needs no transaction: each statement is one.
        let is_transaction = unit.needs_transaction;
        if is_transaction && let Err(error) = session.batch("BEGIN") {
            self.give_up();
            return Done::Again(error);
        }
        let mut tx = Tx::postgres(session);
        let ran = unit.run(&mut tx);
        let failure = tx.failure().cloned();
        match (ran, failure) {
            (Ran::Well, _) if is_transaction => self.commit(started_at),
            (Ran::Well, _) => Done::Answered,
            (Ran::Badly, Some(error @ (StoreError::Unavailable(_) | StoreError::Contention { .. }))) => {
                self.give_up();
                Done::Again(error)
            }
            (Ran::Badly, _) => {
                if is_transaction {
                    self.give_up();
                }
                Done::Answered
            }
        }
    }

    fn commit(&mut self, started_at: Instant) -> Done {
        let Some(session) = &mut self.session else {
            return Done::Again(StoreError::Unavailable("no connection".into()));
        };
        let committed = session.batch("COMMIT");
        metrics::histogram!("ayni_store_commit_seconds").record(started_at.elapsed().as_secs_f64());
        match committed {
            Ok(()) => Done::Answered,
            Err(StoreError::Unavailable(_)) => {
                self.session = None;
                Done::Failed(StoreError::OutcomeUnknown)
            }
            Err(error @ StoreError::Contention { .. }) => {
                self.give_up();
                Done::Again(error)
            }
            Err(error) => {
                self.give_up();
                Done::Failed(error)
            }
        }
    }

    /// Leaves the transaction, or the connection if that is the trouble.
    fn give_up(&mut self) {
        if let Some(session) = &mut self.session
            && (session.is_closed() || session.batch("ROLLBACK").is_err())
        {
            self.session = None;
        }
    }

    fn connected(&mut self, submitted_at: Instant) -> Result<&mut Session, StoreError> {
        if self.session.as_ref().is_some_and(Session::is_closed) {
            self.session = None;
        }
        match &mut self.session {
            Some(session) => Ok(session),
            empty => Ok(empty.insert(self.dial.session(submitted_at)?)),
        }
    }
}
