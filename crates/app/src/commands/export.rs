//! `ayni export`: everything in the database as one portable file.

use std::path::PathBuf;

use ayni_gateway::clock::Clock;
use ayni_store::copy::export;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::copying;
use crate::output::{self, Form};
use crate::place;

/// What `ayni export` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// A new file
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

/// Writes it.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let config = Config::of(common)?;
    let location = place::location(&config)?;
    drop(place::open_db(&config, place::small())?);
    let (now, to) = (Clock::System.now(), args.to.clone());
    let copied = copying::aside(move |progress| export::export(&location, &to, now, progress)).await?;
    let said = json!({ "file": args.to, "copied": copying::described(&copied) });
    output::result(Form::of(common.json), &said, || {
        output::line(&format!("{}: {}.", args.to.display(), copying::counted(&copied)));
        output::line("The master key is not in it. Payers' names, RUTs and e-mails are, in clear.");
    })
}

const AFTER_HELP: &str = "\
One snapshot, while gateways go on; either engine takes it in (`ayni import`). The file is JSON, line by
line, and says at its end what it holds: docs/portable-format.md describes it.

Example:
  ayni export ayni.ayni";
