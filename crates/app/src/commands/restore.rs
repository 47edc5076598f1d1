//! `ayni restore` and `ayni import`: a database is made of a backup or a portable file, in an empty place, and holds
//! whatever might be done twice.

use std::path::PathBuf;

use ayni_gateway::clock::Clock;
use ayni_gateway::restorations;
use ayni_store::copy::{backup, import};
use ayni_store::location::Location;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::copying;
use crate::output::{self, Form};
use crate::place;

/// What `ayni restore` takes.
#[derive(clap::Args)]
#[command(after_help = RESTORE_HELP)]
pub struct Restore {
    /// A file of `ayni backup` or `ayni export`
    #[arg(value_name = "FILE")]
    from: PathBuf,
}

/// What `ayni import` takes.
#[derive(clap::Args)]
#[command(after_help = IMPORT_HELP)]
pub struct Import {
    /// A file of `ayni export`
    #[arg(value_name = "FILE")]
    from: PathBuf,
}

/// Restores.
pub async fn restore(common: &Common, args: Restore) -> anyhow::Result<()> {
    run(common, args.from, false).await
}

/// Imports.
pub async fn import(common: &Common, args: Import) -> anyhow::Result<()> {
    run(common, args.from, true).await
}

async fn run(common: &Common, from: PathBuf, portable_only: bool) -> anyhow::Result<()> {
    let config = Config::of(common)?;
    let location = place::location(&config)?;
    if let Location::Sqlite(path) = &location
        && path.starts_with(&config.data_dir)
    {
        config.make_data_dir()?;
    }
    let (now, to) = (Clock::System.now(), location.clone());
    let copied = copying::aside(move |progress| {
        let hold = move |tx: &mut ayni_store::tx::Tx<'_>| restorations::note(tx, now);
        match portable_only {
            true => import::import(&from, &to, now, &hold, progress),
            false => backup::restore(&from, &to, now, &hold, progress),
        }
    })
    .await?;
    let said = json!({
        "database": location.to_string(), "copied": copying::described(&copied), "money_held": true,
    });
    output::result(Form::of(common.json), &said, || {
        output::line(&format!(
            "{location}: {}, as in the file.",
            copying::counted(&copied)
        ));
        output::line(
            "Money that leaves is held: something may have been sent after the copy was taken. Start the gateway,\n\
             let it read the statements, and go through `ayni orders held`. The master key of the copy is needed.",
        );
    })
}

const RESTORE_HELP: &str = "\
Only into an empty place: a file that is not there, or a database without tables. The file is compared
with its .sha256 where that lies beside it, and everything is read again afterwards. An older schema is
brought to this version's.

A restored database does not know what was sent after the backup. So no order leaves until you say
`ayni orders release-held`, payers' attempts that were under way have ended, and payments of before wait
for the next reading of the statement before anybody can authorise a transfer for them.

Examples:
  ayni restore /var/backups/ayni/ayni-20260302T150000Z.db --database sqlite:/var/lib/ayni/ayni.db
  ayni restore backup.ayni --database postgres://ayni@db.internal/ayni";

const IMPORT_HELP: &str = "\
As `ayni restore`, for portable files. To carry a gateway that is stopped to another database use `ayni
move`, which holds nothing back.

Example:
  ayni import ayni.ayni --database postgres://ayni@db.internal/ayni";
