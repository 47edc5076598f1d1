//! `ayni backup`: keeps the database while gateways go on, and proves the copy before it gets its name.

use std::path::PathBuf;
use std::process::ExitCode;

use ayni_gateway::clock::Clock;
use ayni_gateway::ledger::check;
use ayni_store::copy::backup;
use ayni_store::db::Db;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::copying;
use crate::output::{self, Form};
use crate::place;

/// What `ayni backup` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// A new file, or a folder in which one gets a name by the time
    #[arg(value_name = "DIR|FILE")]
    to: PathBuf,
}

/// Takes it; exit code 1 where the ledger of the copy does not hold.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::of(common)?;
    let location = place::location(&config)?;
    drop(place::open_db(&config, place::small())?);
    let now = Clock::System.now();
    let named = match args.to.is_dir() {
        true => args.to.join(format!(
            "ayni-{}.{}",
            now.strftime("%Y%m%dT%H%M%SZ"),
            backup::extension(&location)
        )),
        false => args.to,
    };
    let to = named.clone();
    let taken = copying::aside(move |progress| backup::take(&location, &to, now, progress)).await?;
    let report = check::check(&Db::open_to_read(&taken.location(), place::small())?).await?;
    let copied = taken.copied.clone();
    let sha256 = copying::aside(move |_| taken.keep()).await?;
    let said = json!({
        "file": named, "sha256": sha256, "copied": copying::described(&copied),
        "ledger": { "ok": report.is_clean(), "transactions": report.transactions },
        "holds_master_key": false,
    });
    output::result(Form::of(common.json), &said, || {
        output::line(&format!("{}: {}.", named.display(), copying::counted(&copied)));
        output::line(&format!(
            "Read again and whole; {} transactions of its ledger {}.",
            report.transactions,
            if report.is_clean() {
                "hold"
            } else {
                "DO NOT HOLD: `ayni ledger check` says where"
            }
        ));
        output::line(&format!("SHA-256 {sha256}, also in {}.sha256.", named.display()));
        output::line(
            "The master key is not in it: keep a copy of that apart. Payers' names, RUTs and e-mails are, in clear.",
        );
    })?;
    Ok(match report.is_clean() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

const AFTER_HELP: &str = "\
Gateways go on meanwhile: what is kept is the database as it was at one instant. SQLite is kept as a
database file, PostgreSQL as a portable file (`ayni export`); `ayni restore` takes either, on either
engine. The copy is opened, read to its end and its ledger checked before it gets its name. Nothing is
written over. The master key is never in it.

Examples:
  ayni backup /var/backups/ayni
  ayni backup --database postgres://ayni@db.internal/ayni /var/backups/ayni";
