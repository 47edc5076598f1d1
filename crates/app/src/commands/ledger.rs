//! `ayni ledger`: whose the money is, the proof of it, and mending by hand.

mod check;
mod export;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_gateway::ledger::correct::{self, Correction};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};

/// What is done with the ledger.
#[derive(Subcommand)]
pub enum Action {
    /// Prove it: transactions sum to zero, balances to their postings, and all of it to what the banks say
    #[command(after_help = CHECK_HELP)]
    Check,
    /// Balances, and the newest transactions
    #[command(after_help = SHOW_HELP)]
    Show(Shown),
    /// Every posting as CSV, oldest first in each bank account
    #[command(after_help = EXPORT_HELP)]
    Export(Exported),
    /// Move money from one purpose to another, with a reason that stays
    #[command(after_help = CORRECT_HELP)]
    Correct(Corrected),
}

/// Which part is shown.
#[derive(Args)]
pub struct Shown {
    /// Of this account: its receiver_id
    #[arg(long, value_name = "ID", conflicts_with = "payment")]
    merchant: Option<i64>,
    /// Within this bank account: its uuid
    #[arg(long, value_name = "UUID", conflicts_with = "payment")]
    account: Option<String>,
    /// About this payment
    #[arg(long, value_name = "PAYMENT")]
    payment: Option<String>,
    /// At most so many transactions, and as many balances
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
}

/// What is exported, and where to.
#[derive(Args)]
pub struct Exported {
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Of this bank account alone: its uuid
    #[arg(long, value_name = "UUID")]
    account: Option<String>,
    /// Posted at or after this instant
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Posted before this instant [default: now]
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
}

/// What is moved.
#[derive(Args)]
pub struct Corrected {
    /// The bank account's uuid, as `ayni ledger show` shows it
    #[arg(long, value_name = "UUID")]
    account: String,
    /// Whose it is now: bank, suspense, fees, or with an owner as collected:990939
    #[arg(long, value_name = "PURPOSE")]
    from: String,
    /// Whose it is to be
    #[arg(long, value_name = "PURPOSE")]
    to: String,
    /// How much, in the bank account's currency
    #[arg(long, value_name = "AMOUNT")]
    amount: String,
    /// Why, for whoever reads the ledger later
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Does it; exit code 1 where the ledger does not hold.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<ExitCode> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Check => return check::run(&config, form).await,
        Action::Show(shown) => show::run(&config, shown, form).await?,
        Action::Export(exported) => export::run(&config, exported, form).await?,
        Action::Correct(corrected) => correct(&config, corrected, form).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn correct(config: &Config, asked: Corrected, form: Form) -> anyhow::Result<()> {
    let correction = Correction {
        from: purpose(&asked.from)?,
        to: purpose(&asked.to)?,
        amount: Amount::parse(&asked.amount, false)
            .with_context(|| format!("«{}» is no amount", asked.amount))?,
        account: asked.account,
        reason: asked.reason,
    };
    let (from, to, amount) = (correction.from, correction.to, correction.amount);
    let app = gateway::beside(config).await?;
    let id = correct::correct(&app, correction).await?;
    output::result(form, &json!({ "transaction": id }), || {
        output::line(&format!("{} moved from {from} to {to}: {id}", amount.plain()));
    })
}

fn purpose(text: &str) -> anyhow::Result<Purpose> {
    text.parse()
        .with_context(|| format!("«{text}» is no ledger account"))
}

const CHECK_HELP: &str = "\
Reads one snapshot, changes nothing, and runs beside a gateway. Exits with 1 and names each difference where something
does not hold.

Examples:
  ayni ledger check
  ayni ledger check --json | jq '.differences[]'";

const SHOW_HELP: &str = "\
Examples:
  ayni ledger show
  ayni ledger show --merchant 990939 --limit 100
  ayni ledger show --payment gqzdy6chjne9";

const EXPORT_HELP: &str = "\
Examples:
  ayni ledger export --to ledger.csv
  ayni ledger export --from 2026-03-01T00:00:00Z --until 2026-04-01T00:00:00Z > march.csv";

const CORRECT_HELP: &str = "\
Nothing is ever changed in the ledger: a correction is one more transaction. Nobody's money can be moved that is not
there.

Example:
  ayni ledger correct --account 5f0c… --from suspense --to collected:990939 --amount 1000 \\
      --reason 'found in the bank'\"'\"'s letter of 3 March'";
