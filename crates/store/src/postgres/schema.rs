//! The schema in a PostgreSQL database: which version it has, and how it gets the next. No advisory locks: a migrator
//! claims a step by inserting its row, and another's insert of the same row waits for the first one's commit.

use crate::error::StoreError;
use crate::migrate::{
    CREATE_HISTORY, History, INSERT_MIGRATION, MIGRATIONS, Migrated, check_newer, history_names,
};
use crate::postgres::session::Session;
use crate::postgres::target::Target;
use crate::thread;

/// Tries to create the table of steps: two `IF NOT EXISTS` at once may both find it absent.
const CREATE_TRIES: u32 = 5;

pub(crate) fn migrate(url: &str, now_ms: i64) -> Result<Migrated, StoreError> {
    let target = Target::parse(url)?;
    thread::aside(move || apply(&mut Session::new(target.connect()?), now_ms))
}

/// The version of a database's schema, 0 where there is none; one that was moved away is refused.
pub(crate) fn version(session: &mut Session) -> Result<i64, StoreError> {
    history(session)?.check_open()?;
    any_version(session)
}

/// The same of any database.
pub(crate) fn any_version(session: &mut Session) -> Result<i64, StoreError> {
    let Some(select) = history(session)?.select_version() else {
        return Ok(0);
    };
    session.all(select, &[])?.first().map_or(Ok(0), |row| row.int(0))
}

/// The state of its history.
pub(crate) fn history(session: &mut Session) -> Result<History, StoreError> {
    let table = concat!(
        "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
         WHERE table_schema = current_schema() AND table_name IN (",
        history_names!(),
        ")"
    );
    let rows = session.all(table, &[])?;
    Ok(History::named(rows.first().map(|row| row.str(0)).transpose()?))
}

/// Closes a database that is moved away, or opens it again.
pub(crate) fn become_history(url: &str, to: History) -> Result<(), StoreError> {
    let mut session = Session::new(Target::parse(url)?.connect()?);
    match history(&mut session)?.becoming(to) {
        Some(rename) => session.batch(rename),
        None => Ok(()),
    }
}

fn apply(session: &mut Session, now_ms: i64) -> Result<Migrated, StoreError> {
    history(session)?.check_open()?;
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
