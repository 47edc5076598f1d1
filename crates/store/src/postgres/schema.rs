//! The schema in a PostgreSQL database: which version it has, and how it gets the next. No advisory locks: a migrator
//! claims a step by inserting its row, and another's insert of the same row waits for the first one's commit.

use crate::error::StoreError;
use crate::migrate::{CREATE_HISTORY, INSERT_MIGRATION, MIGRATIONS, Migrated, SELECT_VERSION, check_newer};
use crate::postgres::session::Session;
use crate::postgres::target::Target;
use crate::thread;

/// Tries to create the table of steps: two `IF NOT EXISTS` at once may both find it absent.
const CREATE_TRIES: u32 = 5;

pub(crate) fn migrate(url: &str, now_ms: i64) -> Result<Migrated, StoreError> {
    let target = Target::parse(url)?;
    thread::aside(move || apply(&mut Session::new(target.connect()?), now_ms))
}

/// The version of a database's schema, 0 where there is none.
pub(crate) fn version(session: &mut Session) -> Result<i64, StoreError> {
    let tables = "SELECT CAST(1 AS BIGINT) FROM information_schema.tables \
         WHERE table_name = 'schema_migrations' AND table_schema = current_schema()";
    if session.all(tables, &[])?.is_empty() {
        return Ok(0);
    }
    session
        .all(SELECT_VERSION, &[])?
        .first()
        .map_or(Ok(0), |row| row.int(0))
}

fn apply(session: &mut Session, now_ms: i64) -> Result<Migrated, StoreError> {
    let mut tries = 0;
    while let Err(error) = session.batch(CREATE_HISTORY) {
        tries += 1;
        if tries == CREATE_TRIES || version(session).is_err() {
            return Err(error);
        }
    }
    let from = version(session)?;
    check_newer(from)?;
    let mut applied = Vec::new();
    for step in MIGRATIONS {
        session.batch("BEGIN")?;
        let claimed = session.exec(
            INSERT_MIGRATION,
            &[step.version.into(), step.name.into(), now_ms.into()],
        )?;
        if claimed == 1 {
            session.batch(step.sql)?;
            applied.push(step.name);
        }
        session.batch("COMMIT")?;
    }
    Ok(Migrated {
        from,
        to: version(session)?,
        applied,
    })
}
