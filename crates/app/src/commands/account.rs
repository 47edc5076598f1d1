//! `ayni account`: the bank accounts on which money arrives. A bank login is asked for on the terminal or read from a
//! file, never given as a flag, where other users of the machine and the shell's history would see it.

mod bank_login;
mod login;
mod payout;

use std::path::PathBuf;

use anyhow::Context as _;
use ayni_domain::currency::Currency;
use ayni_domain::custody::Custody;
use ayni_domain::ids::AccountId;
use ayni_domain::rut::Rut;
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
    /// Replace the stored bank login of a collecting account, as after its password was changed at the bank
    #[command(after_help = login::AFTER_HELP)]
    Login(login::Args),
    /// Set or show the bank account to which an account's settled money is paid
    #[command(after_help = payout::AFTER_HELP)]
    Payout(payout::Args),
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
    /// Whose bank account it is: gateway (the operator's, who holds the money until it is settled) or own
    /// (the merchant's)
    #[arg(long, value_name = "WHOSE", default_value = "own")]
    custody: Custody,
    /// File with the bank login: RUT and password, a line each, and a third one with the card's coordinates if
    /// money is to be sent from here; - reads standard input
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
        Action::Login(args) => login::run(&config, args, form).await,
        Action::Payout(args) => payout::run(&config, args, form).await,
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
        (false, Some(path)) => Some(bank_login::read(path, None)?),
        (false, None) if is_driven => Some(bank_login::ask(&bank.name, None)?),
        (false, None) => None,
    };
    let row = checked(&new, &owner)?;
    if let Some(login) = &login {
        let connector = bank.connector.as_deref();
        if let Some(error) = bank_login::attempt(&app, connector, login, &new.number).await? {
            let hint = "try again later; --no-login stores the account without it";
            return Err(Told::new("the bank could not be asked about this login", hint)
                .because(error)
                .into());
        }
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
        custody: new.custody,
    })
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
            a.custody.as_str().to_owned(),
            read.into(),
            a.uuid.clone(),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = found.iter().map(row).collect();
        let nothing = format!("None yet: ayni account add --account {account} --help");
        output::table(
            &[
                "BANK",
                "CURRENCY",
                "NUMBER",
                "HOLDER",
                "CUSTODY",
                "STATEMENT READ",
                "UUID",
            ],
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
        "has_login": account.has_login, "custody": account.custody.as_str(),
    })
}

const ADD_HELP: &str = "\
Where ayni can read the bank's statement it asks for the bank login on the terminal, tries it,
and stores it sealed.

Examples:
  ayni account add --account 990939 --bank Bawdf --number 000000000000444444444 \\
       --holder-name 'Panadería Sol' --holder-rut 44.444.444-4
  printf '44.444.444-4\\n1234\\n' | ayni account add … --login-file -";
