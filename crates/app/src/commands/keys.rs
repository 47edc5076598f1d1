//! `ayni keys`: the keys that seal what the database holds, and those that sign access tokens.

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
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    let Action::Rotate = action;
    let app = gateway::beside(&config).await?;
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

const ROTATE_HELP: &str = "\
Running nodes learn the new data key by themselves. The master key stays as it is.

Example:
  ayni keys rotate";
