//! A table as the schema describes it. Names come out of the schema or are compared with it before they stand in a text
//! of SQL, so that nothing of a file gets there.

use crate::copy::error::CopyError;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub name: String,
    pub kind: Kind,
}

/// A table, its columns in the schema's order, and the columns of its primary key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub table: String,
    pub columns: Vec<Column>,
    /// Positions in `columns`.
    pub key: Vec<usize>,
}

impl Kind {
    /// As in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Int => "int",
            Kind::Text => "text",
            Kind::Bytes => "bytes",
        }
    }

    /// Reads the word of a file.
    pub fn parse(text: &str) -> Option<Kind> {
        [Kind::Int, Kind::Text, Kind::Bytes]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }

    /// Reads the name that either engine has for it.
    pub fn of_engine(name: &str) -> Option<Kind> {
        match name.to_ascii_lowercase().as_str() {
            "bigint" | "integer" => Some(Kind::Int),
            "text" => Some(Kind::Text),
            "bytea" => Some(Kind::Bytes),
            _ => None,
        }
    }
}

impl Shape {
    /// Makes it of the schema's rows: column, its kind's name, its place in the primary key from 1, or 0.
    pub fn of_schema(table: &str, columns: Vec<(String, String, i64)>) -> Result<Shape, CopyError> {
        let wrong = |problem: String| CopyError::Shape {
            table: table.to_owned(),
            problem,
        };
        let mut key: Vec<(i64, usize)> = Vec::new();
        let mut known = Vec::with_capacity(columns.len());
        for (place, (name, kind, in_key)) in columns.into_iter().enumerate() {
            let kind = Kind::of_engine(&kind).ok_or_else(|| {
                wrong(format!(
                    "has a column {name} of kind {kind}, which can't be copied"
                ))
            })?;
            if in_key > 0 {
                key.push((in_key, place));
            }
            known.push(Column { name, kind });
        }
        key.sort_unstable();
        if key.is_empty() {
            return Err(wrong(
                "has no primary key, by which it could be read in portions".to_owned(),
            ));
        }
        Ok(Shape {
            table: table.to_owned(),
            columns: known,
            key: key.into_iter().map(|(_, place)| place).collect(),
        })
    }

    /// Whether both have the same columns and key, in whatever order the columns stand.
    pub fn is_like(&self, other: &Shape) -> bool {
        let has_all = |a: &Shape, b: &Shape| a.columns.iter().all(|column| b.columns.contains(column));
        let keys = |shape: &Shape| -> Vec<String> { shape.key_names().map(str::to_owned).collect() };
        self.table == other.table
            && self.columns.len() == other.columns.len()
            && has_all(self, other)
            && keys(self) == keys(other)
    }

    /// The names of the key's columns.
    pub fn key_names(&self) -> impl Iterator<Item = &str> {
        self.key.iter().map(|place| self.columns[*place].name.as_str())
    }

    /// The columns' names, with commas between.
    pub fn names(&self) -> String {
        let names = self.columns.iter().map(|column| quoted(&column.name));
        names.collect::<Vec<_>>().join(", ")
    }

    /// The query of one portion: the first, or the one behind a key. `limit` is a number of ours.
    pub fn portion(&self, is_first: bool, limit: usize) -> String {
        let keys = self.key_names().map(quoted).collect::<Vec<_>>().join(", ");
        let places = 1..=self.key.len();
        let params = places.map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let (names, table) = (self.names(), quoted(&self.table));
        let behind = match is_first {
            true => String::new(),
            false => format!(" WHERE ({keys}) > ({params})"),
        };
        format!("SELECT {names} FROM {table}{behind} ORDER BY {keys} LIMIT {limit}")
    }

    /// The query of the number of its rows.
    pub fn count(&self) -> String {
        format!("SELECT COUNT(*) FROM {}", quoted(&self.table))
    }
}

/// A name of the schema in SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
