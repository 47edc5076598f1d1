//! How a bank writes its CSV, said in a small TOML file: which column is what, how dates and amounts look.
//!
//! ```toml
//! delimiter = ";"
//! encoding = "latin-1"          # utf-8, latin-1 or windows-1252
//! skip_lines = 3                # what stands above the header
//! date_format = "%d/%m/%Y"
//! decimal_sign = ","
//! thousands_sign = "."
//!
//! [columns]                     # by their header, or by their number where has_header = false
//! date = "Fecha"
//! credit = "Abonos"
//! debit = "Cargos"
//! reference = "Descripción"
//! ```

use std::path::Path;

use serde::Deserialize;
use thiserror::Error;

/// How a CSV file is read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Between two columns.
    pub delimiter: char,
    /// How its characters are written.
    pub encoding: Encoding,
    /// Lines above the header.
    pub skip_lines: u32,
    /// Whether the first line names the columns.
    pub has_header: bool,
    /// As strftime has it.
    pub date_format: String,
    /// As strftime has it; only where there is a column `time`.
    pub time_format: String,
    /// Before an amount's decimals.
    pub decimal_sign: char,
    /// Between groups of three digits, where the bank writes one.
    pub thousands_sign: Option<char>,
    /// What a column `direction` says of a credit; anything else is a debit.
    pub credit_word: String,
    /// Which column is what.
    pub columns: Columns,
}

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Unicode; a byte order mark is passed over.
    #[default]
    Utf8,
    /// ISO 8859-1.
    #[serde(rename = "latin-1")]
    Latin1,
    /// What Windows writes in the west.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// A column: its header, or its number counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Column {
    /// Its number.
    Number(usize),
    /// Its header.
    Name(String),
}

/// Which column is what. Either `amount` (below zero for debits, or with `direction`) or `credit` and `debit`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is the field of a movement of the same name")]
pub struct Columns {
    pub date: Option<Column>,
    pub time: Option<Column>,
    pub amount: Option<Column>,
    pub direction: Option<Column>,
    pub credit: Option<Column>,
    pub debit: Option<Column>,
    pub currency: Option<Column>,
    pub id: Option<Column>,
    pub reference: Option<Column>,
    pub operation_number: Option<Column>,
    pub payer_identifier: Option<Column>,
    pub payer_name: Option<Column>,
    pub payer_account: Option<Column>,
}

/// Why a mapping can't be used.
#[derive(Debug, Error)]
pub enum MappingError {
    /// The file could not be read.
    #[error("{path} could not be read")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is no mapping.
    #[error("{path} is no mapping")]
    Shape {
        /// The file.
        path: String,
        /// What is wrong.
        source: toml::de::Error,
    },
    /// It contradicts itself.
    #[error("the mapping can't be used: {0}")]
    Contradiction(&'static str),
}

impl Default for Mapping {
    /// Columns `date`, `amount`, `reference`, `id`, `operation_number`, `payer_identifier`, `payer_name`,
    /// `payer_account`; commas, UTF-8, `2026-03-02`, `-1234.56`. Only `date` and `amount` must be there.
    fn default() -> Mapping {
        let named = |name: &str| Some(Column::Name(name.to_owned()));
        Mapping {
            delimiter: ',',
            encoding: Encoding::Utf8,
            skip_lines: 0,
            has_header: true,
            date_format: "%Y-%m-%d".to_owned(),
            time_format: "%H:%M:%S".to_owned(),
            decimal_sign: '.',
            thousands_sign: None,
            credit_word: "CR".to_owned(),
            columns: Columns {
                date: named("date"),
                amount: named("amount"),
                ..Columns::default()
            },
        }
    }
}

impl Mapping {
    /// Our own form, with every column that the file's header has.
    pub fn ours(header: &[&str]) -> Mapping {
        let named = |name: &str| header.contains(&name).then(|| Column::Name(name.to_owned()));
        let mut mapping = Mapping::default();
        mapping.columns = Columns {
            currency: named("currency"),
            id: named("id"),
            reference: named("reference"),
            operation_number: named("operation_number"),
            payer_identifier: named("payer_identifier"),
            payer_name: named("payer_name"),
            payer_account: named("payer_account"),
            ..mapping.columns
        };
        mapping
    }

    /// Reads a mapping's file.
    pub fn from_file(path: &Path) -> Result<Mapping, MappingError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| MappingError::Read {
            path: shown.clone(),
            source,
        })?;
        Mapping::parse(&text).map_err(|error| match error {
            NotParsed::Shape(source) => MappingError::Shape { path: shown, source },
            NotParsed::Contradiction(problem) => MappingError::Contradiction(problem),
        })
    }

    fn parse(text: &str) -> Result<Mapping, NotParsed> {
        let mapping: Mapping = toml::from_str(text).map_err(NotParsed::Shape)?;
        match mapping.contradiction() {
            Some(problem) => Err(NotParsed::Contradiction(problem)),
            None => Ok(mapping),
        }
    }

    fn contradiction(&self) -> Option<&'static str> {
        let columns = &self.columns;
        let amounts = (
            columns.amount.is_some(),
            columns.credit.is_some(),
            columns.debit.is_some(),
        );
        let problems = [
            (
                !self.delimiter.is_ascii(),
                "delimiter must be one ASCII character",
            ),
            (columns.date.is_none(), "columns.date is missing"),
            (
                !matches!(amounts, (true, false, false) | (false, true, true)),
                "columns must have amount, or credit and debit",
            ),
            (
                columns.direction.is_some() && columns.amount.is_none(),
                "columns.direction needs columns.amount",
            ),
            (
                self.thousands_sign == Some(self.decimal_sign),
                "decimal_sign and thousands_sign are the same",
            ),
            (
                !self.has_header && columns.all().any(|column| matches!(column, Column::Name(_))),
                "without a header columns are given by number",
            ),
            (
                columns.all().any(|column| *column == Column::Number(0)),
                "columns are counted from 1",
            ),
        ];
        problems
            .into_iter()
            .find(|(is_wrong, _)| *is_wrong)
            .map(|(_, problem)| problem)
    }
}

impl Columns {
    fn all(&self) -> impl Iterator<Item = &Column> {
        [
            &self.date,
            &self.time,
            &self.amount,
            &self.direction,
            &self.credit,
            &self.debit,
            &self.currency,
            &self.id,
            &self.reference,
            &self.operation_number,
            &self.payer_identifier,
            &self.payer_name,
            &self.payer_account,
        ]
        .into_iter()
        .flatten()
    }
}

enum NotParsed {
    Shape(toml::de::Error),
    Contradiction(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_docs_is_a_mapping() {
        let text = "delimiter = \";\"\nencoding = \"latin-1\"\nskip_lines = 3\ndate_format = \"%d/%m/%Y\"\n\
            decimal_sign = \",\"\nthousands_sign = \".\"\n[columns]\ndate = \"Fecha\"\ncredit = \"Abonos\"\n\
            debit = \"Cargos\"\nreference = \"Descripción\"\n";
        let mapping = Mapping::parse(text).ok().unwrap();
        assert_eq!((mapping.encoding, mapping.skip_lines), (Encoding::Latin1, 3));
        assert_eq!(mapping.columns.credit, Some(Column::Name("Abonos".into())));
        assert!(mapping.columns.amount.is_none());
    }

    #[test]
    fn a_mapping_that_can_not_be_followed_is_refused() {
        for (text, problem) in [
            ("[columns]\namount = \"a\"", "date is missing"),
            ("[columns]\ndate = \"d\"", "amount, or credit and debit"),
            (
                "[columns]\ndate = \"d\"\ncredit = \"c\"",
                "amount, or credit and debit",
            ),
            (
                "has_header = false\n[columns]\ndate = \"d\"\namount = 2",
                "by number",
            ),
            ("has_header = false\n[columns]\ndate = 0\namount = 2", "from 1"),
            (
                "decimal_sign = \",\"\nthousands_sign = \",\"\n[columns]\ndate = 1\namount = 2",
                "the same",
            ),
        ] {
            match Mapping::parse(text) {
                Err(NotParsed::Contradiction(found)) => assert!(found.contains(problem), "{found}"),
                _ => panic!("{text}"),
            }
        }
        assert!(matches!(
            Mapping::parse("delimiterr = \";\""),
            Err(NotParsed::Shape(_))
        ));
    }
}
