//! An empty place that is filled. Until the last moment there is nothing that a gateway could open: a file has another name,
//! and what is put into PostgreSQL is one transaction. So a copy that was killed left nothing behind, and is made again by the
//! same call.

use std::path::Path;

use jiff::Timestamp;

use crate::copy::draft::Draft;
use crate::copy::error::CopyError;
use crate::copy::shape::Shape;
use crate::copy::snapshot::Snapshot;
use crate::error::StoreError;
use crate::location::Location;
use crate::migrate::{CREATE_HISTORY, INSERT_MIGRATION, MIGRATIONS};
use crate::postgres::copying as postgres;
use crate::postgres::session::Session;
use crate::row::Row;
use crate::sqlite::connection::Connection;
use crate::sqlite::copying as sqlite;
use crate::tx::Tx;

/// What a caller adds in the last transaction, before anybody can open the database.
pub type Last<'a> = &'a (dyn Fn(&mut Tx<'_>) -> Result<(), StoreError> + Sync);

pub(crate) enum Place {
    /// A file under another name.
    Sqlite { connection: Connection, draft: Draft },
    /// A schema without a table, in a transaction that fills it.
    Postgres { session: Session },
}

impl Place {
    /// Opens one, which must be empty.
    pub fn open(location: &Location) -> Result<Place, CopyError> {
        match location {
            Location::Sqlite(path) => Place::in_file(path),
            Location::Postgres(url) => {
                let mut session = postgres::session(url)?;
                session.batch("BEGIN")?;
                if !postgres::is_empty(&mut session)? {
                    return Err(CopyError::NotEmpty {
                        place: location.to_string(),
                    });
                }
                Ok(Place::Postgres { session })
            }
        }
    }

    fn in_file(path: &Path) -> Result<Place, CopyError> {
        let draft = Draft::new(path)?;
        Ok(Place::Sqlite {
            connection: sqlite::new_file(draft.path())?,
            draft,
        })
    }

    /// Makes the tables of a version.
    pub fn make_tables(&mut self, version: i64) -> Result<(), CopyError> {
        let steps = MIGRATIONS.iter().filter(|step| step.version <= version);
        Ok(steps.map(|step| step.sql).try_for_each(|sql| self.batch(sql))?)
    }

    /// The tables that there are now.
    pub fn shapes(&mut self) -> Result<Vec<Shape>, CopyError> {
        match self {
            Place::Sqlite { connection, .. } => sqlite::shapes(connection),
            Place::Postgres { session } => postgres::shapes(session),
        }
    }

    /// Removes the rows that the schema's own steps made.
    pub fn clear(&mut self, shape: &Shape) -> Result<(), StoreError> {
        self.batch(&format!(
            "DELETE FROM {}",
            crate::copy::shape::quoted(&shape.table)
        ))
    }

    pub fn put(&mut self, shape: &Shape, rows: &[Row]) -> Result<(), CopyError> {
        match self {
            Place::Sqlite { connection, .. } => Ok(sqlite::put(connection, shape, rows)?),
            Place::Postgres { session } => postgres::put(session, shape, rows),
        }
    }

    /// What was put, to be read again.
    pub fn read_back(&mut self) -> Result<Snapshot<'_>, StoreError> {
        match self {
            Place::Sqlite { draft, .. } => Snapshot::open(&Location::Sqlite(draft.path().to_owned())),
            Place::Postgres { session } => Ok(Snapshot::Filling(session)),
        }
    }

    /// Brings the tables from a version to this program's, notes the history and what the caller adds, and lets the
    /// place be opened.
    pub fn finish(mut self, version: i64, now: Timestamp, last: Last<'_>) -> Result<(), CopyError> {
        let later = MIGRATIONS.iter().filter(|step| step.version > version);
        later.map(|step| step.sql).try_for_each(|sql| self.batch(sql))?;
        if matches!(self, Place::Sqlite { .. }) {
            self.batch("BEGIN")?;
        }
        self.batch(CREATE_HISTORY)?;
        let mut tx = match &mut self {
            Place::Sqlite { connection, .. } => Tx::sqlite(connection),
            Place::Postgres { session } => Tx::postgres(session),
        };
        for step in MIGRATIONS {
            let at = now.as_millisecond();
            tx.exec(
                INSERT_MIGRATION,
                &[step.version.into(), step.name.into(), at.into()],
            )?;
        }
        last(&mut tx)?;
        let committed = self.batch("COMMIT");
        match self {
            // A server that is not heard of may have committed.
            Place::Postgres { .. } => committed.map_err(|error| match error {
                StoreError::Unavailable(_) => CopyError::Unsure(error),
                refused => refused.into(),
            }),
            Place::Sqlite { connection, draft } => {
                committed?;
                drop(connection);
                draft.keep()
            }
        }
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match self {
            Place::Sqlite { connection, .. } => connection.batch(sql),
            Place::Postgres { session } => session.batch(sql),
        }
    }
}
