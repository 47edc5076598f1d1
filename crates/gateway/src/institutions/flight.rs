//! Who asks the same of a site at the same time shares one visit. It runs in a task of its own, so that nobody's hanging
//! up ends it for the others; when the last one has gone, it is dropped.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use ayni_connectors::data::Reply;
use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// SHA-256 of the operation and its arguments.
pub(super) type Key = [u8; 32];

/// What a visit brought, for all who wait for it.
pub(super) type Outcome = Result<Reply, Fault>;

/// The visits under way at one site.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<Key, Weak<Flight>>>>);

struct Flight {
    key: Key,
    outcome: watch::Receiver<Option<Outcome>>,
    visit: AbortHandle,
    flights: Flights,
}

impl Flights {
    /// Joins the visit of this key, or begins it.
    pub(super) async fn join<F>(&self, key: Key, begin: impl FnOnce() -> F) -> Outcome
    where
        F: Future<Output = Outcome> + Send + 'static,
    {
        let flight = self.board(key, begin);
        let mut outcome = flight.outcome.clone();
        match outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Err(Code::Internal.into())),
            Err(_) => Err(Code::Internal.into()),
        }
    }

    fn board<F>(&self, key: Key, begin: impl FnOnce() -> F) -> Arc<Flight>
    where
        F: Future<Output = Outcome> + Send + 'static,
    {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(&key).and_then(Weak::upgrade) {
            metrics::counter!("ayni_visits_shared_total").increment(1);
            return flight;
        }
        let (tell, outcome) = watch::channel(None);
        let visit = begin();
        let task = tokio::spawn(async move {
            // Without listeners the visit was not needed any more.
            let _ = tell.send(Some(visit.await));
        });
        let flight = Arc::new(Flight {
            key,
            outcome,
            visit: task.abort_handle(),
            flights: self.clone(),
        });
        flights.insert(key, Arc::downgrade(&flight));
        flight
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.visit.abort();
        let mut flights = self.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Another visit of the same key may have begun since.
        if flights
            .get(&self.key)
            .is_some_and(|weak| weak.strong_count() == 0)
        {
            flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;

    const KEY: Key = [1; 32];

    #[tokio::test]
    async fn who_asks_the_same_shares_one_visit_and_the_first_one_may_hang_up() {
        let (flights, visits, go) = (
            Flights::default(),
            Arc::new(AtomicUsize::new(0)),
            Arc::new(Notify::new()),
        );
        let visit = || {
            let (visits, go) = (visits.clone(), go.clone());
            async move {
                visits.fetch_add(1, Ordering::SeqCst);
                go.notified().await;
                Ok(Reply::default())
            }
        };
        let (first, second) = (flights.board(KEY, visit), flights.board(KEY, visit));
        drop(first);
        let waiting = flights.join(KEY, visit);
        go.notify_one();
        assert!(waiting.await.is_ok());
        drop(second);
        assert_eq!(visits.load(Ordering::SeqCst), 1);
        assert!(flights.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_visit_for_which_nobody_waits_any_more_is_dropped() {
        let flights = Flights::default();
        let (dropped, wait) = tokio::sync::oneshot::channel::<()>();
        let flight = flights.board(KEY, || async move {
            let _held = dropped;
            std::future::pending().await
        });
        drop(flight);
        assert!(wait.await.is_err());
    }
}
