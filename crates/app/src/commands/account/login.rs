//! `ayni account login`: a bank login that was changed at the bank is changed here too, and readings go on.

use std::path::PathBuf;

use ayni_domain::rut::Rut;
use ayni_gateway::merchants::collecting;
use serde_json::Value;

use super::{bank_login, described};
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};
use crate::told::Told;

/// What `ayni account login` takes.
#[derive(clap::Args)]
pub struct Args {
    /// The collecting account, as `account list` shows it
    #[arg(value_name = "UUID")]
    uuid: String,
    /// The RUT that logs in [default: it is asked for, or the first line of the file]
    #[arg(long, value_name = "RUT")]
    rut: Option<String>,
    /// File with the bank login: two lines, RUT and password, or the password alone with --rut; - reads standard input
    #[arg(long, value_name = "FILE")]
    login_file: Option<PathBuf>,
}

/// Replaces it. A login that the bank refuses is not stored; one that can't be tried now is.
pub async fn run(config: &Config, args: Args, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let account = collecting::find_by_uuid(&app.db, &args.uuid).await?;
    let bank = app.banks.find(&account.bank_id);
    let connector = bank.and_then(|bank| bank.connector.as_deref());
    if connector.and_then(|name| app.connectors.for_bank(name)).is_none() {
        let what = format!("no connector reads the statements of bank {}", account.bank_id);
        return Err(Told::new(what, "a login would not be used: none is stored").into());
    }
    let rut = args.rut.as_deref();
    if let Some(rut) = rut
        && Rut::parse(rut).is_err()
    {
        return Err(Told::new(format!("«{rut}» is no RUT"), "write it as 44.444.444-4").into());
    }
    let login = match &args.login_file {
        Some(path) => bank_login::read(path, rut)?,
        None => bank_login::ask(bank.map_or("the bank", |bank| &bank.name), rut)?,
    };
    let untried = bank_login::attempt(&app, connector, &login, &account.number).await?;
    let stored = collecting::replace_login(&app, account, &login).await?;
    let mut said = described(&stored);
    said["tried"] = Value::from(untried.is_none());
    output::result(form, &said, || {
        let reading = "its statement is read with it from now on";
        output::line(&match untried {
            None => format!("The bank let this login in; {reading}."),
            Some(error) => format!("The login is stored untried, since {error}; {reading}."),
        });
    })
}

/// What `--help` says at the end.
pub const AFTER_HELP: &str = "\
The login is asked for on the terminal, tried at the bank and stored sealed. One that the bank refuses
is not stored; while the bank can't be reached it is stored untried.

Examples:
  ayni account login 3c2e2c6e-0f57-4dd5-9c4f-1b3f6d8a90aa --rut 44.444.444-4
  printf '44.444.444-4\\n1234\\n' | ayni account login 3c2e2c6e-0f57-4dd5-9c4f-1b3f6d8a90aa --login-file -";
