//! One destination's notices: claimed ahead, sent side by side, recorded many at once.
//!
//! A lane runs several deliveries at once while its receiver answers, and a single one from its first failure until it
//! answers again; so even a thousand dead receivers hold few of the process's deliveries. Claiming, sending and
//! recording go on beside each other: a delivery waits for no commit. A commit costs as much as several deliveries, so a
//! try that was answered waits a moment for others to be recorded with, unless it is the last one under way.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job};
use ayni_store::tx::Tx;
use tokio::sync::Semaphore;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;

use super::deliver::{self, Loaded, Tried};
use crate::app::Shared;
use crate::signals::JobKind;
use crate::worker::{LEASE, RENEW_AFTER};

pub(super) struct Lane {
    app: Shared,
    name: String,
    /// What the whole process may send at once.
    deliveries: Arc<Semaphore>,
    /// Deliveries at once: all that a destination may have, or one while it fails.
    width: usize,
    claiming: JoinSet<Result<Vec<Loaded>, StoreError>>,
    /// Why no more can be claimed: what was begun comes to its end first.
    failure: Option<StoreError>,
    /// Whether all that was due had been claimed when somebody last looked, and nothing has happened since.
    is_dry: bool,
    ahead: VecDeque<Loaded>,
    sending: JoinSet<Tried>,
    /// What is being sent, by its task.
    sent: HashMap<Id, Arc<Loaded>>,
    /// Answered, and waiting for the recording before theirs or for more of them.
    answered: Vec<Tried>,
    /// Until when the first of them waits for more.
    record_by: Instant,
    recording: JoinSet<()>,
}

impl Lane {
    pub(super) fn new(app: Shared, name: String, deliveries: Arc<Semaphore>) -> Lane {
        Lane {
            width: app.settings.deliveries_per_destination.max(1),
            app,
            name,
            deliveries,
            claiming: JoinSet::new(),
            failure: None,
            is_dry: false,
            ahead: VecDeque::new(),
            sending: JoinSet::new(),
            sent: HashMap::new(),
            answered: Vec::new(),
            record_by: Instant::now(),
            recording: JoinSet::new(),
        }
    }

    /// Until nothing of this destination is due and every try is recorded; while the process drains, only the latter.
    pub(super) async fn serve_until_none_is_due(mut self) -> Result<(), StoreError> {
        let mut renewal = tokio::time::interval_at(Instant::now() + RENEW_AFTER, RENEW_AFTER);
        loop {
            if self.app.draining.is_cancelled() {
                self.give_back().await;
            } else {
                self.claim();
            }
            self.send();
            self.record();
            if self.is_idle() {
                return self.failure.map_or(Ok(()), Err);
            }
            tokio::select! {
                Some(tried) = self.sending.join_next_with_id() => {
                    self.judge(tried).await;
                    while let Some(tried) = self.sending.try_join_next_with_id() {
                        self.judge(tried).await;
                    }
                }
                Some(claimed) = self.claiming.join_next() => self.take(claimed).await,
                Some(_) = self.recording.join_next() => self.is_dry = false,
                () = tokio::time::sleep_until(self.record_by), if self.has_to_record() => {}
                _ = renewal.tick() => self.renew().await,
                () = self.app.draining.cancelled(), if !self.ahead.is_empty() => {}
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.claiming.is_empty()
            && self.ahead.is_empty()
            && self.sending.is_empty()
            && self.answered.is_empty()
            && self.recording.is_empty()
    }

    /// Claims ahead, in the same unit of work that loads what the claimed notices need.
    fn claim(&mut self) {
        let has_enough = self.ahead.len() >= CLAIM_AHEAD * self.width / 2;
        if has_enough || self.is_dry || self.failure.is_some() || !self.claiming.is_empty() {
            return;
        }
        let (app, name) = (self.app.clone(), self.name.clone());
        let room = CLAIM_AHEAD * self.width - self.ahead.len();
        let (now, holder) = (app.clock.now(), app.entropy.uuid().to_string());
        self.claiming.spawn(async move {
            let loading = app.clone();
            let claim = move |tx: &mut Tx<'_>| {
                let kind = JobKind::Notice.as_str();
                let jobs = queue::claim(tx, kind, &name, room, now, LEASE, &holder)?;
                deliver::load(tx, &loading, jobs, now)
            };
            app.db.append("notices.claim", claim).await
        });
    }

    /// What a destination that failed meanwhile would have to wait for goes back.
    async fn take(&mut self, claimed: Result<Result<Vec<Loaded>, StoreError>, JoinError>) {
        match claimed {
            Ok(Ok(loaded)) => {
                self.is_dry = loaded.is_empty();
                self.ahead.extend(loaded);
            }
            Ok(Err(error)) => self.failure = Some(error),
            Err(_) => self.is_dry = true,
        }
        if self.ahead.len() > CLAIM_AHEAD * self.width {
            self.give_back().await;
        }
    }

    fn send(&mut self) {
        while self.sending.len() < self.width
            && self.answered.len() < ANSWERED_MAX
            && let Some(loaded) = self.ahead.pop_front()
        {
            let loaded = Arc::new(loaded);
            let trying = try_once(self.app.clone(), loaded.clone(), self.deliveries.clone());
            let task = self.sending.spawn(trying);
            self.sent.insert(task.id(), loaded);
        }
    }

    /// A receiver that answers gets its whole width; one that fails is asked one at a time, and what was claimed for
    /// it ahead goes back. A try that ended in a panic is made again after its lease.
    async fn judge(&mut self, tried: Result<(Id, Tried), JoinError>) {
        self.is_dry = false;
        let task = tried.as_ref().map_or_else(JoinError::id, |(task, _)| *task);
        self.sent.remove(&task);
        let tried = tried.ok().map(|(_, tried)| tried);
        if tried.as_ref().is_some_and(Tried::is_delivered) {
            self.width = self.app.settings.deliveries_per_destination.max(1);
        } else if self.width > 1 {
            self.width = 1;
            self.give_back().await;
        }
        if self.answered.is_empty() {
            self.record_by = Instant::now() + RECORD_WAIT;
        }
        self.answered.extend(tried);
    }

    fn record(&mut self) {
        let is_last = self.sending.is_empty() && self.ahead.is_empty();
        let is_time = is_last || self.answered.len() >= RECORD_AT_ONCE || self.record_by <= Instant::now();
        if is_time && self.has_to_record() {
            let tried = std::mem::take(&mut self.answered);
            self.recording.spawn(deliver::record(self.app.clone(), tried));
        }
    }

    fn has_to_record(&self) -> bool {
        self.recording.is_empty() && !self.answered.is_empty()
    }

    /// Keeps for longer what waits, is being sent or is to be recorded.
    async fn renew(&mut self) {
        let waiting = self.ahead.iter().map(|loaded| &loaded.job);
        let sent = self.sent.values().map(|loaded| &loaded.job);
        let answered = self.answered.iter().map(Tried::job);
        let jobs: Vec<Job> = waiting.chain(sent).chain(answered).cloned().collect();
        let now = self.app.clock.now();
        let renewing =
            move |tx: &mut Tx<'_>| jobs.iter().map(|job| queue::renew(tx, job, now, LEASE)).collect();
        let renewed: Result<Vec<bool>, StoreError> = self.app.db.append("notices.renew", renewing).await;
        match renewed {
            Ok(held) => {
                let mut held = held.into_iter();
                self.ahead.retain(|_| held.next() == Some(true));
            }
            Err(error) => {
                tracing::warn!(error = %error, "the leases of a destination's notices were not renewed");
            }
        }
    }

    /// What was not begun is left to others, at once.
    async fn give_back(&mut self) {
        let jobs: Vec<Job> = self.ahead.drain(..).map(|loaded| loaded.job).collect();
        if jobs.is_empty() {
            return;
        }
        let now = self.app.clock.now();
        let giving = move |tx: &mut Tx<'_>| {
            jobs.iter()
                .try_for_each(|job| queue::retry(tx, job, now, "given back").map(drop))
        };
        let given: Result<(), StoreError> = self.app.db.append("notices.give-back", giving).await;
        if let Err(error) = given {
            tracing::warn!(error = %error, "waiting notices were not given back; their leases end by themselves");
        }
    }
}

/// One try, when the process has a delivery to spare.
async fn try_once(app: Shared, loaded: Arc<Loaded>, deliveries: Arc<Semaphore>) -> Tried {
    // Never closed; a permit that can't be had would only mean one delivery more.
    let permit = deliveries.acquire().await;
    let entry = deliver::send(&app, &loaded).await;
    drop(permit);
    Tried { loaded, entry }
}

/// Answered tries that are recorded without waiting for more.
const RECORD_AT_ONCE: usize = 64;
/// How long an answered try waits for more. A process that dies meanwhile makes it again.
const RECORD_WAIT: Duration = Duration::from_millis(5);
/// Answered tries that wait to be recorded; then nothing more is sent until they are.
const ANSWERED_MAX: usize = 256;
/// Claims hold this many rounds of a lane's deliveries, so that a delivery never waits for the queue.
const CLAIM_AHEAD: usize = 16;
