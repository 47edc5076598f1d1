//! The bank's file: one writer, a few readers, and nothing kept in memory that another process could make stale.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use tokio::sync::Semaphore;

use crate::error::SandboxError;
use crate::sql::{SCHEMA, SCHEMA_VERSION};
use crate::writer::Writer;

/// Statements read at the same time.
const READERS_MAX: usize = 4;

/// How long to wait for another process that writes to the same file.
const BUSY_LIMIT: Duration = Duration::from_secs(10);

/// Prepared statements kept by each connection.
const STATEMENTS_MAX: usize = 32;

/// The open file.
pub struct Storage {
    path: PathBuf,
    writer: Writer,
    idle_readers: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Storage {
    /// Opens the file, or makes it with its tables.
    pub fn open(path: &Path) -> Result<Storage, SandboxError> {
        let mut connection = connect(path, OpenFlags::default())?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        prepare(&mut connection)?;
        Ok(Storage {
            path: path.to_path_buf(),
            writer: Writer::start(connection)?,
            idle_readers: Mutex::new(Vec::new()),
            permits: Semaphore::new(READERS_MAX),
        })
    }

    /// Runs the work in a transaction and returns when it is durable; a failure leaves no trace.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        self.writer.run(work).await
    }

    /// Runs the work on one snapshot of the file, away from the threads that serve requests.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let _permit = self.permits.acquire().await.map_err(|_| SandboxError::Closed)?;
        let storage = Arc::clone(self);
        let reading = tokio::task::spawn_blocking(move || storage.read_here(work));
        reading.await.map_err(|_| SandboxError::Closed)?
    }

    fn read_here<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        let idle = self
            .idle_readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect_to_read(&self.path)?,
        };
        let answer = {
            let snapshot = connection.transaction()?;
            work(&snapshot)?
        };
        self.idle_readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        Ok(answer)
    }
}

/// A connection that can't change anything; the file must be there and of this version.
pub fn connect_to_read(path: &Path) -> Result<Connection, SandboxError> {
    let connection = connect(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    match version(&connection)? {
        SCHEMA_VERSION => Ok(connection),
        other => Err(SandboxError::OtherVersion(other)),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, SandboxError> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_LIMIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn prepare(connection: &mut Connection) -> Result<(), SandboxError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match version(&transaction)? {
        SCHEMA_VERSION => {}
        0 => {
            transaction.execute_batch(SCHEMA)?;
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        }
        other => return Err(SandboxError::OtherVersion(other)),
    }
    Ok(transaction.commit()?)
}

fn version(connection: &Connection) -> Result<i64, SandboxError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
