//! A whole database as one portable file, read in one snapshot while it is written to.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;

use crate::copy::draft::Draft;
use crate::copy::error::{CopyError, file};
use crate::copy::portable::{Head, Lines};
use crate::copy::shape::Shape;
use crate::copy::snapshot::Snapshot;
use crate::copy::tally::Tally;
use crate::copy::{Copied, CopiedTable, Progress, Step};
use crate::location::Location;
use crate::migrate::check_newer;

/// Writes everything that is in a database into a new file, which is there whole or not at all.
pub fn export(
    from: &Location,
    to: &Path,
    now: Timestamp,
    progress: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    let draft = Draft::new(to)?;
    let copied = into_file(from, draft.path(), now, progress)?;
    draft.keep()?;
    Ok(copied)
}

/// Writes it into a file that is there and empty.
pub(crate) fn into_file(
    from: &Location,
    path: &Path,
    now: Timestamp,
    progress: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    let out = File::options().write(true).open(path).map_err(file("written"))?;
    write(from, BufWriter::with_capacity(BUFFER_BYTES, out), now, progress)
}

/// Writes it anywhere.
pub(crate) fn write(
    from: &Location,
    out: impl Write,
    now: Timestamp,
    progress: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    let mut snapshot = Snapshot::open(from)?;
    let schema = snapshot.schema()?;
    check_newer(schema)?;
    let shapes = snapshot.shapes()?;
    let mut counts = Vec::with_capacity(shapes.len());
    for shape in &shapes {
        counts.push(snapshot.count(shape)?);
    }
    let of = counts.iter().sum();
    let head = Head {
        schema,
        taken_at_ms: now.as_millisecond(),
        rows: of,
    };
    let mut lines = Lines::new(out, head)?;
    let mut tables = Vec::with_capacity(shapes.len());
    let mut rows = 0;
    for (shape, count) in shapes.iter().zip(counts) {
        let mut tell = |done: u64| {
            progress(Progress {
                step: Step::Copying,
                rows: rows + done,
                of,
            });
        };
        let tally = table(&mut snapshot, shape, &mut lines, &mut tell)?;
        rows += tally.rows;
        tables.push(counted(shape, &tally, count)?);
    }
    lines.end()?;
    Ok(Copied {
        schema,
        taken_at_ms: head.taken_at_ms,
        tables,
    })
}

fn table<W: Write>(
    snapshot: &mut Snapshot<'_>,
    shape: &Shape,
    lines: &mut Lines<W>,
    tell: &mut dyn FnMut(u64),
) -> Result<Tally, CopyError> {
    let mut tally = Tally::new(shape.columns.len());
    lines.table(shape)?;
    snapshot.each(shape, |row| {
        tally.add(row);
        if tally.rows.is_multiple_of(ROWS_BETWEEN_WORDS) {
            tell(tally.rows);
        }
        lines.row(row)
    })?;
    lines.end_of_table(shape, &tally)?;
    tell(tally.rows);
    Ok(tally)
}

/// The same snapshot counted them beforehand: portions that left a row out would be noticed.
fn counted(shape: &Shape, tally: &Tally, count: u64) -> Result<CopiedTable, CopyError> {
    if tally.rows != count {
        return Err(CopyError::Differs {
            table: shape.table.clone(),
            what: format!("the number of rows, {} instead of {count},", tally.rows),
        });
    }
    Ok(CopiedTable {
        name: shape.table.clone(),
        rows: tally.rows,
        digest: tally.digest(),
    })
}

/// How many rows go by between two words about the progress.
pub(crate) const ROWS_BETWEEN_WORDS: u64 = 1024;
const BUFFER_BYTES: usize = 1 << 20;
