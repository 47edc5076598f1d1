//! An empty place is filled from a portable file, and then read again: every table must be as it was written.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use jiff::Timestamp;

use crate::copy::error::{CopyError, file};
use crate::copy::export::ROWS_BETWEEN_WORDS;
use crate::copy::place::Place;
use crate::copy::portable::{Head, Line, Reading};
use crate::copy::shape::Shape;
use crate::copy::tally::Tally;
use crate::copy::{Copied, CopiedTable, Progress, Step};
use crate::location::Location;
use crate::migrate::check_newer;

pub use crate::copy::place::Last;

/// Fills an empty place from a file. `last` is done in the transaction after which the place can be opened at all.
pub fn import(
    from: &Path,
    to: &Location,
    now: Timestamp,
    last: Last<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    let from = File::open(from).map_err(file("opened"))?;
    let from = BufReader::with_capacity(BUFFER_BYTES, from);
    fill(from, Place::open(to)?, now, last, progress)
}

/// A table as the file says that it is.
struct Written {
    shape: Shape,
    rows: u64,
    sums: Vec<i128>,
    digest: String,
}

pub(crate) fn fill(
    from: impl BufRead,
    mut place: Place,
    now: Timestamp,
    last: Last<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    let (head, mut reading) = Reading::new(from)?;
    check_newer(head.schema)?;
    place.make_tables(head.schema)?;
    let written = take_in(&mut reading, &mut place, head, progress)?;
    compare(&mut place, head, &written, progress)?;
    place.finish(head.schema, now, last)?;
    let table = |table: Written| CopiedTable {
        name: table.shape.table,
        rows: table.rows,
        digest: table.digest,
    };
    Ok(Copied {
        schema: head.schema,
        taken_at_ms: head.taken_at_ms,
        tables: written.into_iter().map(table).collect(),
    })
}

/// Puts every row into its table; the file's own tables must be exactly those of its schema.
fn take_in<R: BufRead>(
    reading: &mut Reading<R>,
    place: &mut Place,
    head: Head,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Written>, CopyError> {
    let mut missing = place.shapes()?;
    let mut written: Vec<Written> = Vec::with_capacity(missing.len());
    let mut done = 0;
    loop {
        let shape = match reading.next()? {
            Line::Table(shape) => shape,
            Line::End => break,
            // The reading lets rows and ends stand within a table only.
            Line::Row(_) | Line::EndOfTable { .. } => return Err(CopyError::Damaged),
        };
        let Some(found) = missing.iter().position(|known| known.is_like(&shape)) else {
            return Err(CopyError::Shape {
                table: shape.table,
                problem: format!(
                    "is not one of schema {}, or has other columns, or comes twice",
                    head.schema
                ),
            });
        };
        missing.swap_remove(found);
        let table = one_table(reading, place, shape, &mut |rows| {
            progress(Progress {
                step: Step::Copying,
                rows: done + rows,
                of: head.rows,
            });
        })?;
        done += table.rows;
        written.push(table);
    }
    match missing.first() {
        None => Ok(written),
        Some(shape) => Err(CopyError::Shape {
            table: shape.table.clone(),
            problem: "is not in the file".to_owned(),
        }),
    }
}

fn one_table<R: BufRead>(
    reading: &mut Reading<R>,
    place: &mut Place,
    shape: Shape,
    tell: &mut dyn FnMut(u64),
) -> Result<Written, CopyError> {
    place.clear(&shape)?;
    let mut tally = Tally::new(shape.columns.len());
    let mut portion = Vec::new();
    let mut bytes = 0;
    loop {
        match reading.next()? {
            Line::Row(row) => {
                bytes += tally.add(&row);
                portion.push(row);
                if bytes >= PORTION_BYTES {
                    place.put(&shape, &portion)?;
                    portion.clear();
                    bytes = 0;
                    tell(tally.rows);
                }
            }
            Line::EndOfTable { rows, sums, digest } => {
                if !portion.is_empty() {
                    place.put(&shape, &portion)?;
                }
                tell(tally.rows);
                tally.expect(&shape, rows, &sums, &digest)?;
                return Ok(Written {
                    shape,
                    rows,
                    sums,
                    digest,
                });
            }
            Line::Table(_) | Line::End => return Err(CopyError::Damaged),
        }
    }
}

/// Reads everything again, as it lies in its new place.
fn compare(
    place: &mut Place,
    head: Head,
    written: &[Written],
    progress: &mut dyn FnMut(Progress),
) -> Result<(), CopyError> {
    let mut snapshot = place.read_back()?;
    let mut done = 0;
    for table in written {
        let mut tally = Tally::new(table.shape.columns.len());
        snapshot.each(&table.shape, |row| {
            tally.add(row);
            if tally.rows.is_multiple_of(ROWS_BETWEEN_WORDS) {
                progress(Progress {
                    step: Step::Comparing,
                    rows: done + tally.rows,
                    of: head.rows,
                });
            }
            Ok(())
        })?;
        tally.expect(&table.shape, table.rows, &table.sums, &table.digest)?;
        done += tally.rows;
    }
    Ok(())
}

/// What is put at once: held in memory several times over.
const PORTION_BYTES: usize = 2 << 20;
const BUFFER_BYTES: usize = 1 << 20;
