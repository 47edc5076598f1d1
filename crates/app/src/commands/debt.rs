//! `ayni debt`: what a client owes a company, as `consult-debt` at Servipag answers it.

use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_gateway::institutions::visit::Errand;
use ayni_gateway::merchants::accounts;
use ayni_gateway::operations::commands;
use serde_json::Value;

use super::payment::account_of;
use crate::cli::Common;
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};
use crate::told::Told;

/// What `ayni debt` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The company, by its name or a usual other one
    #[arg(value_name = "COMPANY")]
    company: String,
    /// The client's identifier at the company
    #[arg(value_name = "CLIENT")]
    client: String,
    /// In whose name it is asked: a receiver_id [default: the account of ayni dev]
    #[arg(long, value_name = "ID")]
    account: Option<i64>,
}

/// Asks and prints; an `ERROR` is a failure.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    let account: AccountId = account_of(&config, args.account)?;
    let app = gateway::beside(&config).await?;
    accounts::find(&app.db, account).await?;
    let site = app.sites.at(SERVIPAG).ok_or_else(|| {
        Told::new(
            "Servipag's site has no address",
            "run `ayni dev`, or set portal_url, or base_url in servipag.com.toml of sites_dir",
        )
    })?;
    let arguments = [
        ("EnterpriseName", args.company),
        ("ClientIdentifier", args.client),
    ];
    let errand = Errand {
        operation: "consult-debt".to_owned(),
        arguments: arguments.map(|(name, value)| (name.to_owned(), value)).into(),
    };
    let answer = commands::ask(&app, account, site, errand, Lang::En).await?;
    let envelope: Value = serde_json::from_slice(&answer)?;
    if envelope["Status"] == "ERROR" {
        let said = format!(
            "{} {}",
            envelope["Error"]["Code"].as_str().unwrap_or_default(),
            envelope["Error"]["Description"].as_str().unwrap_or_default()
        );
        let hint = format!("its type says how to go on: {}", envelope["Error"]["Type"]);
        return Err(Told::new(said, hint).into());
    }
    output::result(form, &envelope, || {
        let debt = &envelope["Data"]["Debt"];
        let shown = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        output::facts(&[
            ("pending debt", shown(&debt["PendingDebt"])),
            ("due", shown(&debt["DueDate"])),
            ("note", shown(&envelope["AdditionalInformation"])),
            ("operation", shown(&envelope["OperationId"])),
        ]);
    })
}

const SERVIPAG: &str = "com/services/servipag.com";

const AFTER_HELP: &str = "\
It visits the site from here, beside a gateway that may be running.

Examples:
  ayni debt \"Aguas Andinas\" 25252525
  ayni debt \"Aguas Andinas\" 25252525 --json | jq .Data.Debt";
