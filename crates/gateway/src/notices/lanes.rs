//! Who is served when: each destination is a lane of its own, so that a dead receiver delays nobody.
//!
//! What a lane does is in `lane`; here is which lanes are served.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use ayni_store::error::StoreError;
use ayni_store::queue;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::lane::Lane;
use crate::app::Shared;
use crate::signals::JobKind;
use crate::worker::POLL;

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
                serving.spawn(self.clone().serve(name));
                started += 1;
            }
        }
        Ok(started)
    }

    async fn serve(self, name: String) {
        let lane = Lane::new(self.app.clone(), name.clone(), self.deliveries.clone());
        if let Err(error) = lane.serve_until_none_is_due().await {
            tracing::warn!(error = %error, "a destination's notices could not be claimed; tried again at the next poll");
        }
        self.lock_served().remove(&name);
    }

    fn lock_served(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
