//! Which columns hold what the keyring sealed, so that a data key can be retired when none of them needs it any more.
//!
//! Each capability names its own (`SEALED`), with texts made by these macros in its `sql.rs`. A new sealed column belongs
//! there too: a test holds the list against the schema.

use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::value::Value;

/// A column of sealed values.
pub(crate) struct SealedColumn {
    /// `table.column`.
    pub(crate) name: &'static str,
    /// Counts what begins with `$1`, up to `$2`.
    pub(crate) count: &'static str,
    /// How its values are sealed anew; nothing where each is over within days.
    pub(crate) lasting: Option<Lasting>,
}

/// How values that stay are sealed anew.
pub(crate) struct Lasting {
    /// Keys and values after the key `$1`, in order, `$2` of them.
    pub(crate) select: &'static str,
    /// Replaces the value `$2` of the row `$1` by `$3`.
    pub(crate) reseal: &'static str,
    /// Before the first row.
    pub(crate) start: fn() -> RowKey,
    /// What the value of a row is sealed for.
    pub(crate) context: fn(&RowKey) -> String,
}

/// The key of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowKey {
    Number(i64),
    Text(String),
}

impl RowKey {
    /// Before every number.
    pub(crate) fn before_numbers() -> RowKey {
        RowKey::Number(i64::MIN)
    }

    /// Before every text.
    pub(crate) fn before_texts() -> RowKey {
        RowKey::Text(String::new())
    }

    /// As a parameter.
    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            RowKey::Number(number) => (*number).into(),
            RowKey::Text(text) => text.as_str().into(),
        }
    }

    /// The first column of a row, of the same kind as this one.
    pub(crate) fn next(&self, row: &Row) -> Result<RowKey, StoreError> {
        Ok(match self {
            RowKey::Number(_) => RowKey::Number(row.int(0)?),
            RowKey::Text(_) => RowKey::Text(row.text(0)?),
        })
    }
}

impl std::fmt::Display for RowKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RowKey::Number(number) => write!(f, "{number}"),
            RowKey::Text(text) => f.write_str(text),
        }
    }
}

/// The text of [`SealedColumn::count`].
macro_rules! count_sealed {
    ($table:literal, $column:literal) => {
        concat!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM ",
            $table,
            " WHERE substr(",
            $column,
            ", 1, 3) = $1 LIMIT $2) AS counted"
        )
    };
}

/// The text of [`Lasting::select`].
macro_rules! select_sealed {
    ($table:literal, $key:literal, $column:literal) => {
        concat!(
            "SELECT ",
            $key,
            ", ",
            $column,
            " FROM ",
            $table,
            " WHERE ",
            $key,
            " > $1 AND ",
            $column,
            " IS NOT NULL ORDER BY ",
            $key,
            " LIMIT $2"
        )
    };
}

/// The text of [`Lasting::reseal`].
macro_rules! update_sealed {
    ($table:literal, $key:literal, $column:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET ",
            $column,
            " = $3 WHERE ",
            $key,
            " = $1 AND ",
            $column,
            " = $2"
        )
    };
}

pub(crate) use {count_sealed, select_sealed, update_sealed};
