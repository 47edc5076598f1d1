//! `ayni links`: the account links of an account, never the logins in them.

use ayni_domain::ids::AccountId;
use ayni_domain::link::Link;
use ayni_domain::time::wire;
use ayni_gateway::links::commands;
use clap::Subcommand;
use serde_json::{Value, json};

use super::merchant::shown;
use super::payment::account_of;
use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{gateway, place};

/// What is done with links.
#[derive(Subcommand)]
pub enum Action {
    /// An account's links, newest first
    #[command(after_help = "Example:\n  ayni links list --account 990939")]
    List {
        /// Whose: a receiver_id [default: the account of ayni dev]
        #[arg(long, value_name = "ID")]
        account: Option<i64>,
    },
    /// End a link: the next operation that brings it is refused
    #[command(after_help = "Example:\n  ayni links revoke 0b1c3a52-6d0e-4f5c-9a55-2f6d3a0f6a11")]
    Revoke {
        /// The link's id, as `links list` shows it
        #[arg(value_name = "ID")]
        id: String,
        /// Whose: a receiver_id [default: the account of ayni dev]
        #[arg(long, value_name = "ID")]
        account: Option<i64>,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::List { account } => list(&config, account_of(&config, account)?, form).await,
        Action::Revoke { id, account } => revoke(&config, account_of(&config, account)?, &id, form).await,
    }
}

async fn list(config: &Config, account: AccountId, form: Form) -> anyhow::Result<()> {
    let links = commands::list(&place::open_db(config, place::small())?, account).await?;
    let said = json!({ "links": links.iter().map(described).collect::<Vec<_>>() });
    let row = |link: &Link| {
        vec![
            link.id.to_string(),
            link.institution.clone(),
            wire(link.issued_at),
            wire(link.expires_at),
            shown(link.revoked_at),
            shown(link.last_used_at),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = links.iter().map(row).collect();
        let header = ["ID", "INSTITUTION", "ISSUED", "EXPIRES", "REVOKED", "LAST USED"];
        output::table(&header, &rows, "None: the …/token operations make them.");
    })
}

async fn revoke(config: &Config, account: AccountId, id: &str, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let revoked = match id.parse() {
        Ok(uuid) => commands::revoke(&app, account, uuid).await?,
        Err(_) => false,
    };
    if !revoked {
        let what = format!("account {account} has no link {id}");
        return Err(Told::new(what, "`ayni links list` shows them").into());
    }
    output::result(form, &json!({ "id": id, "revoked": true }), || {
        output::line(&format!("Link {id} is revoked."));
    })
}

fn described(link: &Link) -> Value {
    json!({
        "id": link.id.to_string(), "institution": link.institution, "issued_at": wire(link.issued_at),
        "expires_at": wire(link.expires_at), "revoked_at": link.revoked_at.map(wire),
        "last_used_at": link.last_used_at.map(wire),
    })
}
