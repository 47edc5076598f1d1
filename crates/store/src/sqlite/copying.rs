//! Copying, as the embedded engine does it: which tables there are, a snapshot of them, and a new file that is filled.

use std::path::Path;
use std::time::Duration;

use rusqlite::OpenFlags;

use crate::copy::error::CopyError;
use crate::copy::shape::{Shape, quoted};
use crate::error::StoreError;
use crate::row::Row;
use crate::sqlite::connection::Connection;
use crate::sqlite::failure::failure;

/// How long another process may hold the file while a snapshot begins.
const SNAPSHOT_WAIT: Duration = Duration::from_secs(30);

/// A connection with a snapshot open. It holds the write-ahead log, which grows meanwhile, and no writer.
pub(crate) fn snapshot(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path, false, SNAPSHOT_WAIT)?;
    connection.batch("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456; BEGIN")?;
    // The snapshot begins with the first reading.
    connection.made_all("SELECT COUNT(*) FROM sqlite_master", &[])?;
    Ok(connection)
}

pub(crate) fn shapes(connection: &Connection) -> Result<Vec<Shape>, CopyError> {
    let tables = connection.made_all(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
         AND name NOT LIKE '%schema_migrations' ORDER BY name",
        &[],
    )?;
    tables
        .iter()
        .map(|table| shape(connection, table.str(0)?))
        .collect()
}

fn shape(connection: &Connection, table: &str) -> Result<Shape, CopyError> {
    let columns = connection.made_all(
        "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid",
        &[table.into()],
    )?;
    let told = |row: &Row| Ok((row.text(0)?, row.text(1)?, row.int(2)?));
    let columns = columns.iter().map(told).collect::<Result<Vec<_>, StoreError>>()?;
    Shape::of_schema(table, columns)
}

/// A file of its own that nobody knows yet: it is filled without a log, and is worth nothing if that is cut off.
pub(crate) fn new_file(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path, true, Duration::ZERO)?;
    connection.batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")?;
    Ok(connection)
}

/// Puts rows into a table, in one transaction.
pub(crate) fn put(connection: &Connection, shape: &Shape, rows: &[Row]) -> Result<(), StoreError> {
    let places = (1..=shape.columns.len()).map(|n| format!("?{n}"));
    let text = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        quoted(&shape.table),
        shape.names(),
        places.collect::<Vec<_>>().join(", ")
    );
    connection.command("BEGIN")?;
    for row in rows {
        let values: Vec<_> = row.values().collect();
        connection.made_exec(&text, &values)?;
    }
    connection.command("COMMIT")
}

/// Everything in the file, in one snapshot, as a new file; nobody waits for it.
pub(crate) fn vacuum_into(path: &Path, to: &str) -> Result<(), StoreError> {
    let connection = Connection::open(path, false, SNAPSHOT_WAIT)?;
    connection.made_exec("VACUUM INTO ?1", &[to.into()])?;
    Ok(())
}

/// What the engine finds wrong in a file; nothing where it is whole.
pub(crate) fn integrity(path: &Path) -> Result<Option<String>, StoreError> {
    let connection = Connection::open(path, false, SNAPSHOT_WAIT)?;
    connection.batch("PRAGMA query_only = ON")?;
    let found = connection.made_all("SELECT integrity_check FROM pragma_integrity_check", &[])?;
    let mut words = Vec::new();
    for row in &found {
        words.push(row.text(0)?);
    }
    Ok(Some(words.join("; ")).filter(|words| words != "ok"))
}

/// Whether another connection has the file open: only who is alone may hold the log without shared memory. That has to be
/// asked for before anything else, and so not on a connection of the usual kind.
pub(crate) fn is_in_use(path: &Path) -> Result<bool, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(path, flags).map_err(failure)?;
    connection.busy_timeout(Duration::ZERO).map_err(failure)?;
    let asked = "PRAGMA locking_mode = EXCLUSIVE; SELECT COUNT(*) FROM sqlite_master";
    match connection.execute_batch(asked).map_err(failure) {
        Ok(()) => Ok(false),
        Err(StoreError::Unavailable(_)) => Ok(true),
        Err(error) => Err(error),
    }
}
