//! Everything in a database as it was at one instant, read portion by portion behind the last key, while the gateway
//! goes on writing.

use crate::copy::error::CopyError;
use crate::copy::shape::Shape;
use crate::error::StoreError;
use crate::location::Location;
use crate::migrate::History;
use crate::postgres::copying as postgres;
use crate::postgres::schema as postgres_schema;
use crate::postgres::session::Session;
use crate::row::Row;
use crate::sqlite::connection::Connection;
use crate::sqlite::copying as sqlite;
use crate::sqlite::schema as sqlite_schema;
use crate::value::Value;

/// The bytes that a portion should have: what a copy holds in memory at once, several times over.
const PORTION_BYTES: usize = 1 << 20;
const PORTION_ROWS_MAX: usize = 2000;
/// Of a table of which nothing is known yet: rows may be pictures.
const PORTION_ROWS_FIRST: usize = 32;

/// An open snapshot; it ends when this is dropped.
pub(crate) enum Snapshot<'a> {
    Sqlite(Connection),
    Postgres(Session),
    /// Within the transaction that is filling it: nobody else sees anything of it yet.
    Filling(&'a mut Session),
}

impl Snapshot<'_> {
    /// Opens one over whatever is there.
    pub fn open(location: &Location) -> Result<Snapshot<'static>, StoreError> {
        Ok(match location {
            Location::Sqlite(path) => Snapshot::Sqlite(sqlite::snapshot(path)?),
            Location::Postgres(url) => Snapshot::Postgres(postgres::snapshot(url)?),
        })
    }

    /// The schema's version; also of a database that was moved away.
    pub fn schema(&mut self) -> Result<i64, StoreError> {
        match self {
            Snapshot::Sqlite(connection) => sqlite_schema::any_version(connection),
            Snapshot::Postgres(session) => postgres_schema::any_version(session),
            Snapshot::Filling(session) => postgres_schema::any_version(session),
        }
    }

    /// The state of its history.
    pub fn history(&mut self) -> Result<History, StoreError> {
        match self {
            Snapshot::Sqlite(connection) => sqlite_schema::history(connection),
            Snapshot::Postgres(session) => postgres_schema::history(session),
            Snapshot::Filling(session) => postgres_schema::history(session),
        }
    }

    /// Every table with rows of the gateway, by name: all but the schema's own history.
    pub fn shapes(&mut self) -> Result<Vec<Shape>, CopyError> {
        match self {
            Snapshot::Sqlite(connection) => sqlite::shapes(connection),
            Snapshot::Postgres(session) => postgres::shapes(session),
            Snapshot::Filling(session) => postgres::shapes(session),
        }
    }

    /// A table's number of rows.
    pub fn count(&mut self, shape: &Shape) -> Result<u64, StoreError> {
        let rows = self.all(&shape.count(), &[])?;
        let count = rows.first().map_or(Ok(0), |row| row.int(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Hands over every row of a table, in the order of its key.
    pub fn each(
        &mut self,
        shape: &Shape,
        mut take: impl FnMut(&Row) -> Result<(), CopyError>,
    ) -> Result<(), CopyError> {
        let mut limit = PORTION_ROWS_FIRST;
        let mut last: Option<Row> = None;
        loop {
            let key = last.as_ref().map(|row| key_of(row, shape)).unwrap_or_default();
            let rows = self.all(&shape.portion(key.is_empty(), limit), &key)?;
            let bytes: usize = rows.iter().map(size).sum();
            rows.iter().try_for_each(&mut take)?;
            let taken = rows.len();
            last = rows.into_iter().next_back();
            if taken < limit {
                return Ok(());
            }
            limit = next_limit(limit, bytes);
        }
    }

    /// The rows of a query whose text was made for one table.
    fn all(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        match self {
            Snapshot::Sqlite(connection) => connection.made_all(sql, params),
            Snapshot::Postgres(session) => session.made_all(sql, params),
            Snapshot::Filling(session) => session.made_all(sql, params),
        }
    }
}

fn key_of<'a>(row: &'a Row, shape: &Shape) -> Vec<Value<'a>> {
    let values: Vec<Value<'a>> = row.values().collect();
    let places = shape.key.iter();
    places.filter_map(|place| values.get(*place).copied()).collect()
}

fn size(row: &Row) -> usize {
    let sizes = row.values().map(|value| match value {
        Value::Null | Value::Int(_) => 8,
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
    });
    sizes.sum()
}

/// Twice as many rows, or as few as keep to the bytes; at most twice, since rows differ.
fn next_limit(limit: usize, bytes: usize) -> usize {
    let fitting = (limit * PORTION_BYTES) / bytes.max(1);
    fitting.min(limit * 2).clamp(1, PORTION_ROWS_MAX)
}
