//! `ayni sandbox`: DemoBank and the bill portal as processes of their own, the bank's book, and transfers made by hand.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_sandbox::book::{self, BookEntry};
use clap::Subcommand;
use serde_json::json;

use super::dev::sites::{open_bank, open_portal};
use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{logs, run, stop};

/// What is done with the sandbox's sites.
#[derive(Subcommand)]
pub enum Action {
    /// Run DemoBank alone, on its file in the data directory
    #[command(after_help = BANK_HELP)]
    DemoBank {
        /// Port on 127.0.0.1; 0: any that is free
        #[arg(long, value_name = "N", default_value_t = 8081)]
        port: u16,
    },
    /// Run the bill portal alone; it stores nothing
    #[command(after_help = PORTAL_HELP)]
    Portal {
        /// Port on 127.0.0.1; 0: any that is free
        #[arg(long, value_name = "N", default_value_t = 8082)]
        port: u16,
    },
    /// Every transfer that moved money, oldest first, from DemoBank's file
    #[command(
        after_help = "It may be read while the bank runs.\n\nExamples:\n  ayni sandbox book\n  ayni sandbox book --json | jq '.operations | length'"
    )]
    Book,
    /// Transfer by hand, as a payer at the bank would
    #[command(after_help = TRANSFER_HELP)]
    Transfer(Transfer),
}

/// A transfer by hand.
#[derive(clap::Args)]
pub struct Transfer {
    /// The payer's RUT
    #[arg(long, value_name = "RUT", default_value = "11.111.111-1")]
    rut: String,
    /// Number of the account at DemoBank that is paid
    #[arg(long, value_name = "NUMBER")]
    to: String,
    /// How much
    #[arg(long, value_name = "AMOUNT")]
    amount: String,
    /// In which currency
    #[arg(long, value_name = "CODE", default_value = "CLP")]
    currency: String,
    /// What the payer writes: a payment's id, for instance
    #[arg(long, value_name = "TEXT", default_value = "")]
    comment: String,
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::DemoBank { port } => demo_bank(&config, port, form).await,
        Action::Portal { port } => portal(&config, port, form).await,
        Action::Book => book(&config, form),
        Action::Transfer(order) => transfer(&config, &order, form).await,
    }
}

async fn demo_bank(config: &Config, port: u16, form: Form) -> anyhow::Result<()> {
    logs::start(config)?;
    let listener = run::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), "--port").await?;
    config.make_data_dir()?;
    let bank = open_bank(config)?;
    let (url, stop) = (format!("http://{}", listener.local_addr()?), stop::on_signal()?);
    output::result(form, &json!({ "demo_bank_url": url }), || {
        output::line(&format!(
            "DemoBank is ready on {url}: any valid RUT, password 1234. Ctrl-C stops it."
        ));
        output::line(&format!("A gateway that uses it: ayni dev --demo-bank-url {url}"));
    })?;
    let asked = stop.clone();
    let serving = bank.serve(listener, async move { asked.cancelled().await });
    tokio::select! {
        served = serving => Ok(served?),
        () = run::after(&stop, DRAIN_MAX) => Ok(()),
    }
}

async fn portal(config: &Config, port: u16, form: Form) -> anyhow::Result<()> {
    logs::start(config)?;
    let listener = run::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), "--port").await?;
    let portal = open_portal()?;
    let (url, stop) = (format!("http://{}", listener.local_addr()?), stop::on_signal()?);
    output::result(form, &json!({ "portal_url": url }), || {
        output::line(&format!(
            "The bill portal is ready on {url}; {url}/pruebas shows what it can do. Ctrl-C stops it."
        ));
        output::line(&format!("A gateway that uses it: ayni dev --portal-url {url}"));
    })?;
    let serving = portal.serve(listener, stop.clone().cancelled_owned());
    tokio::select! {
        served = serving => Ok(served?),
        () = run::after(&stop, DRAIN_MAX) => Ok(()),
    }
}

fn book(config: &Config, form: Form) -> anyhow::Result<()> {
    let path = config.file("demo-bank.db");
    if !path.exists() {
        let hint = "`ayni dev` or `ayni sandbox demo-bank` makes it; is --data-dir right?";
        return Err(Told::new(format!("DemoBank has no file at {}", path.display()), hint).into());
    }
    let entries = book::read(&path)?;
    let row = |entry: &BookEntry| {
        vec![
            entry.operation.clone(),
            ayni_domain::time::wire(entry.at),
            entry.origin.clone(),
            entry.destination.clone(),
            format!("{} {}", entry.currency.code(), entry.amount.plain()),
            entry.state.clone(),
            entry.comment.clone(),
        ]
    };
    output::result(form, &json!({ "operations": entries }), || {
        let rows: Vec<_> = entries.iter().map(row).collect();
        let header = ["OPERATION", "AT", "FROM", "TO", "AMOUNT", "STATE", "COMMENT"];
        output::table(&header, &rows, "No transfer yet.");
    })
}

async fn transfer(config: &Config, order: &Transfer, form: Form) -> anyhow::Result<()> {
    let rut = Rut::parse(&order.rut).with_context(|| format!("«{}» is no RUT", order.rut))?;
    let amount =
        Amount::parse(&order.amount, false).with_context(|| format!("«{}» is no amount", order.amount))?;
    let currency: Currency = order
        .currency
        .parse()
        .with_context(|| format!("«{}» is no currency of ours", order.currency))?;
    let bank = open_bank(config)?;
    let done = bank
        .transfer_by_hand(rut, &order.to, amount, currency, &order.comment)
        .await?;
    let operation = done.map_err(|refusal| {
        let hint = "`ayni account list --account ID` shows the numbers that can be paid";
        Told::new("DemoBank refused the transfer", hint).because(refusal)
    })?;
    output::result(form, &json!({ "operation": operation }), || {
        output::line(&format!("Transferred: operation {operation}."));
    })
}

/// How long the last requests are waited for.
const DRAIN_MAX: std::time::Duration = std::time::Duration::from_secs(5);

const BANK_HELP: &str = "\
Any valid RUT is a customer with password 1234. Coordinates 11 22 33 succeed, 99 99 99 are refused,
66 66 66 give no clear answer (the money moves if the RUT's check digit is odd).

Example:
  ayni sandbox demo-bank --port 9100 --data-dir /tmp/bank";

const PORTAL_HELP: &str = "\
Aguas Andinas, 25252525 owes $15.340. Any valid RUT logs in with password wxyz1234!@#$.
Its page /pruebas lists the identifiers and RUTs that make it fail, each in its own way.

Example:
  ayni sandbox portal --port 9200";

const TRANSFER_HELP: &str = "\
It works while the bank runs, too.

Example:
  ayni sandbox transfer --to 000000000000444444444 --amount 1000 --comment gqzdy6chjne9";
