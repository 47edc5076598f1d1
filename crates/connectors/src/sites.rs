//! The sites that can be driven: one file of steps and one site file each. What a site looks like is data, so that an
//! operator can follow a bank's change of markup the day it happens, without a new build.

use std::path::PathBuf;

use scraper::Selector;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use crate::SiteSettings;

pub(crate) mod demo_bank;

/// Why a site can't be driven.
#[derive(Debug, thiserror::Error)]
pub enum SiteFileError {
    /// The operator's file could not be read.
    #[error("{path} could not be read")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is no TOML, lacks a key, has an unknown one, or a selector that is no CSS.
    #[error("{place} is no site file: {reason}")]
    Parse {
        /// The file's path, or its name where the built-in one is meant.
        place: String,
        /// Where and why.
        reason: String,
    },
    /// The site's address is no http or https URL.
    #[error("the address of {connector} can't be used: {reason}")]
    Address {
        /// Which connector.
        connector: &'static str,
        /// Why.
        reason: String,
    },
    /// No client could be made for the site.
    #[error(transparent)]
    Client(#[from] ayni_outbound::error::ClientError),
}

/// The site file of that name: the operator's, or else the built-in one.
pub(crate) fn read_site_file<T: DeserializeOwned>(
    settings: &SiteSettings,
    name: &str,
    built_in: &str,
) -> Result<T, SiteFileError> {
    let path = settings
        .directory
        .as_ref()
        .map(|directory| directory.join(name))
        .filter(|path| path.exists());
    let (place, text) = match path {
        None => (name.to_owned(), built_in.to_owned()),
        Some(path) => match std::fs::read_to_string(&path) {
            Ok(text) => (path.display().to_string(), text),
            Err(source) => return Err(SiteFileError::Read { path, source }),
        },
    };
    toml::from_str(&text).map_err(|error| SiteFileError::Parse {
        place,
        reason: error.to_string(),
    })
}

/// A CSS selector of a site file, checked when the file is read.
pub(crate) struct Css(pub(crate) Selector);

impl<'de> Deserialize<'de> for Css {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Css, D::Error> {
        let text = String::deserialize(deserializer)?;
        Selector::parse(&text)
            .map(Css)
            .map_err(|error| D::Error::custom(format!("{text}: {error}")))
    }
}
