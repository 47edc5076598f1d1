//! The schema in an SQLite file: which version it has, and how it gets the next.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::StoreError;
use crate::migrate::{CREATE_HISTORY, INSERT_MIGRATION, MIGRATIONS, Migrated, SELECT_VERSION, check_newer};
use crate::sqlite::connection::Connection;

/// How long another process may hold the file, as one that migrates it.
const MIGRATE_WAIT: Duration = Duration::from_secs(30);
/// The pause between two tries to switch a new file to the write-ahead log.
const SWITCH_PAUSE: Duration = Duration::from_millis(20);

pub(crate) fn migrate(path: &Path, now_ms: i64) -> Result<Migrated, StoreError> {
    let connection = Connection::open(path, true, MIGRATE_WAIT)?;
    switch_to_wal(&connection)?;
    connection.batch(CREATE_HISTORY)?;
    let from = version(&connection)?;
    check_newer(from)?;
    let mut applied = Vec::new();
    for step in MIGRATIONS {
        connection.command("BEGIN IMMEDIATE")?;
        let claimed = connection.exec(
            INSERT_MIGRATION,
            &[step.version.into(), step.name.into(), now_ms.into()],
        );
        let done = claimed.and_then(|claimed| {
            if claimed == 1 {
                connection.batch(step.sql)?;
                applied.push(step.name);
            }
            connection.command("COMMIT")
        });
        if let Err(error) = done {
            connection.roll_back();
            return Err(error);
        }
    }
    Ok(Migrated {
        from,
        to: version(&connection)?,
        applied,
    })
}

/// The version of a file's schema, 0 where there is none.
pub(crate) fn version(connection: &Connection) -> Result<i64, StoreError> {
    let tables = "SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'";
    if connection.one(tables, &[])?.is_none() {
        return Ok(0);
    }
    connection
        .one(SELECT_VERSION, &[])?
        .map_or(Ok(0), |row| row.int(0))
}

/// Two processes that switch the same new file are told at once that it is busy, so the wait is ours.
fn switch_to_wal(connection: &Connection) -> Result<(), StoreError> {
    let started_at = Instant::now();
    loop {
        match connection.batch("PRAGMA journal_mode = WAL") {
            Err(StoreError::Unavailable(_)) if started_at.elapsed() < MIGRATE_WAIT => {
                let _ = crossbeam_channel::after(SWITCH_PAUSE).recv();
            }
            other => return other,
        }
    }
}
