//! The one thread that writes. Everything that waits when it comes free goes into one commit, so that the disk's
//! flush, which costs as much as dozens of units of work, is shared.
//!
//! A group first runs *together*, without savepoints. Only if a unit of work errs after it changed a row is the whole
//! rolled back and run again *apart*, each unit of work in a savepoint of its own: an erring one never takes a
//! neighbour with it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use crate::error::StoreError;
use crate::options::Options;
use crate::sqlite::connection::Connection;
use crate::sqlite::failure::is_everybodys;
use crate::tx::Tx;
use crate::unit::{Ran, Unit};

/// How often the thread looks up from an idle queue to report its depth.
const IDLE_LOOK: Duration = Duration::from_secs(5);

pub(crate) struct Writer {
    pub connection: Connection,
    pub units: Receiver<Unit>,
    /// Held during a commit, and by the checkpointer for the short part that writers can't go on beside.
    pub turn: Arc<Mutex<()>>,
    pub options: Options,
}

impl Writer {
    /// Works until the last [`crate::db::Db`] is gone and everything that waited is answered.
    pub fn run(self) {
        let mut group: Vec<Unit> = Vec::with_capacity(self.options.group_units);
        while self.take(&mut group) {
            let started_at = Instant::now();
            let outcome = {
                let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
                self.commit(&mut group)
            };
            metrics::counter!("ayni_store_units_total", "engine" => "sqlite").increment(group.len() as u64);
            metrics::histogram!("ayni_store_group_units").record(group.len() as f64);
            metrics::histogram!("ayni_store_commit_seconds").record(started_at.elapsed().as_secs_f64());
            metrics::gauge!("ayni_store_queue_units").set(self.units.len() as f64);
            if let Err(error) = &outcome {
                tracing::error!(%error, units = group.len(), "a group of units of work was not committed");
            }
            // Before the group is told: who hears that the file is locked may come again at once, and has not waited.
            if let Err(error @ StoreError::Unavailable(_)) = &outcome {
                self.refuse_waiting(error);
            }
            Unit::answer_all(std::mem::take(&mut group), outcome);
        }
    }

    /// Whoever queued up while the file was locked has waited long enough.
    fn refuse_waiting(&self, error: &StoreError) {
        for unit in self.units.try_iter().take(self.options.queue_units) {
            unit.answer(Err(error.clone()));
        }
    }

    /// Waits for work, then takes all that waits. False when there will be none.
    fn take(&self, group: &mut Vec<Unit>) -> bool {
        loop {
            match self.units.recv_timeout(IDLE_LOOK) {
                Ok(first) => group.push(first),
                Err(error) if error.is_timeout() => continue,
                Err(_) => return false,
            }
            while group.len() < self.options.group_units
                && let Ok(unit) = self.units.try_recv()
            {
                group.push(unit);
            }
            group.retain(|unit| !unit.is_abandoned());
            if !group.is_empty() {
                return true;
            }
        }
    }

    /// Ends with every row of the group durable, or none.
    fn commit(&self, group: &mut [Unit]) -> Result<(), StoreError> {
        let done = self.together(group).and_then(|ran| match ran {
            Ran::Well => Ok(()),
            Ran::Badly => {
                self.connection.roll_back();
                metrics::counter!("ayni_store_reruns_total", "engine" => "sqlite").increment(1);
                self.apart(group)
            }
        });
        let done = done.and_then(|()| self.connection.command("COMMIT"));
        if done.is_err() {
            self.connection.roll_back();
        }
        done
    }

    fn together(&self, group: &mut [Unit]) -> Result<Ran, StoreError> {
        self.connection.command("BEGIN IMMEDIATE")?;
        for unit in group {
            let changes_before = self.connection.total_changes();
            let ran = self.run_one(unit)?;
            if ran == Ran::Badly && self.connection.total_changes() != changes_before {
                return Ok(Ran::Badly);
            }
        }
        Ok(Ran::Well)
    }

    fn apart(&self, group: &mut [Unit]) -> Result<(), StoreError> {
        self.connection.command("BEGIN IMMEDIATE")?;
        for unit in group {
            self.connection.command("SAVEPOINT unit")?;
            if self.run_one(unit)? == Ran::Badly {
                self.connection.command("ROLLBACK TO unit")?;
            }
            self.connection.command("RELEASE unit")?;
        }
        Ok(())
    }

    /// Runs one; an error is the engine's, and so the whole group's.
    fn run_one(&self, unit: &mut Unit) -> Result<Ran, StoreError> {
        let mut tx = Tx::sqlite(&self.connection);
        let ran = unit.run(&mut tx);
        match tx.failure() {
            Some(error) if is_everybodys(error) => Err(error.clone()),
            Some(error) if !self.connection.is_in_transaction() => Err(error.clone()),
            _ => Ok(ran),
        }
    }
}
