//! The banks that payers can choose, as data that an operator can replace without a new build.
//!
//! A bank's limits decide which banks a payment's page offers and what `GET /v3/predict` answers; they never
//! refuse a payment's creation. A bank without a connector offers the manual transfer only.

pub mod api;
#[cfg(test)]
mod api_tests;
mod logo;
mod predict;
mod sql;

use std::path::{Path, PathBuf};

use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_domain::privilege::Mode;
use rust_embed::RustEmbed;
use serde::{Deserialize, Deserializer};
use thiserror::Error;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// One bank, as its file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// At most five characters; `bank_id` of the wire.
    pub id: String,
    /// Shown to payers.
    pub name: String,
    /// Shown beside the name in the chooser; may be empty.
    pub message: String,
    /// The same in English; empty where there is only one.
    #[serde(default)]
    pub message_en: String,
    /// The least amount the bank transfers.
    #[serde(deserialize_with = "amount")]
    pub min_amount: Amount,
    /// The most it transfers at once.
    #[serde(deserialize_with = "amount")]
    pub max_amount: Amount,
    /// The most it transfers to a payee that the payer never paid before.
    #[serde(deserialize_with = "amount")]
    pub new_payee_max_amount: Amount,
    /// Hours until a new payee is an ordinary one.
    pub new_payee_cool_down_h: u32,
    /// `Persona` or `Empresa`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of the bank it is a brand of; empty for none.
    pub parent: String,
    /// Whether it is the sandbox's: seen by developer accounts only.
    pub development: bool,
    /// The site that is driven for it; absent: manual transfers only.
    pub connector: Option<String>,
}

impl Bank {
    /// What is shown beside its name to a reader of this language.
    pub fn message_in(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.message_en.is_empty() => &self.message_en,
            _ => &self.message,
        }
    }
}

/// All banks, in the order they are offered.
#[derive(Clone, Debug)]
pub struct Banks(Vec<Bank>);

/// Why the banks' files could not be used.
#[derive(Debug, Error)]
pub enum BanksError {
    /// A file could not be read.
    #[error("{path}: {source}")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not a bank's.
    #[error("{path}: {problem}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

impl Banks {
    /// The banks that are shipped with the program.
    pub fn shipped() -> Result<Banks, BanksError> {
        let files = Shipped::iter().filter_map(|name| {
            let file = Shipped::get(&name)?;
            Some((
                PathBuf::from(name.as_ref()),
                String::from_utf8_lossy(&file.data).into_owned(),
            ))
        });
        Banks::parse(files)
    }

    /// The banks of an operator's folder of `*.toml` files, in place of the shipped ones.
    pub fn from_folder(folder: &Path) -> Result<Banks, BanksError> {
        let read = |path: &Path, source| BanksError::Read {
            path: path.to_owned(),
            source,
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|error| read(folder, error))? {
            let path = entry.map_err(|error| read(folder, error))?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let text = std::fs::read_to_string(&path).map_err(|error| read(&path, error))?;
                files.push((path, text));
            }
        }
        Banks::parse(files.into_iter())
    }

    fn parse(files: impl Iterator<Item = (PathBuf, String)>) -> Result<Banks, BanksError> {
        let mut banks: Vec<Bank> = Vec::new();
        for (path, text) in files {
            let invalid = |problem: String| BanksError::Invalid {
                path: path.clone(),
                problem,
            };
            let bank: Bank = toml::from_str(&text).map_err(|error| invalid(error.to_string()))?;
            if bank.id.is_empty() || bank.id.chars().count() > MAX_ID_CHARS {
                return Err(invalid(format!("id must have 1 to {MAX_ID_CHARS} characters")));
            }
            if banks.iter().any(|other| other.id == bank.id) {
                return Err(invalid(format!("another file has the id {}", bank.id)));
            }
            banks.push(bank);
        }
        banks.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(Banks(banks))
    }

    /// The bank of this id, whoever may see it.
    pub fn find(&self, id: &str) -> Option<&Bank> {
        self.0.iter().find(|bank| bank.id == id)
    }

    /// The banks that accounts of this mode see.
    pub fn seen_by(&self, mode: Mode) -> impl Iterator<Item = &Bank> {
        self.0
            .iter()
            .filter(move |bank| bank.development == (mode == Mode::Developer))
    }
}

fn amount<'de, D: Deserializer<'de>>(text: D) -> Result<Amount, D::Error> {
    let text = String::deserialize(text)?;
    Amount::parse(&text, false).map_err(serde::de::Error::custom)
}

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/banks"]
struct Shipped;

const MAX_ID_CHARS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_bank_file_is_a_bank_and_developers_see_demo_bank_only() {
        let banks = Banks::shipped().unwrap();
        let seen: Vec<&str> = banks
            .seen_by(Mode::Developer)
            .map(|bank| bank.name.as_str())
            .collect();
        assert_eq!(seen, ["DemoBank"]);
        assert!(banks.seen_by(Mode::Live).count() >= 10);
        assert!(banks.seen_by(Mode::Live).all(|bank| bank.id != "Bawdf"));
    }
    #[test]
    fn a_bank_speaks_the_readers_language_where_it_has_it() {
        let banks = Banks::shipped().unwrap();
        let demo = banks.find("Bawdf").unwrap();
        assert!(demo.message_in(Lang::Es).starts_with("Banco de pruebas"));
        assert!(demo.message_in(Lang::En).starts_with("Test bank"));
        let said_once = Bank {
            message_en: String::new(),
            ..demo.clone()
        };
        assert_eq!(said_once.message_in(Lang::En), demo.message);
    }
}
