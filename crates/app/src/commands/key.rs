//! `ayni key`: API keys. A key's text is told once; only its SHA-256 is kept.

use anyhow::Context as _;
use ayni_domain::ids::AccountId;
use ayni_domain::time;
use ayni_gateway::merchants::keys::{self, KeyEntry};
use clap::Subcommand;
use serde_json::{Value, json};

use super::merchant::shown;
use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::{gateway, place};

/// What is done with keys.
#[derive(Subcommand)]
pub enum Action {
    /// Make a key and tell its text, once
    #[command(after_help = CREATE_HELP)]
    Create {
        /// Whose key: a receiver_id
        #[arg(long, value_name = "ID")]
        account: i64,
        /// A name for it, unique in the account
        #[arg(long, value_name = "NAME")]
        alias: String,
        /// When it stops working, as 2030-12-31T23:59:59-03:00 [default: never]
        #[arg(long, value_name = "TIME")]
        expires: Option<String>,
    },
    /// An account's keys, expired ones included
    #[command(after_help = "Example:\n  ayni key list --account 990939")]
    List {
        /// Whose keys: a receiver_id
        #[arg(long, value_name = "ID")]
        account: i64,
    },
    /// End a key: the next request that carries it is refused
    #[command(after_help = "Example:\n  ayni key expire --account 990939 --alias old-shop")]
    Expire {
        /// Whose key: a receiver_id
        #[arg(long, value_name = "ID")]
        account: i64,
        /// The key's name
        #[arg(long, value_name = "NAME")]
        alias: String,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Create {
            account,
            alias,
            expires,
        } => create(&config, AccountId(account), &alias, expires.as_deref(), form).await,
        Action::List { account } => list(&config, AccountId(account), form).await,
        Action::Expire { account, alias } => {
            let app = gateway::beside(&config).await?;
            keys::expire(&app, AccountId(account), &alias).await?;
            output::result(
                form,
                &json!({ "receiver_id": account, "alias": alias, "expired": true }),
                || {
                    output::line(&format!(
                        "The key «{alias}» of account {account} is refused from now on."
                    ));
                },
            )
        }
    }
}

async fn create(
    config: &Config,
    account: AccountId,
    alias: &str,
    expires: Option<&str>,
    form: Form,
) -> anyhow::Result<()> {
    let expires_at = expires
        .map(time::parse)
        .transpose()
        .context("--expires is no time: write it as 2030-12-31T23:59:59-03:00")?;
    let app = gateway::beside(config).await?;
    let key = keys::create(&app, account, alias, expires_at).await?;
    let said = json!({
        "receiver_id": account.0, "alias": alias, "api_key": key.as_str(), "expires_at": expires_at.map(time::wire),
    });
    output::result(form, &said, || {
        output::line(&format!("{}\n", key.as_str()));
        output::line("This is the only time it is shown. Send it as the header x-api-key.");
    })
}

async fn list(config: &Config, account: AccountId, form: Form) -> anyhow::Result<()> {
    let db = place::open_db(config, place::small())?;
    ayni_gateway::merchants::accounts::find(&db, account).await?;
    let keys = keys::list(&db, account).await?;
    let described = |key: &KeyEntry| {
        json!({
            "alias": key.alias, "created_at": time::wire(key.created_at),
            "expires_at": key.expires_at.map(time::wire), "last_used_at": key.last_used_at.map(time::wire),
        })
    };
    let said = json!({ "keys": keys.iter().map(described).collect::<Vec<Value>>() });
    let row = |key: &KeyEntry| {
        vec![
            key.alias.clone(),
            time::wire(key.created_at),
            shown(key.expires_at),
            shown(key.last_used_at),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = keys.iter().map(row).collect();
        let nothing = format!("No keys yet: ayni key create --account {account} --alias NAME");
        output::table(&["ALIAS", "CREATED", "EXPIRES", "LAST USED"], &rows, &nothing);
    })
}

const CREATE_HELP: &str = "\
Examples:
  ayni key create --account 990939 --alias shop
  ayni key create --account 990939 --alias trial --expires 2030-12-31T23:59:59-03:00";
