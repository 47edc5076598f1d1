//! The portable file, line by line: JSON, so that any program can read it, and so that a person can look into it.
//! `docs/portable-format.md` describes it; [`FORMAT`] grows whenever a reader of an older one would not understand it.

use std::io::{BufRead, Write};

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::copy::error::{CopyError, file};
use crate::copy::shape::{Column, Kind, Shape};
use crate::copy::tally::Tally;
use crate::row::Row;
use crate::value::Value;

/// The version of the format.
const FORMAT: i64 = 1;
/// More than a row of the largest columns.
const LINE_BYTES_MAX: u64 = 64 << 20;

/// The first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub schema: i64,
    pub taken_at_ms: i64,
    pub rows: u64,
}

/// A line of a file.
pub(crate) enum Line {
    Table(Shape),
    Row(Row),
    EndOfTable {
        rows: u64,
        /// Of each column; 0 for those that hold no integers.
        sums: Vec<i128>,
        digest: String,
    },
    End,
}

/// Writes one.
pub(crate) struct Lines<W: Write> {
    out: W,
    sha256: Context,
    line: Vec<u8>,
}

impl<W: Write> Lines<W> {
    pub fn new(out: W, head: Head) -> Result<Lines<W>, CopyError> {
        let mut lines = Lines {
            out,
            sha256: Context::new(&SHA256),
            line: Vec::new(),
        };
        lines.say(&json!({
            "ayni": "database", "format": FORMAT, "schema": head.schema, "taken_at": head.taken_at_ms,
            "rows": head.rows,
        }))?;
        Ok(lines)
    }

    pub fn table(&mut self, shape: &Shape) -> Result<(), CopyError> {
        let column = |column: &Column| json!([column.name, column.kind.as_str()]);
        let columns: Vec<Json> = shape.columns.iter().map(column).collect();
        let key: Vec<&str> = shape.key_names().collect();
        self.say(&json!({ "table": shape.table, "columns": columns, "key": key }))
    }

    pub fn row(&mut self, row: &Row) -> Result<(), CopyError> {
        self.line.push(b'[');
        for (place, value) in row.values().enumerate() {
            if place > 0 {
                self.line.push(b',');
            }
            let written = match value {
                Value::Null => serde_json::to_writer(&mut self.line, &()),
                Value::Int(value) => serde_json::to_writer(&mut self.line, &value),
                Value::Text(text) => serde_json::to_writer(&mut self.line, text),
                Value::Bytes(bytes) => serde_json::to_writer(&mut self.line, &STANDARD.encode(bytes)),
            };
            written.map_err(|error| file("written")(error.into()))?;
        }
        self.line.push(b']');
        self.end_line()
    }

    pub fn end_of_table(&mut self, shape: &Shape, tally: &Tally) -> Result<(), CopyError> {
        let ints = shape.columns.iter().zip(&tally.sums);
        let sums: serde_json::Map<String, Json> = ints
            .filter(|(column, _)| column.kind == Kind::Int)
            .map(|(column, sum)| (column.name.clone(), Json::from(sum.to_string())))
            .collect();
        self.say(&json!({ "end": shape.table, "rows": tally.rows, "sums": sums, "digest": tally.digest() }))
    }

    /// The last line, with the digest of all before it.
    pub fn end(mut self) -> Result<W, CopyError> {
        let digest = self.sha256.clone().finish();
        self.say(&json!({ "complete": true, "sha256": hex(digest.as_ref()) }))?;
        self.out.flush().map_err(file("written"))?;
        Ok(self.out)
    }

    fn say(&mut self, line: &Json) -> Result<(), CopyError> {
        self.line.extend_from_slice(line.to_string().as_bytes());
        self.end_line()
    }

    fn end_line(&mut self) -> Result<(), CopyError> {
        self.line.push(b'\n');
        self.sha256.update(&self.line);
        self.out.write_all(&self.line).map_err(file("written"))?;
        self.line.clear();
        Ok(())
    }
}

/// Reads one.
pub(crate) struct Reading<R: BufRead> {
    input: R,
    sha256: Context,
    line: Vec<u8>,
    number: u64,
    /// The table under way.
    shape: Option<Shape>,
}

impl<R: BufRead> Reading<R> {
    /// Reads the first line.
    pub fn new(input: R) -> Result<(Head, Reading<R>), CopyError> {
        let mut reading = Reading {
            input,
            sha256: Context::new(&SHA256),
            line: Vec::new(),
            number: 0,
            shape: None,
        };
        let head = reading.next_json()?;
        if head["ayni"] != "database" {
            return Err(reading.wrong("is not the first of a database"));
        }
        if head["format"] != FORMAT {
            return Err(reading.wrong("names a format that this version of ayni does not know"));
        }
        let int = |name: &str| head[name].as_i64().ok_or_else(|| reading.wrong("lacks a number"));
        let head = Head {
            schema: int("schema")?,
            taken_at_ms: int("taken_at")?,
            rows: u64::try_from(int("rows")?).unwrap_or(0),
        };
        Ok((head, reading))
    }

    /// The next line; [`Line::End`] is the last, and says that all before it are as they were written.
    pub fn next(&mut self) -> Result<Line, CopyError> {
        let before = self.sha256.clone();
        let said = self.next_json()?;
        match &said {
            Json::Array(cells) => self.row(cells).map(Line::Row),
            _ if said["table"].is_string() && self.shape.is_none() => {
                let shape = self.table(&said)?;
                self.shape = Some(shape.clone());
                Ok(Line::Table(shape))
            }
            _ if said["end"].is_string() => self.end_of_table(&said),
            _ if said["complete"] == true && self.shape.is_none() => {
                if said["sha256"] == hex(before.finish().as_ref()) {
                    return Ok(Line::End);
                }
                Err(CopyError::Damaged)
            }
            _ => Err(self.wrong("is none of the format's")),
        }
    }

    fn table(&self, said: &Json) -> Result<Shape, CopyError> {
        let wrong = || self.wrong("describes no table");
        let column = |pair: &Json| {
            let kind = Kind::parse(pair[1].as_str().unwrap_or_default());
            Some(Column {
                name: pair[0].as_str()?.to_owned(),
                kind: kind?,
            })
        };
        let columns = said["columns"].as_array().ok_or_else(wrong)?;
        let columns: Option<Vec<Column>> = columns.iter().map(column).collect();
        let columns = columns.ok_or_else(wrong)?;
        let place = |name: &Json| columns.iter().position(|column| *name == column.name.as_str());
        let key: Option<Vec<usize>> = said["key"]
            .as_array()
            .ok_or_else(wrong)?
            .iter()
            .map(place)
            .collect();
        Ok(Shape {
            table: said["table"].as_str().ok_or_else(wrong)?.to_owned(),
            key: key.ok_or_else(wrong)?,
            columns,
        })
    }

    fn row(&self, cells: &[Json]) -> Result<Row, CopyError> {
        let columns = self.shape.as_ref().map_or(&[][..], |shape| &shape.columns);
        if columns.len() != cells.len() || cells.is_empty() {
            return Err(self.wrong("has not as many values as its table has columns"));
        }
        let mut row = Row::with_room_for(columns.len());
        for (column, cell) in columns.iter().zip(cells) {
            match (column.kind, cell) {
                (_, Json::Null) => row.add_null(),
                (Kind::Int, Json::Number(number)) if number.is_i64() => {
                    row.add_int(number.as_i64().unwrap_or_default());
                }
                (Kind::Text, Json::String(text)) => row.add_text(text),
                (Kind::Bytes, Json::String(text)) => {
                    let bytes = STANDARD.decode(text);
                    row.add_bytes(&bytes.map_err(|_| self.wrong("holds bytes that are no base64"))?);
                }
                _ => return Err(self.wrong("holds a value of another kind than its column")),
            }
        }
        Ok(row)
    }

    fn end_of_table(&mut self, said: &Json) -> Result<Line, CopyError> {
        let shape = self.shape.take();
        let Some(shape) = shape.filter(|shape| said["end"] == shape.table.as_str()) else {
            return Err(self.wrong("ends a table that was not begun"));
        };
        let sum = |column: &Column| match column.kind {
            Kind::Int => said["sums"][&column.name].as_str()?.parse().ok(),
            Kind::Text | Kind::Bytes => Some(0),
        };
        let sums: Option<Vec<i128>> = shape.columns.iter().map(sum).collect();
        let (rows, digest) = (said["rows"].as_u64(), said["digest"].as_str());
        match (rows, sums, digest) {
            (Some(rows), Some(sums), Some(digest)) => Ok(Line::EndOfTable {
                rows,
                sums,
                digest: digest.to_owned(),
            }),
            _ => Err(self.wrong("does not say what its table holds")),
        }
    }

    fn next_json(&mut self) -> Result<Json, CopyError> {
        self.line.clear();
        let mut limited = std::io::Read::take(&mut self.input, LINE_BYTES_MAX);
        let read = limited.read_until(b'\n', &mut self.line).map_err(file("read"))?;
        if self.line.pop() != Some(b'\n') {
            if read as u64 == LINE_BYTES_MAX {
                return Err(self.wrong("is too long"));
            }
            return Err(CopyError::Partial { lines: self.number });
        }
        self.number += 1;
        self.sha256.update(&self.line);
        self.sha256.update(b"\n");
        serde_json::from_slice(&self.line).map_err(|_| self.wrong("is no JSON"))
    }

    fn wrong(&self, problem: &'static str) -> CopyError {
        CopyError::Line {
            line: self.number,
            problem,
        }
    }
}

/// In hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
