//! `ayni move`: from one place, or one engine, to another in one command.

use ayni_gateway::clock::Clock;
use ayni_store::copy::relocate;
use ayni_store::error::StoreError;
use ayni_store::location::Location;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::copying;
use crate::output::{self, Form};
use crate::place;
use crate::told::Told;

/// What `ayni move` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// An empty place: sqlite:path or postgres://user@host/name
    #[arg(long, value_name = "DATABASE", required_unless_present = "undo")]
    to: Option<String>,
    /// Open the old database again after a move, or one that was cut off: only if the new one was never used
    #[arg(long, conflicts_with = "to")]
    undo: bool,
}

/// Moves.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let config = Config::of(common)?;
    let from = place::location(&config)?;
    let Some(to) = args.to else {
        return undo(from, Form::of(common.json)).await;
    };
    let to: Location = to.parse().map_err(|error: StoreError| {
        Told::new(
            error.to_string(),
            "write sqlite:path or postgres://user:password@host/name",
        )
    })?;
    let (now, old, new) = (Clock::System.now(), from.clone(), to.clone());
    let copied = copying::aside(move |progress| relocate::relocate(&old, &new, now, progress)).await?;
    let said = json!({
        "from": from.to_string(), "to": to.to_string(), "copied": copying::described(&copied),
    });
    output::result(Form::of(common.json), &said, || {
        output::line(&format!(
            "{to}: {}, every table compared.",
            copying::counted(&copied)
        ));
        output::line(&format!(
            "{from} is closed: no ayni opens it any more. Start the gateway with --database, or `database` in ayni.toml,\n\
             set to the new one, and with the same master key."
        ));
    })
}

async fn undo(from: Location, form: Form) -> anyhow::Result<()> {
    let shown = from.to_string();
    tokio::task::spawn_blocking(move || relocate::open_again(&from))
        .await?
        .map_err(|error| {
            Told::new(
                format!("{shown} could not be opened again"),
                "was it moved at all?",
            )
            .because(error)
        })?;
    output::result(form, &json!({ "database": shown, "open": true }), || {
        output::line(&format!("{shown} is open again. Never use the other one."));
    })
}

const AFTER_HELP: &str = "\
Stop the gateways first: a database in use is refused. The old one is closed before the first row is
read and opened again if anything fails, so that never two gateways work on the same payments. Payments,
refunds and notifications that were under way go on from the new place.

Examples:
  ayni move --to postgres://ayni@db.internal/ayni
  ayni move --database postgres://ayni@db.internal/ayni --to sqlite:/var/lib/ayni/ayni.db
  ayni move --undo";
