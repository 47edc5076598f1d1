//! Copies the write-ahead log back into the file, off the writer's path: most of it while the writer goes on, and only
//! the little that came meanwhile, and the log's restart, in a turn of its own. So the log stays bounded and hardly a
//! commit waits.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crossbeam_channel::Receiver;

use crate::error::StoreError;
use crate::sqlite::connection::Connection;

pub(crate) struct Checkpointer {
    pub connection: Connection,
    /// One word each time the log has grown past its size.
    pub pokes: Receiver<()>,
    /// Held while the writer must wait.
    pub turn: Arc<Mutex<()>>,
}

impl Checkpointer {
    /// Works until the writer is gone.
    pub fn run(self) {
        while self.pokes.recv().is_ok() {
            let started_at = Instant::now();
            if let Err(error) = self.copy() {
                tracing::warn!(%error, "the write-ahead log can't be copied back now; it grows until it can");
            }
            metrics::histogram!("ayni_store_checkpoint_seconds").record(started_at.elapsed().as_secs_f64());
        }
    }

    fn copy(&self) -> Result<(), StoreError> {
        self.connection.batch("PRAGMA wal_checkpoint(PASSIVE)")?;
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.connection.batch("PRAGMA wal_checkpoint(RESTART)")
    }
}
