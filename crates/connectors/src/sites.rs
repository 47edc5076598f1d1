//! The sites that can be driven, one file each, and their site files.

use std::path::PathBuf;

pub(crate) mod demo_bank;

/// Why a site file can't be used.
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
    /// It is no TOML, lacks a key, or has one that is not known.
    #[error("{place} is no site file: {reason}")]
    Parse {
        /// The file's path, or `built-in <name>`.
        place: String,
        /// Where and why.
        reason: String,
    },
    /// An address, a selector or a pattern in it can't be used.
    #[error("{place}: {key} can't be used: {reason}")]
    Value {
        /// The file's path, or `built-in <name>`.
        place: String,
        /// Which key.
        key: String,
        /// Why.
        reason: String,
    },
    /// No client could be made for the site.
    #[error(transparent)]
    Client(#[from] ayni_outbound::error::ClientError),
}
