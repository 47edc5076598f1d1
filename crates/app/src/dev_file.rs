//! `dev.json`: what `ayni dev` tells scripts, tests and the other commands about itself. It holds secrets of a
//! developer account, so only its owner may read it; it is replaced whole, so no reader sees half of it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::values::Values;
use crate::told::Told;

/// What stands in `dev.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevFile {
    /// Where the gateway answers.
    pub gateway_url: String,
    /// Where DemoBank answers.
    pub demo_bank_url: String,
    /// Where the bill portal answers; empty in a file of before there was one.
    #[serde(default)]
    pub portal_url: String,
    /// Its database, as `--database` takes it.
    pub database: String,
    /// The developer account.
    pub receiver_id: i64,
    /// Signs its notifications.
    pub secret: String,
    /// Opens the API for it.
    pub api_key: String,
    /// Its OAuth client, which may be answered on `http://127.0.0.1:{any}/callback`; empty in a file of before there was one.
    #[serde(default)]
    pub oauth_client_id: String,
    /// The client's secret.
    #[serde(default)]
    pub oauth_client_secret: String,
    /// Where people sign in to the console; empty in a file of before there was one.
    #[serde(default)]
    pub console_url: String,
    /// Who signs in: the account's owner.
    #[serde(default)]
    pub console_email: String,
    /// With which password, as it was made; its owner may have changed it since.
    #[serde(default)]
    pub console_password: String,
}

impl DevFile {
    /// The file's path in a data directory.
    pub fn path(data_dir: &Path) -> PathBuf {
        data_dir.join("dev.json")
    }

    /// What stands in it, if it is there.
    pub fn read(data_dir: &Path) -> anyhow::Result<Option<DevFile>> {
        let path = DevFile::path(data_dir);
        let failed = |error: anyhow::Error| {
            let hint = format!(
                "delete it: `ayni dev` makes it anew, with a new API key\n(rm {})",
                path.display()
            );
            Told::new(format!("{} could not be read", path.display()), hint).because(error)
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(
                serde_json::from_str(&text).map_err(|error| failed(error.into()))?,
            )),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error.into()).into()),
        }
    }

    /// Puts it in place of the one that is there.
    pub fn write(&self, data_dir: &Path) -> anyhow::Result<()> {
        let (path, beside) = (DevFile::path(data_dir), data_dir.join(".dev.json.new"));
        let put = || -> std::io::Result<()> {
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&beside)?;
            file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            std::fs::rename(&beside, &path)
        };
        put().map_err(|error| {
            let what = format!("{} could not be written", path.display());
            Told::new(what, "make room, or name another directory with --data-dir")
                .because(error)
                .into()
        })
    }

    /// The settings that it stands for.
    pub fn values(&self) -> Values {
        let mut values = Values {
            database: Some(self.database.clone()),
            ..Values::default()
        };
        values.edge.public_url = Some(self.gateway_url.clone());
        values.tuning.demo_bank_url = Some(self.demo_bank_url.clone());
        values.tuning.portal_url = Some(self.portal_url.clone()).filter(|url| !url.is_empty());
        values
    }
}
