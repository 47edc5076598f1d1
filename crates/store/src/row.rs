//! What comes out of a statement: one row, whose columns are asked for by position and kind.

use std::ops::Range;

use crate::error::StoreError;
use crate::value::Value;

/// One row of an answer. Columns count from 0, in the order of the statement.
///
/// The texts of a row lie one after the other in one `String`: a row of ten texts costs one allocation for them, not
/// ten, and most are only looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    cells: Vec<Cell>,
    texts: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cell {
    Null,
    Int(i64),
    /// A piece of the row's texts.
    Text(Range<usize>),
    Bytes(Box<[u8]>),
}

impl Row {
    /// The integer in a column.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| wrong(column, "is NULL"))
    }

    /// The text in a column.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.str(column).map(str::to_owned)
    }

    /// The text in a column, borrowed from the row.
    pub fn str(&self, column: usize) -> Result<&str, StoreError> {
        self.opt_str(column)?.ok_or_else(|| wrong(column, "is NULL"))
    }

    /// The bytes in a column.
    pub fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.opt_bytes(column)?.ok_or_else(|| wrong(column, "is NULL"))
    }

    /// The flag in a column: 0 or 1.
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// The integer in a column that may be NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Int(value) => Ok(Some(*value)),
            Cell::Text(_) | Cell::Bytes(_) => Err(wrong(column, "is no integer")),
        }
    }

    /// The text in a column that may be NULL.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        Ok(self.opt_str(column)?.map(str::to_owned))
    }

    /// The text in a column that may be NULL, borrowed from the row.
    pub fn opt_str(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Text(place) => Ok(self.texts.get(place.clone())),
            Cell::Int(_) | Cell::Bytes(_) => Err(wrong(column, "is no text")),
        }
    }

    /// The bytes in a column that may be NULL.
    pub fn opt_bytes(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Bytes(value) => Ok(Some(value.to_vec())),
            Cell::Int(_) | Cell::Text(_) => Err(wrong(column, "is no bytes")),
        }
    }

    /// All columns, in order.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value<'_>> {
        self.cells.iter().map(|cell| match cell {
            Cell::Null => Value::Null,
            Cell::Int(value) => Value::Int(*value),
            Cell::Text(place) => Value::Text(self.texts.get(place.clone()).unwrap_or_default()),
            Cell::Bytes(value) => Value::Bytes(value),
        })
    }

    /// A row without columns yet, with room for so many.
    pub(crate) fn with_room_for(columns: usize) -> Row {
        Row {
            cells: Vec::with_capacity(columns),
            texts: String::new(),
        }
    }

    /// The next column holds nothing.
    pub(crate) fn add_null(&mut self) {
        self.cells.push(Cell::Null);
    }

    /// The next column holds an integer.
    pub(crate) fn add_int(&mut self, value: i64) {
        self.cells.push(Cell::Int(value));
    }

    /// The next column holds a text.
    pub(crate) fn add_text(&mut self, value: &str) {
        let start = self.texts.len();
        if start == 0 {
            self.texts.reserve(TEXTS_BYTES.max(value.len()));
        }
        self.texts.push_str(value);
        self.cells.push(Cell::Text(start..self.texts.len()));
    }

    /// The next column holds bytes.
    pub(crate) fn add_bytes(&mut self, value: &[u8]) {
        self.cells.push(Cell::Bytes(value.into()));
    }

    fn cell(&self, column: usize) -> Result<&Cell, StoreError> {
        self.cells
            .get(column)
            .ok_or_else(|| wrong(column, "is not there"))
    }
}

/// Room for a row's texts that is made at once: most rows have no more.
const TEXTS_BYTES: usize = 128;

fn wrong(column: usize, problem: &'static str) -> StoreError {
    StoreError::Column { column, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_read_as_what_it_is_and_as_nothing_else() {
        let mut row = Row::with_room_for(4);
        row.add_int(7);
        row.add_text("x");
        row.add_bytes(&[1]);
        row.add_null();
        assert_eq!(row.int(0).unwrap(), 7);
        assert_eq!(row.text(1).unwrap(), "x");
        assert_eq!(row.bytes(2).unwrap(), vec![1]);
        assert_eq!(row.opt_int(3).unwrap(), None);
        assert!(row.flag(0).unwrap());
        for column in [1, 2, 3, 4] {
            assert!(
                matches!(row.int(column), Err(StoreError::Column { .. })),
                "{column}"
            );
        }
    }
}
