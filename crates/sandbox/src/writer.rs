//! The one thread that changes the bank's file: changes that wait together share one durable commit.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::bank::WRITES_WAITING_MAX;
use crate::error::SandboxError;

/// Changes that share a commit.
const GROUP_MAX: usize = 64;

/// Does its change, or learns that there is no transaction to do it in.
type Job = Box<dyn FnOnce(Option<&Connection>) -> Tell + Send>;

/// Tells the one who waits, once it is known why the commit failed, if it did.
type Tell = Box<dyn FnOnce(Option<&str>)>;

/// The way to the thread; when it is dropped the thread ends.
pub struct Writer {
    jobs: SyncSender<Job>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection) -> Result<Writer, SandboxError> {
        let (jobs, waiting) = sync_channel(WRITES_WAITING_MAX);
        thread::Builder::new()
            .name("demo-bank-writer".into())
            .spawn(move || write_groups(&connection, &waiting))?;
        Ok(Writer { jobs })
    }

    /// Runs the work in a savepoint of its own; done is what is durable. It goes on when the caller no longer waits.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let outcome = connection.map(|connection| in_savepoint(connection, work));
            Box::new(move |failure| {
                let told = match (failure, outcome) {
                    (None, Some(outcome)) => outcome,
                    (reason, _) => Err(SandboxError::NotStored(
                        reason.unwrap_or("no transaction").to_owned(),
                    )),
                };
                // Nobody may be waiting any more; the change stands all the same.
                let _ = reply.send(told);
            })
        });
        self.jobs.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => SandboxError::Overloaded,
            TrySendError::Disconnected(_) => SandboxError::Closed,
        })?;
        answer.await.map_err(|_| SandboxError::Closed)?
    }
}

fn write_groups(connection: &Connection, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let more = std::iter::from_fn(|| waiting.try_recv().ok());
        commit(connection, std::iter::once(first).chain(more).take(GROUP_MAX));
    }
}

/// One transaction for the whole group. A failure inside may end it early (a full disk does): then nobody is told
/// that anything was done.
fn commit(connection: &Connection, group: impl Iterator<Item = Job>) {
    let begun = connection.execute_batch("BEGIN IMMEDIATE");
    let tellers: Vec<Tell> = group
        .map(|job| job(Some(connection).filter(|connection| !connection.is_autocommit())))
        .collect();
    let committed = begun.and_then(|()| connection.execute_batch("COMMIT"));
    let failure = committed.err().map(|error| error.to_string());
    if let Some(failure) = &failure {
        tracing::error!(failure, "a group of changes was not stored");
        if !connection.is_autocommit() {
            // If this fails too, the next BEGIN does, and says so to those who wait.
            let _ = connection.execute_batch("ROLLBACK");
        }
    }
    for tell in tellers {
        tell(failure.as_deref());
    }
}

fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, SandboxError>,
) -> Result<T, SandboxError> {
    connection.execute_batch("SAVEPOINT change")?;
    let outcome = work(connection);
    if !connection.is_autocommit() {
        connection.execute_batch(match outcome {
            Ok(_) => "RELEASE change",
            Err(_) => "ROLLBACK TO change; RELEASE change",
        })?;
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE notes (text TEXT) STRICT")
            .unwrap();
        connection
    }

    fn note(connection: &Connection, text: &str) -> Result<(), SandboxError> {
        connection.execute("INSERT INTO notes VALUES (?1)", [text])?;
        Ok(())
    }

    #[tokio::test]
    async fn a_change_that_fails_leaves_no_trace_and_spoils_no_other() {
        let writer = Writer::start(table()).unwrap();
        let failing = writer.run(|tx| note(tx, "failed").and(Err::<(), _>(SandboxError::Broken("test"))));
        let (failed, done) = tokio::join!(failing, writer.run(|tx| note(tx, "done")));
        assert!(matches!(failed, Err(SandboxError::Broken("test"))));
        assert!(done.is_ok());
        let kept = writer.run(|tx| {
            Ok(tx.query_row("SELECT group_concat(text) FROM notes", [], |row| {
                row.get::<_, String>(0)
            })?)
        });
        assert_eq!(kept.await.unwrap(), "done");
    }

    #[tokio::test]
    async fn a_full_file_tells_nobody_that_a_change_was_done() {
        let connection = table();
        connection.pragma_update(None, "max_page_count", 4).unwrap();
        let writer = Writer::start(connection).unwrap();
        let large = writer.run(|tx| note(tx, &"x".repeat(100_000)));
        let (large, small) = tokio::join!(large, writer.run(|tx| note(tx, "small")));
        assert!(large.is_err());
        let kept =
            writer.run(|tx| Ok(tx.query_row("SELECT count(*) FROM notes", [], |row| row.get::<_, i64>(0))?));
        assert_eq!(kept.await.unwrap(), i64::from(small.is_ok()));
    }
}
