//! A unit of work on its way from an async caller to an engine's thread and back. The closure's own types stay with
//! the caller; the thread sees only "ran well" or "did not", and says when the answer may go out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::tx::Tx;

/// A unit of work as an engine's thread sees it.
pub(crate) struct Unit {
    pub name: &'static str,
    pub submitted_at: Instant,
    /// Whether its statements must see and do one thing; if not, each may be on its own.
    pub needs_transaction: bool,
    work: Box<dyn FnMut(&mut Tx<'_>) -> Ran + Send>,
    reply: oneshot::Sender<Result<(), StoreError>>,
    /// Where its caller waits.
    runtime: Option<Handle>,
}

/// How a run of a unit of work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// Its rows are to be kept.
    Well,
    /// It erred or panicked: its rows must vanish.
    Badly,
}

/// The caller's end of a unit of work.
pub(crate) struct Pending<T, E> {
    slot: Arc<Mutex<Option<Result<T, E>>>>,
    reply: oneshot::Receiver<Result<(), StoreError>>,
}

impl Unit {
    pub fn new<T, E>(
        name: &'static str,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> (Unit, Pending<T, E>)
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let slot = Arc::new(Mutex::new(None));
        let filled = Arc::clone(&slot);
        let work = move |tx: &mut Tx<'_>| {
            let (ran, result) = run(name, &work, tx);
            *filled.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            ran
        };
        let (sender, receiver) = oneshot::channel();
        let unit = Unit {
            name,
            submitted_at: Instant::now(),
            needs_transaction: true,
            work: Box::new(work),
            reply: sender,
            runtime: Handle::try_current().ok(),
        };
        (
            unit,
            Pending {
                slot,
                reply: receiver,
            },
        )
    }

    /// Runs it; a later run's result replaces an earlier one's.
    pub fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        (self.work)(tx)
    }

    /// Whether nobody waits for it any more.
    pub fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    /// Lets the caller have the result of the last run, or the engine's error in its place.
    pub fn answer(self, outcome: Result<(), StoreError>) {
        // The caller may have gone meanwhile; then the rows stand without anybody being told.
        let _ = self.reply.send(outcome);
    }

    /// Lets the callers of a whole group have their results, or the engine's error in their place. Waking a caller costs
    /// an engine's thread several times what it costs the callers' runtime, so one task there wakes them all.
    pub fn answer_all(mut group: Vec<Unit>, outcome: Result<(), StoreError>) {
        let runtime = group.first_mut().and_then(|unit| unit.runtime.take());
        let round = Round { group, outcome };
        match runtime {
            Some(runtime) if round.group.len() > 1 => drop(runtime.spawn(async move { drop(round) })),
            _ => drop(round),
        }
    }
}

/// A group that is told when this is dropped, also by a runtime that ends.
struct Round {
    group: Vec<Unit>,
    outcome: Result<(), StoreError>,
}

impl Drop for Round {
    fn drop(&mut self) {
        for unit in self.group.drain(..) {
            unit.answer(self.outcome.clone());
        }
    }
}

impl<T, E: From<StoreError>> Pending<T, E> {
    pub async fn wait(self) -> Result<T, E> {
        match self.reply.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(E::from(error)),
            Err(_) => return Err(E::from(StoreError::Unavailable("it is closing".into()))),
        }
        let result = self.slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        result.unwrap_or_else(|| Err(E::from(StoreError::Unavailable("it did not run".into()))))
    }
}

/// Runs a closure once: a panic becomes an error, and one that went on after a failed statement has failed too, since
/// PostgreSQL has given its transaction up by then.
pub(crate) fn run<T, E: From<StoreError>>(
    name: &'static str,
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    tx: &mut Tx<'_>,
) -> (Ran, Result<T, E>) {
    match catch_unwind(AssertUnwindSafe(|| work(tx))) {
        Ok(Ok(value)) => match tx.failure() {
            None => (Ran::Well, Ok(value)),
            Some(failure) => (Ran::Badly, Err(E::from(failure.clone()))),
        },
        Ok(Err(error)) => (Ran::Badly, Err(error)),
        Err(_) => (Ran::Badly, Err(E::from(StoreError::Panicked { name }))),
    }
}
