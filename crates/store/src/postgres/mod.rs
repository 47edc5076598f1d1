//! PostgreSQL, and databases that speak its protocol: a few threads for each kind of unit of work, a connection each.
//! Nothing is used that a distributed database lacks: no LISTEN, advisory locks, sequences, triggers or procedures.

pub(crate) mod copying;
pub(crate) mod schema;
pub(crate) mod session;

mod dial;
mod failure;
mod target;
mod worker;

use std::sync::Arc;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::error::StoreError;
use crate::migrate::check_version;
use crate::options::Options;
use crate::postgres::dial::Dial;
use crate::postgres::target::Target;
use crate::postgres::worker::Worker;
use crate::thread;
use crate::unit::Unit;

const WRITER_SETTINGS: &str = "SET default_transaction_isolation = 'serializable'";
const APPENDER_SETTINGS: &str = "SET default_transaction_isolation = 'read committed'";
const READER_SETTINGS: &str =
    "SET default_transaction_isolation = 'repeatable read'; SET default_transaction_read_only = on";

pub(crate) struct Postgres {
    target: Arc<Target>,
    options: Arc<Options>,
    writes: Sender<Unit>,
    appends: Sender<Unit>,
    reads: Sender<Unit>,
}

impl Postgres {
    pub fn open(url: &str, options: Options) -> Result<Postgres, StoreError> {
        let target = Arc::new(Target::parse(url)?);
        let options = Arc::new(options);
        let (writes, write_units) = bounded(options.queue_units);
        let (appends, append_units) = bounded(options.queue_units);
        let (reads, read_units) = bounded(options.queue_units);
        let postgres = Postgres {
            target,
            options: Arc::clone(&options),
            writes,
            appends,
            reads,
        };
        let mut dial = postgres.dial(READER_SETTINGS);
        thread::aside(move || check_version(schema::version(&mut dial.session(Instant::now())?)?))?;
        postgres.start(
            "store-writer",
            options.postgres_writers,
            WRITER_SETTINGS,
            &write_units,
        )?;
        postgres.start(
            "store-appender",
            options.postgres_appenders,
            APPENDER_SETTINGS,
            &append_units,
        )?;
        postgres.start(
            "store-reader",
            options.postgres_readers,
            READER_SETTINGS,
            &read_units,
        )?;
        Ok(postgres)
    }

    pub fn write(&self, unit: Unit) -> Result<(), StoreError> {
        thread::submit(&self.writes, unit)
    }

    pub fn append(&self, unit: Unit) -> Result<(), StoreError> {
        thread::submit(&self.appends, unit)
    }

    pub fn read(&self, unit: Unit) -> Result<(), StoreError> {
        thread::submit(&self.reads, unit)
    }

    pub fn point(&self, mut unit: Unit) -> Result<(), StoreError> {
        unit.needs_transaction = false;
        thread::submit(&self.reads, unit)
    }

    pub fn prepare_all(&self, texts: &[&'static str]) -> Result<(), StoreError> {
        let mut dial = self.dial(READER_SETTINGS);
        thread::aside(move || {
            let mut session = dial.session(Instant::now())?;
            texts.iter().try_for_each(|text| session.prepare(text))
        })
    }

    fn dial(&self, settings: &str) -> Dial {
        Dial::new(Arc::clone(&self.target), settings, self.options.unavailable_after)
    }

    fn start(
        &self,
        name: &str,
        threads: usize,
        settings: &str,
        units: &Receiver<Unit>,
    ) -> Result<(), StoreError> {
        let threads = threads.max(1);
        for _ in 0..threads {
            let worker = Worker {
                dial: self.dial(settings),
                units: units.clone(),
                threads,
                options: Arc::clone(&self.options),
                is_grouping: settings == APPENDER_SETTINGS,
                session: None,
            };
            thread::start(name, move || worker.run())?;
        }
        Ok(())
    }
}
