//! The database as everybody else sees it: open it, hand it units of work, await their answers.

use std::sync::Arc;

use jiff::Timestamp;

use crate::error::StoreError;
use crate::location::Location;
use crate::migrate::{self, Migrated};
use crate::options::Options;
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::tx::Tx;
use crate::unit::Unit;

/// An open database; clones share its threads, and the last one to be dropped ends them.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Engine>,
}

/// The one place that knows which engine runs.
enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens a database whose schema is exactly this program's; an older one ([`Db::migrate`] mends that) and a newer
    /// one are refused.
    pub fn open(location: &Location, options: Options) -> Result<Db, StoreError> {
        let engine = match location {
            Location::Sqlite(path) => Engine::Sqlite(Sqlite::open(path, options)?),
            Location::Postgres(url) => Engine::Postgres(Postgres::open(url, options)?),
        };
        Ok(Db {
            engine: Arc::new(engine),
        })
    }

    /// Opens a file of the embedded engine of which nothing is to change, as a backup: units of work that write are
    /// `Unavailable`.
    pub fn open_to_read(location: &Location, options: Options) -> Result<Db, StoreError> {
        let Location::Sqlite(path) = location else {
            return Db::open(location, options);
        };
        Ok(Db {
            engine: Arc::new(Engine::Sqlite(Sqlite::open_to_read(path, &options)?)),
        })
    }

    /// Brings a database to this program's schema, making an SQLite file where there is none. Safe to run on several
    /// nodes at once, and again.
    pub fn migrate(location: &Location, now: Timestamp) -> Result<Migrated, StoreError> {
        migrate::migrate(location, now)
    }

    /// Runs a unit of work that answers once its rows are durable. It may run more than once and is grouped with
    /// others into one commit, so it must have no effect but its rows; if it errs, none of its rows is kept.
    /// SERIALIZABLE on both engines. `name` is `capability.verb`, for errors and metrics.
    pub async fn write<T, E>(
        &self,
        name: &'static str,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (unit, pending) = Unit::new(name, work);
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.write(unit)?,
            Engine::Postgres(postgres) => postgres.write(unit)?,
        }
        pending.wait().await
    }

    /// Like [`Db::write`], for units of work whose correctness hangs on nothing but unique keys and guarded updates
    /// (`UPDATE … WHERE version = $n`, its row count checked): on PostgreSQL they run READ COMMITTED, grouped.
    pub async fn append<T, E>(
        &self,
        name: &'static str,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (unit, pending) = Unit::new(name, work);
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.write(unit)?,
            Engine::Postgres(postgres) => postgres.append(unit)?,
        }
        pending.wait().await
    }

    /// Runs a unit of work that only reads; all its statements see one snapshot.
    pub async fn read<T, E>(
        &self,
        name: &'static str,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (unit, pending) = Unit::new(name, work);
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.read(unit)?,
            Engine::Postgres(postgres) => postgres.read(unit)?,
        }
        pending.wait().await
    }

    /// Reads a few rows by their keys, as cheaply as the engine can: on SQLite inline on the calling thread, so it must
    /// be short. Each statement sees a snapshot of its own.
    pub async fn point<T, E>(
        &self,
        name: &'static str,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.point(name, &work),
            Engine::Postgres(postgres) => {
                let (unit, pending) = Unit::new(name, work);
                postgres.point(unit)?;
                pending.wait().await
            }
        }
    }

    /// Like [`Db::point`], at once, where the engine reads on the calling thread; `None` where it would have to wait for
    /// another one.
    pub fn point_now<T, E: From<StoreError>>(
        &self,
        name: &'static str,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Option<Result<T, E>> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => Some(sqlite.point(name, &work)),
            Engine::Postgres(_) => None,
        }
    }

    /// Checks that every text is a statement of this engine over this schema; names the first that is not. Blocks.
    pub fn prepare_all(&self, texts: &[&'static str]) -> Result<(), StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.prepare_all(texts),
            Engine::Postgres(postgres) => postgres.prepare_all(texts),
        }
    }
}
