//! The sites that can be driven: one file of steps and one site file each. What a site looks like is data, so that an
//! operator can follow a bank's change of markup the day it happens, without a new build.

use std::path::PathBuf;

use scraper::Selector;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use url::Url;

use crate::SiteSettings;

pub(crate) mod demo_bank;
pub(crate) mod servipag;
mod watched;

/// What `cargo xtask new-connector` begins with, compiled and tested like any other.
#[cfg(test)]
#[path = "../skeleton/ejemplo.rs"]
mod ejemplo;

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
    /// Neither the settings nor the file say where the site is, so it is not driven.
    #[error("nobody says where {connector} is")]
    NoAddress {
        /// Which connector.
        connector: &'static str,
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
    let path = settings.directory.as_ref().map(|directory| directory.join(name));
    let (place, text) = match path.filter(|path| path.exists()) {
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

/// The site's address, from the settings or else from its file.
pub(crate) fn site_address(
    settings: &SiteSettings,
    connector: &'static str,
    in_file: Option<&String>,
) -> Result<Url, SiteFileError> {
    let address = settings.base_urls.get(connector).or(in_file);
    let address = address.ok_or(SiteFileError::NoAddress { connector })?;
    let refused = |reason| SiteFileError::Address { connector, reason };
    let base = Url::parse(address).map_err(|error| refused(error.to_string()))?;
    if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
        return Err(refused("it is neither http nor https".to_owned()));
    }
    Ok(base)
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
