//! The schema in an SQLite file: which version it has, and how it gets the next.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::StoreError;
use crate::migrate::{
    CREATE_HISTORY, History, INSERT_MIGRATION, MIGRATIONS, Migrated, check_newer, history_names,
};
use crate::sqlite::connection::Connection;

/// How long another process may hold the file, as one that migrates it.
const MIGRATE_WAIT: Duration = Duration::from_secs(30);
/// The pause between two tries to switch a new file to the write-ahead log.
const SWITCH_PAUSE: Duration = Duration::from_millis(20);

pub(crate) fn migrate(path: &Path, now_ms: i64) -> Result<Migrated, StoreError> {
    let connection = Connection::open(path, true, MIGRATE_WAIT)?;
    switch_to_wal(&connection)?;
    history(&connection)?.check_open()?;
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

/// The version of a file's schema, 0 where there is none; one that was moved away is refused.
pub(crate) fn version(connection: &Connection) -> Result<i64, StoreError> {
    history(connection)?.check_open()?;
    any_version(connection)
}

/// The same of any file.
pub(crate) fn any_version(connection: &Connection) -> Result<i64, StoreError> {
    let Some(select) = history(connection)?.select_version() else {
        return Ok(0);
    };
    connection.one(select, &[])?.map_or(Ok(0), |row| row.int(0))
}

/// The state of its history.
pub(crate) fn history(connection: &Connection) -> Result<History, StoreError> {
    let table = concat!(
        "SELECT name FROM sqlite_master WHERE name IN (",
        history_names!(),
        ")"
    );
    let row = connection.one(table, &[])?;
    Ok(History::named(row.as_ref().map(|row| row.str(0)).transpose()?))
}

/// Closes a database that is moved away, or opens it again.
pub(crate) fn become_history(path: &Path, to: History) -> Result<(), StoreError> {
    let connection = Connection::open(path, false, MIGRATE_WAIT)?;
    match history(&connection)?.becoming(to) {
        Some(rename) => connection.batch(rename),
        None => Ok(()),
    }
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
