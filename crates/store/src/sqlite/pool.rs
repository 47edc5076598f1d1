//! Connections that read. A point read takes one for a moment, inline on its own thread; taking the one given back
//! last keeps its pages and statements warm and their number as small as the readers really are. Two uncontended
//! locks cost less than a hop to another thread by two orders of magnitude.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::error::StoreError;
use crate::options::Options;
use crate::sqlite::connection::Connection;

/// Idle connections that are kept; more may be open for a moment.
const IDLE_LIMIT: usize = 16;

pub(crate) struct Pool {
    path: PathBuf,
    options: Options,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    pub fn new(path: PathBuf, options: Options) -> Pool {
        Pool {
            path,
            options,
            idle: Mutex::default(),
        }
    }

    /// Runs something with a connection of its own.
    pub fn with<T>(&self, reading: impl FnOnce(&Connection) -> T) -> Result<T, StoreError> {
        let connection = match self.idle().pop() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let result = reading(&connection);
        let mut idle = self.idle();
        if idle.len() < IDLE_LIMIT {
            idle.push(connection);
        }
        Ok(result)
    }

    fn open(&self) -> Result<Connection, StoreError> {
        let connection = Connection::open(&self.path, false, self.options.unavailable_after)?;
        let cache_kib = self.options.reader_cache_bytes >> 10;
        let mmap_bytes = self.options.mmap_bytes;
        connection.batch(&format!(
            "PRAGMA cache_size = -{cache_kib}; PRAGMA mmap_size = {mmap_bytes}; PRAGMA query_only = ON"
        ))?;
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
