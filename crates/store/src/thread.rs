//! The store's threads, and the bounded queues that lead to them.

use crossbeam_channel::{Sender, TrySendError};

use crate::error::StoreError;
use crate::unit::Unit;

/// Starts a thread that ends by itself when its queue is closed.
pub(crate) fn start(name: &str, life: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(life);
    started
        .map(|_| ())
        .map_err(|error| StoreError::Io(format!("no thread: {error}")))
}

/// Queues a unit of work, or says at once that too many wait.
pub(crate) fn submit(queue: &Sender<Unit>, unit: Unit) -> Result<(), StoreError> {
    queue.try_send(unit).map_err(|refused| match refused {
        TrySendError::Full(_) => {
            metrics::counter!("ayni_store_overloaded_total").increment(1);
            StoreError::Overloaded
        }
        TrySendError::Disconnected(_) => StoreError::Unavailable("its threads have ended".into()),
    })
}

/// Runs something that blocks on a thread that is not an async runtime's, and waits for it.
pub(crate) fn aside<T: Send>(work: impl FnOnce() -> Result<T, StoreError> + Send) -> Result<T, StoreError> {
    std::thread::scope(|scope| scope.spawn(work).join())
        .unwrap_or_else(|_| Err(StoreError::Io("a thread of the store panicked".into())))
}
