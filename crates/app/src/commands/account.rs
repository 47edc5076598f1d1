//! `ayni account`: the bank accounts on which money arrives. A bank login is asked for on the terminal or read from a
//! file, never given as a flag, where other users of the machine and the shell's history would see it.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use ayni_connectors::statement::BankLogin;
use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;
use ayni_domain::rut::Rut;
use ayni_gateway::app::Shared;
use ayni_gateway::merchants::accounts;
use ayni_gateway::merchants::collecting::{self, CollectingAccount, NewCollectingAccount};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{gateway, place};

/// What is done with collecting accounts.
#[derive(Subcommand)]
pub enum Action {
    /// Add a bank account on which an account's money arrives
    #[command(after_help = ADD_HELP)]
    Add(Box<New>),
    /// An account's collecting accounts
    #[command(after_help = "Example:\n  ayni account list --account 990939")]
    List {
        /// Whose: a receiver_id
        #[arg(long, value_name = "ID")]
        account: i64,
    },
}

/// What is said of a new one.
#[derive(clap::Args)]
pub struct New {
    /// Whose: a receiver_id
    #[arg(long, value_name = "ID")]
    account: i64,
    /// The bank's id, as in GET /v3/banks
    #[arg(long, value_name = "BANK_ID")]
    bank: String,
    /// Its one currency
    #[arg(long, value_name = "CODE", default_value = "CLP")]
    currency: String,
    /// Its number, as the bank writes it
    #[arg(long, value_name = "NUMBER")]
    number: String,
    /// The holder's name
    #[arg(long, value_name = "NAME")]
    holder_name: String,
    /// The holder's RUT
    #[arg(long, value_name = "RUT")]
    holder_rut: String,
    /// Where the bank may write to the holder [default: the account's e-mail]
    #[arg(long, value_name = "EMAIL")]
    holder_email: Option<String>,
    /// File with the bank login: two lines, RUT and password; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "no_login")]
    login_file: Option<PathBuf>,
    /// Store no login: this account's statement is not read
    #[arg(long)]
    no_login: bool,
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Add(new) => add(&config, *new, form).await,
        Action::List { account } => list(&config, AccountId(account), form).await,
    }
}

async fn add(config: &Config, new: New, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let owner = accounts::find(&app.db, AccountId(new.account)).await?;
    let Some(bank) = app.banks.seen_by(owner.mode).find(|bank| bank.id == new.bank) else {
        let known: Vec<&str> = app
            .banks
            .seen_by(owner.mode)
            .map(|bank| bank.id.as_str())
            .collect();
        let what = format!("there is no bank «{}» for account {}", new.bank, owner.id);
        return Err(Told::new(what, format!("the banks are: {}", known.join(", "))).into());
    };
    let is_driven = bank
        .connector
        .as_deref()
        .is_some_and(|name| app.connectors.for_bank(name).is_some());
    let login = match (new.no_login, &new.login_file) {
        (true, _) => None,
        (false, Some(path)) => Some(login_in(path)?),
        (false, None) if is_driven => Some(ask_login(&bank.name)?),
        (false, None) => None,
    };
    let row = checked(&new, &owner)?;
    if let Some(login) = &login {
        try_login(&app, bank.connector.as_deref(), login, &new.number).await?;
    }
    let added = collecting::add(&app, row, login.as_ref()).await?;
    output::result(form, &described(&added), || {
        output::line(&format!(
            "Account {} collects {} on {} {}.",
            new.account,
            added.currency.code(),
            bank.name,
            added.number
        ));
        match added.has_login {
            true => output::line("Its login is sealed; its statement is read from now on."),
            false => {
                output::line("No login is stored: its statement is not read, payments on it are not seen.");
            }
        }
    })
}

fn checked(new: &New, owner: &ayni_gateway::merchants::Account) -> anyhow::Result<NewCollectingAccount> {
    let currency: Currency = new
        .currency
        .parse()
        .with_context(|| format!("«{}» is no currency of ours", new.currency))?;
    let holder = Rut::parse(&new.holder_rut).with_context(|| format!("«{}» is no RUT", new.holder_rut))?;
    Ok(NewCollectingAccount {
        account: owner.id,
        bank_id: new.bank.clone(),
        currency,
        number: new.number.clone(),
        holder_name: new.holder_name.clone(),
        holder_identifier: holder.plain(),
        holder_email: new.holder_email.clone().unwrap_or_else(|| owner.email.clone()),
    })
}

/// Tries the login before it is stored: a wrong one would only show when payments are not seen.
async fn try_login(
    app: &Shared,
    connector: Option<&str>,
    login: &BankLogin,
    number: &str,
) -> anyhow::Result<()> {
    let Some(site) = connector.and_then(|name| app.connectors.for_bank(name)) else {
        return Ok(());
    };
    let hint = "check RUT and password at the bank's own site; --no-login stores the account without it";
    let seen = site
        .accounts(login)
        .await
        .map_err(|error| Told::new("the bank did not let this login in", hint).because(error))?;
    if !seen.iter().any(|account| account.number == number) {
        let numbers: Vec<&str> = seen.iter().map(|account| account.number.as_str()).collect();
        let what = format!("this login has no account {number}");
        return Err(Told::new(what, format!("its accounts are: {}", numbers.join(", "))).into());
    }
    Ok(())
}

fn login_in(path: &Path) -> anyhow::Result<BankLogin> {
    let text = match path.to_str() {
        Some("-") => std::io::read_to_string(std::io::stdin()),
        _ => std::fs::read_to_string(path),
    };
    let text =
        zeroize::Zeroizing::new(text.with_context(|| format!("{} could not be read", path.display()))?);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next()) {
        (Some(rut), Some(password)) => Ok(BankLogin {
            rut: rut.to_owned(),
            password: password.to_owned(),
        }),
        _ => Err(Told::new(
            format!("{} holds no bank login", path.display()),
            "write two lines: RUT, password",
        )
        .into()),
    }
}

fn ask_login(bank: &str) -> anyhow::Result<BankLogin> {
    if !std::io::stdin().is_terminal() {
        let hint =
            "--login-file FILE (or - for standard input) with two lines, RUT and password; or --no-login";
        return Err(Told::new(format!("{bank}'s login is needed to read the statement"), hint).into());
    }
    output::note(&format!(
        "Login at {bank}, to read this account's statement. It is sealed before it is stored."
    ));
    Ok(BankLogin {
        rut: ask("RUT: ")?,
        password: ask("Password (it is shown as you type): ")?,
    })
}

fn ask(question: &str) -> anyhow::Result<String> {
    write!(std::io::stderr(), "{question}")?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

async fn list(config: &Config, account: AccountId, form: Form) -> anyhow::Result<()> {
    let db = place::open_db(config, place::small())?;
    accounts::find(&db, account).await?;
    let found = collecting::list(&db, account).await?;
    let said = json!({ "collecting_accounts": found.iter().map(described).collect::<Vec<Value>>() });
    let row = |a: &CollectingAccount| {
        let read = if a.has_login { "yes" } else { "no" };
        vec![
            a.bank_id.clone(),
            a.currency.code().to_owned(),
            a.number.clone(),
            a.holder_name.clone(),
            read.into(),
            a.uuid.clone(),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = found.iter().map(row).collect();
        let nothing = format!("None yet: ayni account add --account {account} --help");
        output::table(
            &["BANK", "CURRENCY", "NUMBER", "HOLDER", "STATEMENT READ", "UUID"],
            &rows,
            &nothing,
        );
    })
}

fn described(account: &CollectingAccount) -> Value {
    json!({
        "uuid": account.uuid, "receiver_id": account.account.0, "bank_id": account.bank_id,
        "currency": account.currency.code(), "number": account.number, "holder_name": account.holder_name,
        "holder_identifier": account.holder_identifier, "holder_email": account.holder_email,
        "has_login": account.has_login,
    })
}

const ADD_HELP: &str = "\
Where ayni can read the bank's statement it asks for the bank login on the terminal, tries it,
and stores it sealed.

Examples:
  ayni account add --account 990939 --bank Bawdf --number 000000000000444444444 \\
       --holder-name 'Panadería Sol' --holder-rut 44.444.444-4
  printf '44.444.444-4\\n1234\\n' | ayni account add … --login-file -";
