//! Who is served when: each destination is a lane of its own, so that a dead receiver delays nobody.
//!
//! A lane runs several deliveries at once while its receiver answers 200, and a single one from its first failure
//! until it answers again; so even a thousand dead receivers hold few of the process's deliveries. Claims are made
//! a little ahead, in the same unit of work that loads what they need.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job};
use ayni_store::tx::Tx;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::deliver::{self, Loaded};
use crate::app::Shared;
use crate::signals::JobKind;
use crate::worker::{LEASE, POLL, RENEW_AFTER, hold};

/// The lanes that this process serves now.
#[derive(Clone)]
pub struct Lanes {
    app: Shared,
    served: Arc<Mutex<HashSet<String>>>,
    deliveries: Arc<Semaphore>,
}

impl Lanes {
    /// No lane is served until [`Lanes::run`] or [`Lanes::drain_due`].
    pub fn new(app: Shared) -> Lanes {
        let deliveries = Arc::new(Semaphore::new(app.settings.deliveries));
        Lanes {
            app,
            served: Arc::default(),
            deliveries,
        }
    }

    /// Serves due lanes until the process drains, then lets the tries in flight end and be recorded.
    pub async fn run(self) {
        let mut serving = JoinSet::new();
        while !self.app.draining.is_cancelled() {
            if let Err(error) = self.serve_due(&mut serving).await {
                tracing::warn!(error = %error, "due notices could not be read");
            }
            while serving.try_join_next().is_some() {}
            tokio::select! {
                () = self.app.signals.woken(JobKind::Notice) => {}
                () = tokio::time::sleep(POLL) => {}
                () = self.app.draining.cancelled() => {}
            }
        }
        while serving.join_next().await.is_some() {}
    }

    /// Tries every notice that is due now; returns, when none is left, how many lanes were served.
    pub async fn drain_due(&self) -> Result<usize, StoreError> {
        let (mut serving, mut served) = (JoinSet::new(), 0);
        loop {
            let started = self.serve_due(&mut serving).await?;
            if started == 0 {
                return Ok(served);
            }
            served += started;
            while serving.join_next().await.is_some() {}
        }
    }

    /// Starts serving each lane that has a due notice and is not served yet; returns how many were started.
    async fn serve_due(&self, serving: &mut JoinSet<()>) -> Result<usize, StoreError> {
        let now = self.app.clock.now();
        let kind = JobKind::Notice.as_str();
        let due = self
            .app
            .db
            .read("notices.lanes", move |tx| queue::lanes(tx, kind, now))
            .await?;
        let mut started = 0;
        for name in due {
            if self.lock_served().insert(name.clone()) {
                let lane = Lane {
                    lanes: self.clone(),
                    name,
                    width: 0,
                    ahead: VecDeque::new(),
                };
                serving.spawn(lane.serve());
                started += 1;
            }
        }
        Ok(started)
    }

    fn lock_served(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Lane {
    lanes: Lanes,
    name: String,
    /// Deliveries at once: all that a destination may have, or one while it fails.
    width: usize,
    ahead: VecDeque<Loaded>,
}

impl Lane {
    async fn serve(mut self) {
        self.width = self.lanes.app.settings.deliveries_per_destination.max(1);
        if let Err(error) = self.serve_until_none_is_due().await {
            tracing::warn!(error = %error, "a destination's notices could not be claimed; tried again at the next poll");
        }
        self.lanes.lock_served().remove(&self.name);
    }

    async fn serve_until_none_is_due(&mut self) -> Result<(), StoreError> {
        let (told, mut sent) = mpsc::channel(TRIES_MAX);
        let (mut sending, mut running) = (0, JoinSet::new());
        let mut renewal = tokio::time::interval_at(Instant::now() + RENEW_AFTER, RENEW_AFTER);
        loop {
            if self.lanes.app.draining.is_cancelled() {
                self.give_back().await;
            } else if self.ahead.len() < self.width {
                self.claim().await?;
            }
            while sending < self.width
                && running.len() < TRIES_MAX
                && let Some(loaded) = self.ahead.pop_front()
            {
                sending += 1;
                let sent = Sent {
                    told: told.clone(),
                    delivered: false,
                };
                running.spawn(try_once(self.lanes.clone(), loaded, sent));
            }
            if running.is_empty() && self.ahead.is_empty() {
                return Ok(());
            }
            tokio::select! {
                Some(delivered) = sent.recv() => {
                    sending -= 1;
                    self.judge(delivered).await;
                }
                Some(_) = running.join_next(), if !running.is_empty() => {}
                _ = renewal.tick() => self.renew().await,
                () = self.lanes.app.draining.cancelled(), if !self.ahead.is_empty() => {}
            }
        }
    }

    /// A receiver that answers gets its whole width; one that fails is asked one at a time, and what was claimed for
    /// it ahead goes back.
    async fn judge(&mut self, delivered: bool) {
        if delivered {
            self.width = self.lanes.app.settings.deliveries_per_destination.max(1);
        } else if self.width > 1 {
            self.width = 1;
            self.give_back().await;
        }
    }

    /// Keeps what waits for its turn; what is being sent keeps itself.
    async fn renew(&mut self) {
        let jobs: Vec<Job> = self.ahead.iter().map(|loaded| loaded.job.clone()).collect();
        let now = self.lanes.app.clock.now();
        let renewing =
            move |tx: &mut Tx<'_>| jobs.iter().map(|job| queue::renew(tx, job, now, LEASE)).collect();
        let renewed: Result<Vec<bool>, StoreError> =
            self.lanes.app.db.append("notices.renew", renewing).await;
        match renewed {
            Ok(held) => {
                let mut held = held.into_iter();
                self.ahead.retain(|_| held.next() == Some(true));
            }
            Err(error) => tracing::warn!(error = %error, "the leases of waiting notices were not renewed"),
        }
    }

    /// A process that stops leaves what it has not begun to others, at once.
    async fn give_back(&mut self) {
        let jobs: Vec<Job> = self.ahead.drain(..).map(|loaded| loaded.job).collect();
        if jobs.is_empty() {
            return;
        }
        let now = self.lanes.app.clock.now();
        let giving = move |tx: &mut Tx<'_>| {
            jobs.iter()
                .try_for_each(|job| queue::retry(tx, job, now, "given back").map(drop))
        };
        let given: Result<(), StoreError> = self.lanes.app.db.append("notices.give-back", giving).await;
        if let Err(error) = given {
            tracing::warn!(error = %error, "waiting notices were not given back; their leases end by themselves");
        }
    }

    async fn claim(&mut self) -> Result<(), StoreError> {
        let app = self.lanes.app.clone();
        let (name, room) = (self.name.clone(), CLAIM_AHEAD * self.width - self.ahead.len());
        let (now, holder) = (app.clock.now(), app.entropy.uuid().to_string());
        let loaded = self
            .lanes
            .app
            .db
            .append("notices.claim", move |tx| {
                let kind = JobKind::Notice.as_str();
                let jobs = queue::claim(tx, kind, &name, room, now, LEASE, &holder)?;
                deliver::load(tx, &app, jobs, now)
            })
            .await?;
        self.ahead.extend(loaded);
        Ok(())
    }
}

/// Tells its lane, once, that a try was sent and how it was answered; also when the try ends in a panic.
struct Sent {
    told: mpsc::Sender<bool>,
    delivered: bool,
}

impl Drop for Sent {
    fn drop(&mut self) {
        // The channel has room for every try that runs; a lane that is gone needs no word.
        let _ = self.told.try_send(self.delivered);
    }
}

/// One try. Its place in the lane is free as soon as it was answered: others are sent while it is recorded. A try
/// whose record could not be written is made again after its lease.
async fn try_once(lanes: Lanes, loaded: Loaded, mut sent: Sent) {
    let job = loaded.job.clone();
    let trying = async {
        let Ok(permit) = lanes.deliveries.acquire().await else {
            return Ok(());
        };
        let entry = deliver::send(&lanes.app, &loaded).await;
        drop(permit);
        sent.delivered = deliver::is_delivered(&loaded, &entry);
        drop(sent);
        deliver::record(&lanes.app, loaded, entry).await
    };
    let recorded = tokio::select! {
        recorded = trying => recorded,
        never = hold(&lanes.app, &job) => match never {},
    };
    if let Err(error) = recorded {
        tracing::warn!(error = %error, "a try was made but not recorded; it is made again");
    }
}

/// Tries of one lane that are being sent or recorded.
const TRIES_MAX: usize = 256;
/// Claims hold this many rounds of a lane's deliveries, so that a delivery never waits for the queue.
const CLAIM_AHEAD: usize = 16;
