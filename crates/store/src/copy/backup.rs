//! Backups: taken while the gateway runs and writes, proved before they get their name, and restored into empty places
//! only.
//!
//! The embedded engine writes its own file anew (`VACUUM INTO`) from one snapshot, for which no writer waits; from
//! PostgreSQL comes the portable file of [`crate::copy::export`]. Either can be restored on either engine. What keys
//! and credentials a database holds lie sealed in it; the key that opens them is not there.

use std::fs::File;
use std::io::{BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use jiff::Timestamp;

use crate::copy::draft::{Draft, beside};
use crate::copy::error::{CopyError, file};
use crate::copy::place::Place;
use crate::copy::portable::hex;
use crate::copy::relocate::through_a_pipe;
use crate::copy::snapshot::Snapshot;
use crate::copy::tally::Tally;
use crate::copy::{Copied, CopiedTable, Progress, Step, export, import};
use crate::location::Location;
use crate::migrate::check_newer;
use crate::sqlite::connection::Connection;
use crate::sqlite::{copying, schema};

pub use crate::copy::place::Last;

/// A backup that was taken and has no name yet.
pub struct Taken {
    /// What is in it.
    pub copied: Copied,
    draft: Draft,
    named: PathBuf,
    /// A database made of a portable file, to prove that it can be.
    trial: Option<Draft>,
}

/// The name of a backup's kind of file, behind its point: what [`take`] writes for a database.
pub fn extension(location: &Location) -> &'static str {
    match location {
        Location::Sqlite(_) => "db",
        Location::Postgres(_) => "ayni",
    }
}

/// Takes a backup into a new file and reads it again. [`Taken::keep`] gives the file its name.
pub fn take(
    from: &Location,
    to: &Path,
    now: Timestamp,
    progress: &mut dyn FnMut(Progress),
) -> Result<Taken, CopyError> {
    let digest_file = beside(to, DIGEST_END);
    if digest_file.exists() {
        return Err(CopyError::NotEmpty {
            place: digest_file.display().to_string(),
        });
    }
    let draft = Draft::new(to)?;
    let (copied, trial) = match from {
        Location::Sqlite(path) => {
            let part = draft.path().to_string_lossy().into_owned();
            copying::vacuum_into(path, &part)?;
            (read_again(draft.path(), now, progress)?, None)
        }
        Location::Postgres(_) => {
            let copied = export::into_file(from, draft.path(), now, progress)?;
            let trial = Draft::new(&beside(to, ".trial"))?;
            std::fs::remove_file(trial.path()).map_err(file("removed"))?;
            let place = Location::Sqlite(trial.path().to_owned());
            import::import(draft.path(), &place, now, &|_| Ok(()), progress)?;
            (copied, Some(trial))
        }
    };
    Ok(Taken {
        copied,
        draft,
        named: to.to_owned(),
        trial,
    })
}

impl Taken {
    /// Where what is in it can be looked at, by [`crate::db::Db::open_to_read`].
    pub fn location(&self) -> Location {
        let draft = self.trial.as_ref().unwrap_or(&self.draft);
        Location::Sqlite(draft.path().to_owned())
    }

    /// Brings it to the disk under its name, with a file beside it that tells its SHA-256 as `sha256sum` writes it;
    /// answers that, in hexadecimal digits.
    pub fn keep(self) -> Result<String, CopyError> {
        drop(self.trial);
        let sha256 = sha256(self.draft.path())?;
        let digest = Draft::new(&beside(&self.named, DIGEST_END))?;
        let name = self.named.file_name().unwrap_or_default().to_string_lossy();
        let mut out = File::options()
            .write(true)
            .open(digest.path())
            .map_err(file("written"))?;
        out.write_all(format!("{sha256}  {name}\n").as_bytes())
            .map_err(file("written"))?;
        self.draft.keep()?;
        digest.keep()?;
        Ok(sha256)
    }
}

/// Makes a database of a backup or a portable file, in an empty place. `last` is done before anybody can open it: whoever
/// knows what a database that missed something must not do says so there.
pub fn restore(
    from: &Path,
    to: &Location,
    now: Timestamp,
    last: Last<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    check_digest(from)?;
    if !is_sqlite(from)? {
        return import::import(from, to, now, last, progress);
    }
    if let Some(problem) = copying::integrity(from)? {
        return Err(CopyError::Integrity(problem));
    }
    match to {
        Location::Sqlite(path) => restore_file(from, path, now, last, progress),
        Location::Postgres(_) => through_a_pipe(
            &Location::Sqlite(from.to_owned()),
            Place::open(to)?,
            now,
            last,
            progress,
        ),
    }
}

/// The embedded engine's own file, brought to this program's schema before it gets its name.
fn restore_file(
    from: &Path,
    to: &Path,
    now: Timestamp,
    last: Last<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    let draft = Draft::new(to)?;
    std::fs::copy(from, draft.path()).map_err(file("copied"))?;
    let copied = read_again(draft.path(), now, progress)?;
    schema::migrate(draft.path(), now.as_millisecond())?;
    let connection = Connection::open(draft.path(), false, std::time::Duration::ZERO)?;
    connection.batch("PRAGMA journal_mode = DELETE; BEGIN")?;
    last(&mut crate::tx::Tx::sqlite(&connection))?;
    connection.batch("COMMIT")?;
    drop(connection);
    draft.keep()?;
    Ok(copied)
}

/// Every row of a file of the embedded engine is read, and the engine looks at its structure.
fn read_again(path: &Path, now: Timestamp, progress: &mut dyn FnMut(Progress)) -> Result<Copied, CopyError> {
    if let Some(problem) = copying::integrity(path)? {
        return Err(CopyError::Integrity(problem));
    }
    let mut snapshot = Snapshot::open(&Location::Sqlite(path.to_owned()))?;
    let schema = snapshot.schema()?;
    check_newer(schema)?;
    let mut tables = Vec::new();
    let mut done = 0;
    for shape in snapshot.shapes()? {
        let mut tally = Tally::new(shape.columns.len());
        snapshot.each(&shape, |row| {
            tally.add(row);
            if tally.rows.is_multiple_of(export::ROWS_BETWEEN_WORDS) {
                progress(Progress {
                    step: Step::Comparing,
                    rows: done + tally.rows,
                    of: 0,
                });
            }
            Ok(())
        })?;
        done += tally.rows;
        tables.push(CopiedTable {
            name: shape.table.clone(),
            rows: tally.rows,
            digest: tally.digest(),
        });
    }
    Ok(Copied {
        schema,
        taken_at_ms: now.as_millisecond(),
        tables,
    })
}

/// Compares a file with its digest, where that lies beside it.
fn check_digest(path: &Path) -> Result<(), CopyError> {
    let Ok(written) = std::fs::read_to_string(beside(path, DIGEST_END)) else {
        return Ok(());
    };
    match written.split_whitespace().next() == Some(sha256(path)?.as_str()) {
        true => Ok(()),
        false => Err(CopyError::Damaged),
    }
}

fn sha256(path: &Path) -> Result<String, CopyError> {
    let mut input = BufReader::with_capacity(BUFFER_BYTES, File::open(path).map_err(file("opened"))?);
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let read = input.read(&mut buffer).map_err(file("read"))?;
        if read == 0 {
            return Ok(hex(context.finish().as_ref()));
        }
        context.update(&buffer[..read]);
    }
}

fn is_sqlite(path: &Path) -> Result<bool, CopyError> {
    let mut head = [0; SQLITE_HEAD.len()];
    let mut input = File::open(path).map_err(file("opened"))?;
    let whole = input.read_exact(&mut head).is_ok();
    Ok(whole && &head == SQLITE_HEAD)
}

const SQLITE_HEAD: &[u8; 16] = b"SQLite format 3\0";
const DIGEST_END: &str = ".sha256";
const BUFFER_BYTES: usize = 1 << 20;
