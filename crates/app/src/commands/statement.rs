//! `ayni statement`: statements that come as files, of banks whose site is not read.

use std::fs::File;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use ayni_domain::money::Amount;
use ayni_gateway::merchants::collecting::{self, CollectingAccount};
use ayni_gateway::reconciliation::importing;
use ayni_gateway::statements::Reading;
use ayni_gateway::statements::camt::CamtReader;
use ayni_gateway::statements::delimited::DelimitedReader;
use ayni_gateway::statements::import::{self, Imported};
use ayni_gateway::statements::mapping::Mapping;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};

/// What is done with statements.
#[derive(Subcommand)]
pub enum Action {
    /// Store and match the lines of a statement's file: camt.053, or CSV
    #[command(after_help = IMPORT_HELP)]
    Import(Import),
}

/// Which file, of which account.
#[derive(clap::Args)]
pub struct Import {
    /// The statement
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The collecting account, as `account list` shows it
    #[arg(long, value_name = "UUID")]
    account: String,
    /// How the bank writes its CSV: a TOML file [default: our own form]
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// What the bank says that the account holds after the newest line: `ayni ledger check` compares it
    #[arg(long, value_name = "AMOUNT")]
    balance: Option<String>,
}

/// Does it. Exit code 3 says that some lines were rejected.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<ExitCode> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Import(args) => take_in(&config, &args, form).await,
    }
}

async fn take_in(config: &Config, args: &Import, form: Form) -> anyhow::Result<ExitCode> {
    let balance = args
        .balance
        .as_deref()
        .map(|text| Amount::parse(text, false).with_context(|| format!("«{text}» is no amount")));
    let balance = balance.transpose()?;
    let app = gateway::beside(config).await?;
    let account = collecting::find_by_uuid(&app.db, &args.account).await?;
    let shown = args.file.display();
    let file = File::open(&args.file).with_context(|| format!("{shown} could not be opened"))?;
    let bar = progress(file.metadata().map_or(0, |about| about.len()));
    let reading = reading(bar.wrap_read(file), args.mapping.as_deref(), &account)
        .with_context(|| format!("{shown} can't be read"))?;
    let imported = import::import(&app, &account, reading).await;
    bar.finish_and_clear();
    let imported = imported.with_context(|| format!("{shown} was not taken in to its end"))?;
    // A balance after lines of which some are missing would belong to others.
    if let Some(balance) = balance.filter(|_| imported.rejected == 0) {
        importing::state(&app, &account, balance).await?;
    }
    told(&imported, form)?;
    Ok(match imported.rejected {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(SOME_REJECTED),
    })
}

/// XML begins with `<`, perhaps after a byte order mark; anything else is CSV.
fn reading(
    file: impl Read + Send + 'static,
    mapping: Option<&Path>,
    account: &CollectingAccount,
) -> anyhow::Result<Reading> {
    let mut file = BufReader::new(file);
    let begin = file.fill_buf()?;
    let begin = begin.strip_prefix(b"\xef\xbb\xbf").unwrap_or(begin);
    let first = begin.iter().find(|byte| !byte.is_ascii_whitespace());
    if mapping.is_none() && first == Some(&b'<') {
        return Ok(Box::new(CamtReader::new(file, &account.number, account.currency)));
    }
    let mapping = mapping.map(Mapping::from_file).transpose()?;
    Ok(Box::new(DelimitedReader::new(file, mapping, account.currency)?))
}

/// A bar on standard error where that is a terminal, else nothing.
fn progress(bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {bytes} of {total_bytes}  {eta} left");
    match style {
        Ok(style) => ProgressBar::new(bytes).with_style(style),
        Err(_) => ProgressBar::new(bytes),
    }
}

fn told(imported: &Imported, form: Form) -> anyhow::Result<()> {
    let named = imported
        .named
        .iter()
        .map(|rejected| json!({ "line": rejected.line, "reason": rejected.reason }));
    let said = json!({
        "stored": imported.stored, "known": imported.known, "pending": imported.pending,
        "rejected": imported.rejected, "rejected_lines": named.collect::<Vec<_>>(),
    });
    output::result(form, &said, || {
        output::line(&format!(
            "{} lines stored, {} known before, {} not booked yet, {} rejected.",
            imported.stored, imported.known, imported.pending, imported.rejected
        ));
        for rejected in &imported.named {
            output::line(&format!("  line {}: {}", rejected.line, rejected.reason));
        }
        let unnamed = imported.rejected - imported.named.len() as u64;
        if unnamed > 0 {
            output::line(&format!("  and {unnamed} more"));
        }
    })
}

/// Everything that was understood is stored, but some lines were not.
const SOME_REJECTED: u8 = 3;

const IMPORT_HELP: &str = "\
Each line is stored once, however often it is imported: by the bank's id, or by all that it says and its place
among equal lines; so a file without ids must hold whole days. Lines that are not understood are named and left
out. Our own CSV has the columns date, amount and, if it likes, id, reference, operation_number, payer_identifier,
payer_name, payer_account; a bank's own is read with a mapping:

  delimiter = \";\"
  encoding = \"latin-1\"          # utf-8, latin-1 or windows-1252
  skip_lines = 3
  date_format = \"%d/%m/%Y\"
  decimal_sign = \",\"
  thousands_sign = \".\"
  [columns]
  date = \"Fecha\"
  credit = \"Abonos\"
  debit = \"Cargos\"
  reference = \"Descripción\"

Exit codes: 0 all lines taken in · 1 failed · 3 some lines rejected

Examples:
  ayni statement import cartola.xml --account 3c2e2c6e-0f57-4dd5-9c4f-1b3f6d8a90aa --balance 1250000
  ayni statement import cartola.csv --account 3c2e2c6e-0f57-4dd5-9c4f-1b3f6d8a90aa --mapping banco.toml";
