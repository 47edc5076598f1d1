//! `ayni payouts`: transfers that no connector sends, as files for the bank.

use std::path::PathBuf;

use anyhow::Context as _;
use ayni_domain::time::wire;
use ayni_gateway::payouts::{self, Form as FileForm, PayoutFile};
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::{gateway, place};

/// What is done with files of transfers.
#[derive(Subcommand)]
pub enum Action {
    /// Write the transfers that wait on a collecting account into a file, or an earlier file again
    #[command(after_help = FILE_HELP)]
    File(File),
    /// The files that were made, newest first
    #[command(after_help = "Example:\n  ayni payouts list --json")]
    List {
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
    },
}

/// Which file, and where to.
#[derive(clap::Args)]
pub struct File {
    /// The collecting account whose transfers wait, as `account list` shows it
    #[arg(long, value_name = "UUID", required_unless_present = "again")]
    account: Option<String>,
    /// Write this file again, as `payouts list` shows it
    #[arg(long, value_name = "ID", conflicts_with = "account")]
    again: Option<String>,
    /// pain.001 (ISO 20022) or csv
    #[arg(long, value_enum, default_value_t = As::Pain001)]
    form: As,
    /// Where to; - writes to standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum As {
    /// ISO 20022 pain.001.001.09.
    #[value(name = "pain.001")]
    Pain001,
    /// A table.
    Csv,
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::File(file) => write(&config, file, form).await,
        Action::List { limit } => list(&config, limit, form).await,
    }
}

async fn write(config: &Config, file: File, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let id = match (&file.again, &file.account) {
        (Some(id), _) => Some(id.clone()),
        (None, Some(account)) => payouts::make(&app, account).await?.map(|made| made.id),
        (None, None) => None,
    };
    let Some(id) = id else {
        return output::result(form, &json!({ "file": Value::Null }), || {
            output::line("No transfer waits: no file was made.");
        });
    };
    let loaded = payouts::load(&app.db, &id).await?;
    let as_asked = match file.form {
        As::Pain001 => FileForm::Pain001,
        As::Csv => FileForm::Csv,
    };
    let text = payouts::write(&app, &loaded, as_asked)?;
    if file.out.as_os_str() == "-" {
        output::line(text.trim_end_matches('\n'));
        return Ok(());
    }
    std::fs::write(&file.out, text).with_context(|| {
        let out = file.out.display();
        format!("{out} could not be written; the file is kept: ayni payouts file --again {id} --out {out}")
    })?;
    output::result(form, &json!({ "file": described(&loaded.file) }), || {
        output::line(&format!(
            "{} transfers, {} {} in all, are in {} (file {id}). Hand it to the bank.",
            loaded.file.orders,
            loaded.from.currency.code(),
            loaded.file.total.plain(),
            file.out.display(),
        ));
    })
}

async fn list(config: &Config, limit: u32, form: Form) -> anyhow::Result<()> {
    let files = payouts::list(&place::open_db(config, place::small())?, limit).await?;
    let said = json!({ "files": files.iter().map(described).collect::<Vec<_>>() });
    output::result(form, &said, || {
        let row = |file: &PayoutFile| {
            vec![
                file.id.clone(),
                wire(file.made_at),
                file.orders.to_string(),
                file.total.plain(),
                file.execute_on.to_string(),
            ]
        };
        let rows: Vec<_> = files.iter().map(row).collect();
        output::table(
            &["FILE", "MADE", "TRANSFERS", "TOTAL", "EXECUTE ON"],
            &rows,
            "No files.",
        );
    })
}

fn described(file: &PayoutFile) -> Value {
    json!({
        "id": file.id, "collecting_id": file.collecting_id, "orders": file.orders,
        "total": file.total.to_string(), "made_at": wire(file.made_at), "execute_on": file.execute_on.to_string(),
    })
}

const FILE_HELP: &str = "\
A transfer stands in one file only; the same file can be written again, in either form. Each carries its id as
comment, by which its debit is known on the statement.

Examples:
  ayni payouts file --account 3c2e2c6e-0f57-4dd5-9c4f-1b3f6d8a90aa --out today.xml
  ayni payouts file --again 5f0c2f9b7a1d4e0d8f3b6c1a2d3e4f50 --form csv --out today.csv";
