//! Background work: one pump per kind of job, on every node.
//!
//! A pump claims due jobs under a lease, runs a bounded number of them at once, and leaves the rest to other
//! nodes. Handlers are idempotent: a job is run at least once, and a handler finishes it in the unit of work of
//! its effect. A handler that errs leaves its job to be tried again after a pause. However long a handler takes, the
//! lease is short and renewed while the process lives: the jobs of a killed one are taken over within [`LEASE`].

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job};
use jiff::SignedDuration;
use thiserror::Error;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::app::Shared;
use crate::signals::JobKind;
use crate::traces;

/// Why a job was not finished; it is tried again after `pause`.
#[derive(Debug, Error)]
#[error("{reason}")]
pub struct Unfinished {
    /// What happened, for the operator.
    pub reason: String,
    /// How long until the next try.
    pub pause: Duration,
}

impl From<StoreError> for Unfinished {
    fn from(error: StoreError) -> Unfinished {
        Unfinished {
            reason: error.to_string(),
            pause: STORE_PAUSE,
        }
    }
}

/// How one kind of job is worked.
#[derive(Clone, Copy, Debug)]
pub struct Pump {
    /// Which jobs.
    pub kind: JobKind,
    /// How many at once on this node.
    pub concurrency: usize,
    /// How many of them of one lane, so that a slow one leaves room for the others.
    pub per_lane: usize,
}

impl Pump {
    /// Works until the process drains: at each signal, and every [`POLL`] for other nodes' jobs and due times.
    pub async fn run<F, Fut>(self, app: Shared, handler: F)
    where
        F: Fn(Shared, Job) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<(), Unfinished>> + Send + 'static,
    {
        while !app.draining.is_cancelled() {
            if let Err(error) = self.drain_due(&app, handler.clone()).await {
                tracing::warn!(kind = self.kind.as_str(), error = %error, "the queue could not be read");
            }
            tokio::select! {
                () = app.signals.woken(self.kind) => {}
                () = tokio::time::sleep(POLL) => {}
                () = app.draining.cancelled() => {}
            }
        }
    }

    /// Works until nothing is due any more; returns how many jobs were run. A job that takes long holds its own place
    /// only: the others go on to what falls due meanwhile.
    pub async fn drain_due<F, Fut>(self, app: &Shared, handler: F) -> Result<usize, StoreError>
    where
        F: Fn(Shared, Job) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<(), Unfinished>> + Send + 'static,
    {
        let (mut ran, mut running) = (0, JoinSet::new());
        let busy = Busy::default();
        loop {
            let room = self.concurrency - running.len();
            let jobs = match self.claim(app, room, &busy).await {
                Ok(jobs) => jobs,
                Err(error) => {
                    while running.join_next().await.is_some() {}
                    return Err(error);
                }
            };
            ran += jobs.len();
            for job in jobs {
                let (app, handler) = (app.clone(), handler.clone());
                let place = busy.take(&job.lane);
                running.spawn(async move {
                    run_one(app, job, handler).await;
                    drop(place);
                });
            }
            if running.is_empty() {
                return Ok(ran);
            }
            tokio::select! {
                _ = running.join_next() => {}
                () = app.signals.woken(self.kind) => {}
                () = tokio::time::sleep(POLL) => {}
            }
            while running.try_join_next().is_some() {}
        }
    }

    /// At most `room` due jobs; none once the process drains.
    async fn claim(self, app: &Shared, room: usize, busy: &Busy) -> Result<Vec<Job>, StoreError> {
        if room == 0 || app.draining.is_cancelled() {
            return Ok(Vec::new());
        }
        let now = app.clock.now();
        let holder = app.entropy.uuid().to_string();
        let due = move |tx: &mut ayni_store::tx::Tx<'_>| queue::lanes(tx, self.kind.as_str(), now);
        let lanes = app.db.read("queue.lanes", due).await?;
        let lanes: Vec<(String, usize)> = lanes
            .into_iter()
            .map(|lane| {
                let free = self.per_lane.saturating_sub(busy.of(&lane));
                (lane, free)
            })
            .filter(|(_, free)| *free > 0)
            .collect();
        if lanes.is_empty() {
            return Ok(Vec::new());
        }
        app.db
            .append("queue.claim", move |tx| {
                let mut jobs = Vec::new();
                for (lane, free) in &lanes {
                    let left = (*free).min(room - jobs.len());
                    jobs.extend(queue::claim(
                        tx,
                        self.kind.as_str(),
                        lane,
                        left,
                        now,
                        LEASE,
                        &holder,
                    )?);
                    if jobs.len() >= room {
                        break;
                    }
                }
                Ok(jobs)
            })
            .await
    }
}

/// How many jobs of each lane run now.
#[derive(Clone, Default)]
struct Busy(Arc<Mutex<HashMap<String, usize>>>);

/// A place in a lane, until it is dropped: also by a panic.
struct Place {
    busy: Busy,
    lane: String,
}

impl Busy {
    fn of(&self, lane: &str) -> usize {
        self.lock().get(lane).copied().unwrap_or_default()
    }

    fn take(&self, lane: &str) -> Place {
        *self.lock().entry(lane.to_owned()).or_default() += 1;
        Place {
            busy: self.clone(),
            lane: lane.to_owned(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut busy = self.busy.lock();
        if let Some(count) = busy.get_mut(&self.lane) {
            *count -= 1;
            if *count == 0 {
                busy.remove(&self.lane);
            }
        }
    }
}

async fn run_one<F, Fut>(app: Shared, job: Job, handler: F)
where
    F: Fn(Shared, Job) -> Fut,
    Fut: Future<Output = Result<(), Unfinished>>,
{
    let span = traces::job(job.kind, &job.key);
    let worked = handler(app.clone(), job.clone()).instrument(span.clone());
    let outcome = tokio::select! {
        outcome = worked => outcome,
        never = hold(&app, &job) => match never {},
    };
    let Err(unfinished) = outcome else {
        return;
    };
    traces::failed(&span);
    tracing::warn!(kind = %job.kind, key = %job.key, error = %unfinished, "job is tried again later");
    let pause = SignedDuration::try_from(unfinished.pause).unwrap_or(SignedDuration::from_secs(60));
    let due_at = app.clock.now() + pause;
    let retried = app
        .db
        .append("queue.retry", move |tx| {
            queue::retry(tx, &job, due_at, &unfinished.reason)
        })
        .await;
    if let Err(error) = retried {
        tracing::warn!(error = %error, "a job's retry was not written; its lease will end by itself");
    }
}

/// Keeps a job for the one who works at it, until this is dropped. A renewal that can't be written is no harm: at worst
/// the job is run twice.
async fn hold(app: &Shared, job: &Job) -> Infallible {
    loop {
        tokio::time::sleep(RENEW_AFTER).await;
        let (held, now) = (job.clone(), app.clock.now());
        let renewed = app
            .db
            .append("queue.renew", move |tx| queue::renew(tx, &held, now, LEASE));
        match renewed.await {
            Ok(true) => {}
            Ok(false) => tracing::debug!(kind = job.kind, key = %job.key, "a job is not held any more"),
            Err(error) => tracing::warn!(kind = job.kind, error = %error, "a job's lease was not renewed"),
        }
    }
}

/// How long a claim holds without a renewal: how soon a killed process's jobs are done by another.
pub const LEASE: Duration = Duration::from_secs(15);
/// How often a claim that is still worked at is renewed.
pub const RENEW_AFTER: Duration = Duration::from_secs(5);
/// How often other nodes' jobs and due times are looked for.
pub const POLL: Duration = Duration::from_millis(500);
const STORE_PAUSE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use ayni_store::queue::NewJob;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::harness::House;

    const PUMP: Pump = Pump {
        kind: JobKind::Picture,
        concurrency: 2,
        per_lane: 2,
    };

    #[tokio::test]
    async fn a_job_that_takes_long_holds_up_no_other() {
        let house = House::open().await;
        let now = house.app.clock.now();
        let enqueue = move |tx: &mut ayni_store::tx::Tx<'_>| {
            [("slow", 1), ("first", 0), ("second", 0), ("last", 0)]
                .iter()
                .try_for_each(|(key, waited_s)| {
                    let job = NewJob {
                        kind: PUMP.kind.as_str(),
                        key,
                        lane: "",
                        payload: "",
                        due_at: now - SignedDuration::from_secs(*waited_s),
                    };
                    queue::enqueue(tx, &job, now)
                })
        };
        house.app.db.write("test.enqueue", enqueue).await.unwrap();
        let others = [(); 3].map(|()| CancellationToken::new());
        let handler = move |app: Shared, job: Job| {
            let others = others.clone();
            async move {
                match ["first", "second", "last"].iter().position(|key| *key == job.key) {
                    Some(number) => others[number].cancel(),
                    None => {
                        for other in &others {
                            other.cancelled().await;
                        }
                    }
                }
                let finish = move |tx: &mut ayni_store::tx::Tx<'_>| queue::finish(tx, &job).map(drop);
                Ok(app.db.append("test.finish", finish).await?)
            }
        };
        let drained = PUMP.drain_due(&house.app, handler);
        let ran = tokio::time::timeout(Duration::from_secs(20), drained).await;
        assert_eq!(ran.unwrap().unwrap(), 4);
    }
}
