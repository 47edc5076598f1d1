//! The embedded engine: one writer that groups, readers with connections of their own, a checkpointer off the
//! writer's path. Another process (a command line beside the running gateway) may open the same file and do the same.

pub(crate) mod connection;
pub(crate) mod copying;
pub(crate) mod schema;

mod checkpoint;
mod failure;
mod pool;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::error::StoreError;
use crate::migrate::{LATEST_VERSION, check_version};
use crate::options::Options;
use crate::sqlite::checkpoint::Checkpointer;
use crate::sqlite::connection::Connection;
use crate::sqlite::pool::Pool;
use crate::sqlite::writer::Writer;
use crate::thread;
use crate::tx::Tx;
use crate::unit::{self, Ran, Unit};

const PAGE_BYTES: u64 = 4096;
/// How long the checkpointer, in its turn, waits for readers of an older snapshot; then it tries again later.
const CHECKPOINT_WAIT: Duration = Duration::from_millis(20);

pub(crate) struct Sqlite {
    writes: Sender<Unit>,
    reads: Sender<Unit>,
    pool: Arc<Pool>,
}

impl Sqlite {
    pub fn open(path: &Path, options: Options) -> Result<Sqlite, StoreError> {
        if !path.exists() {
            return Err(StoreError::SchemaOlder {
                found: 0,
                needed: LATEST_VERSION,
            });
        }
        let turn = Arc::new(Mutex::new(()));
        let (poke, pokes) = bounded(1);
        let writing = writing_connection(path, &options, poke)?;
        check_version(schema::version(&writing)?)?;
        let checkpointing = Connection::open(path, false, CHECKPOINT_WAIT)?;
        let (writes, write_units) = bounded(options.queue_units);
        let (reads, pool) = readers(path, &options)?;
        let checkpointer = Checkpointer {
            connection: checkpointing,
            pokes,
            turn: Arc::clone(&turn),
        };
        thread::start("store-checkpoint", move || checkpointer.run())?;
        let writer = Writer {
            connection: writing,
            units: write_units,
            turn,
            options,
        };
        thread::start("store-writer", move || writer.run())?;
        Ok(Sqlite { writes, reads, pool })
    }

    /// With readers only: the file stays as it is.
    pub fn open_to_read(path: &Path, options: &Options) -> Result<Sqlite, StoreError> {
        let looking = Connection::open(path, false, options.unavailable_after)?;
        check_version(schema::version(&looking)?)?;
        let (reads, pool) = readers(path, options)?;
        // Nobody is at the other end.
        let (writes, _) = bounded(0);
        Ok(Sqlite { writes, reads, pool })
    }

    pub fn write(&self, unit: Unit) -> Result<(), StoreError> {
        thread::submit(&self.writes, unit)
    }

    pub fn read(&self, unit: Unit) -> Result<(), StoreError> {
        thread::submit(&self.reads, unit)
    }

    pub fn point<T, E: From<StoreError>>(
        &self,
        name: &'static str,
        work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.pool
            .with(|connection| unit::run(name, work, &mut Tx::sqlite(connection)).1)?
    }

    pub fn prepare_all(&self, texts: &[&'static str]) -> Result<(), StoreError> {
        self.pool
            .with(|connection| texts.iter().try_for_each(|text| connection.prepare(text)))?
    }
}

/// The threads that read, and the connections that they share with point reads.
fn readers(path: &Path, options: &Options) -> Result<(Sender<Unit>, Arc<Pool>), StoreError> {
    let (reads, read_units) = bounded(options.queue_units);
    let pool = Arc::new(Pool::new(path.to_owned(), options.clone()));
    for _ in 0..options.reader_threads.max(1) {
        let (units, pool) = (read_units.clone(), Arc::clone(&pool));
        thread::start("store-reader", move || read_all(&units, &pool))?;
    }
    Ok((reads, pool))
}

fn writing_connection(path: &Path, options: &Options, poke: Sender<()>) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path, false, options.unavailable_after)?;
    let cache_kib = options.writer_cache_bytes >> 10;
    // The log's file is cut back to this after it had to grow beyond its size.
    let log_limit_bytes = options.wal_bytes.saturating_mul(2);
    connection.batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA cache_size = -{cache_kib}; PRAGMA journal_size_limit = {log_limit_bytes}"
    ))?;
    if let Some(bytes) = options.max_file_bytes {
        connection.batch(&format!("PRAGMA max_page_count = {}", bytes / PAGE_BYTES))?;
    }
    let log_pages = (options.wal_bytes as u64 / PAGE_BYTES).max(1);
    connection.on_commit(move |pages| {
        if pages >= log_pages {
            // A checkpointer that has been poked already needs no second poke.
            let _ = poke.try_send(());
        }
    })?;
    Ok(connection)
}

/// A reading thread's life.
fn read_all(units: &Receiver<Unit>, pool: &Pool) {
    while let Ok(mut unit) = units.recv() {
        if unit.is_abandoned() {
            continue;
        }
        let outcome = pool.with(|connection| read_one(connection, &mut unit)).flatten();
        unit.answer(outcome);
    }
}

fn read_one(connection: &Connection, unit: &mut Unit) -> Result<(), StoreError> {
    connection.command("BEGIN")?;
    let ran = unit.run(&mut Tx::sqlite(connection));
    match ran {
        Ran::Well => connection.command("COMMIT"),
        Ran::Badly => {
            connection.roll_back();
            Ok(())
        }
    }
}
