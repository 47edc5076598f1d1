//! `ayni keys`: the keys that seal what the database holds, and those that sign access tokens.

use std::path::{Path, PathBuf};

use ayni_crypto::master::{MASTER_KEY_VARIABLE, MasterKey};
use ayni_gateway::{keys, oauth};
use clap::Subcommand;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};

/// What is done with keys of the gateway's own.
#[derive(Subcommand)]
pub enum Action {
    /// Make a new data key and let the next signing key sign; nothing that is out stops working
    #[command(after_help = ROTATE_HELP)]
    Rotate,
    /// Let another master key open this database, and the present one no longer
    #[command(after_help = CHANGE_MASTER_HELP)]
    ChangeMaster {
        /// The new key's file, 64 hexadecimal digits; made with a new random key where it is not there
        #[arg(long, value_name = "FILE")]
        new_key_file: PathBuf,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Rotate => rotate(&config, form).await,
        Action::ChangeMaster { new_key_file } => change_master(&config, &new_key_file, form).await,
    }
}

async fn rotate(config: &Config, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let data_key = keys::rotate(&app).await?;
    let signing_key = oauth::keys::rotate(&app).await?;
    let said = json!({
        "data_key": data_key, "seals_in_s": keys::KEY_SETTLES.as_secs(), "signing_key": signing_key,
    });
    output::result(form, &said, || {
        output::line(&format!(
            "The data key {data_key} seals on every node in {} seconds; older ones still open what they sealed.",
            keys::KEY_SETTLES.as_secs()
        ));
        output::line(&format!(
            "The signing key {signing_key} signs from now on; tokens of the one before it still work."
        ));
    })
}

/// The new key lies safe in its file before the database knows it: whenever this stops, one of the two files opens it.
async fn change_master(config: &Config, file: &Path, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let master = MasterKey::read_or_create_file(file, &app.entropy)?;
    let count = keys::change_master(&app, &master).await?;
    let said = json!({ "data_keys": count, "new_key_file": file.display().to_string() });
    output::result(form, &said, || {
        output::line(&format!("{count} data keys are sealed with the new master key."));
        output::line(&format!(
            "From now on only the key in {} opens this database: start nodes and commands with it",
            file.display()
        ));
        output::line(&format!(
            "({MASTER_KEY_VARIABLE}, or master.key in the data directory). Running nodes go on until their next start."
        ));
    })
}

const CHANGE_MASTER_HELP: &str = "\
The new key is written to its file first, so that one of the two keys opens the database whenever this
stops. Restart the nodes with the new key before `ayni keys rotate`. Backups made before open with the
old key only: keep it as long as them.

Example:
  ayni keys change-master --new-key-file ayni-data/master.key.new
  mv ayni-data/master.key.new ayni-data/master.key

Exit codes: 0 changed · 1 nothing was changed";

const ROTATE_HELP: &str = "\
Running nodes learn the new data key by themselves. The master key stays as it is: `ayni keys change-master` changes it.

Example:
  ayni keys rotate";
