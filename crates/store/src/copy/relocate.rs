//! From one place to another, and from one engine to the other, in one step. The old place is closed first, so that at no
//! instant two gateways can work on the same payments; if anything fails it is opened again, unless the new place may be whole
//! all the same: then a person has to look, since there must never be two.

use std::io::{BufReader, BufWriter};
use std::time::Duration;

use jiff::Timestamp;

use crate::copy::error::{CopyError, file};
use crate::copy::place::{Last, Place};
use crate::copy::snapshot::Snapshot;
use crate::copy::{Copied, Progress, export, import};
use crate::error::StoreError;
use crate::location::Location;
use crate::migrate::History;
use crate::postgres::{copying as postgres, schema as postgres_schema};
use crate::sqlite::{copying as sqlite, schema as sqlite_schema};
use crate::tx::Tx;

/// Carries everything to an empty place and leaves the old one closed: whoever opens it gets [`StoreError::Moved`]. A
/// database that a gateway has open is refused. One whose move was cut off is moved again by the same call. After
/// [`CopyError::Unsure`] the old place stays closed until somebody looked at the new one, and [`open_again`].
pub fn relocate(
    from: &Location,
    to: &Location,
    now: Timestamp,
    progress: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    if let Location::Sqlite(path) = from
        && !path.exists()
    {
        return Err(file("opened")(std::io::ErrorKind::NotFound.into()));
    }
    let place = Place::open(to)?;
    close(from)?;
    // Once the new place may be opened, the old one may not be moved once more: there must not be two.
    let end = |_: &mut Tx<'_>| become_history(from, History::Moved);
    let copied = alone(from).and_then(|()| through_a_pipe(from, place, now, &end, progress));
    match &copied {
        Ok(_) | Err(CopyError::Unsure(_)) => {}
        Err(_) => open_again(from)?,
    }
    copied
}

/// Opens a database again that a move closed, as long as the new place was not used.
pub fn open_again(from: &Location) -> Result<(), StoreError> {
    become_history(from, History::Open)
}

/// One thread reads, another writes, and what passes between them is the portable file.
pub(crate) fn through_a_pipe(
    from: &Location,
    place: Place,
    now: Timestamp,
    last: Last<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    let (output, input) = std::io::pipe().map_err(file("made"))?;
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || {
            export::write(
                from,
                BufWriter::with_capacity(BUFFER_BYTES, input),
                now,
                &mut |_| {},
            )
        });
        let written = import::fill(
            BufReader::with_capacity(BUFFER_BYTES, output),
            place,
            now,
            last,
            progress,
        );
        match (reading.join(), written) {
            (Err(_), _) => Err(CopyError::CutOff),
            // The reader's trouble is the cause where both have some, unless it is that nobody listens any more.
            (Ok(Err(error)), Err(_)) if !matches!(error, CopyError::File { .. }) => Err(error),
            (_, written) => written,
        }
    })
}

/// Closes it, unless a move that was cut off has; one that was moved is not there any more.
fn close(from: &Location) -> Result<(), StoreError> {
    // The snapshot is closed before the next line: a file that no gateway has opened yet has no log of its own, and its
    // readers keep writers out.
    let history = Snapshot::open(from)?.history()?;
    match history {
        History::Moved => Err(StoreError::Moved),
        History::Absent | History::Open | History::Moving => become_history(from, History::Moving),
    }
}

fn become_history(from: &Location, to: History) -> Result<(), StoreError> {
    match from {
        Location::Sqlite(path) => sqlite_schema::become_history(path, to),
        Location::Postgres(url) => postgres_schema::become_history(url, to),
    }
}

/// Refuses a database that others have open; a connection that has just been closed is waited for.
fn alone(from: &Location) -> Result<(), CopyError> {
    for _ in 0..CLOSING_LOOKS {
        let is_in_use = match from {
            Location::Sqlite(path) => sqlite::is_in_use(path)?,
            Location::Postgres(url) => postgres::is_in_use(url)?,
        };
        if !is_in_use {
            return Ok(());
        }
        let _ = crossbeam_channel::after(CLOSING_PAUSE).recv();
    }
    Err(CopyError::InUse {
        place: from.to_string(),
    })
}

const CLOSING_LOOKS: u32 = 30;
const CLOSING_PAUSE: Duration = Duration::from_millis(100);
const BUFFER_BYTES: usize = 1 << 20;
