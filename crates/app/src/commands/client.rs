//! `ayni client`: programs that ask for OAuth tokens. A secret is told once; only its SHA-256 is kept.

use anyhow::Context as _;
use ayni_domain::ids::AccountId;
use ayni_domain::oauth::scope::Scopes;
use ayni_domain::time::wire;
use ayni_gateway::oauth::clients::{self, Client, NewClient};
use clap::Subcommand;
use serde_json::{Value, json};

use super::merchant::shown;
use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::{gateway, place};

/// What is done with clients.
#[derive(Subcommand)]
pub enum Action {
    /// Make a client and tell its secret, once
    #[command(after_help = CREATE_HELP)]
    Create {
        /// Whose client: a receiver_id
        #[arg(long, value_name = "ID")]
        account: i64,
        /// Its name, which people see when it asks them
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Where people are sent back to; may be repeated
        #[arg(long = "redirect-uri", value_name = "URI")]
        redirect_uris: Vec<String>,
        /// A program on people's own machines, which can keep no secret
        #[arg(long)]
        public: bool,
        /// What it may ask for, blanks between [default: every institution]
        #[arg(long, value_name = "SCOPES", default_value = "", hide_default_value = true)]
        scope: String,
    },
    /// An account's clients, expired ones included
    #[command(after_help = "Example:\n  ayni client list --account 990939")]
    List {
        /// Whose clients: a receiver_id
        #[arg(long, value_name = "ID")]
        account: i64,
    },
    /// End a client: its next request is refused, and so is every token that it was given
    #[command(after_help = "Example:\n  ayni client expire --account 990939 --id 3f2b…")]
    Expire {
        /// Whose client: a receiver_id
        #[arg(long, value_name = "ID")]
        account: i64,
        /// The client's id
        #[arg(long, value_name = "CLIENT_ID")]
        id: String,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Create {
            account,
            name,
            redirect_uris,
            public,
            scope,
        } => {
            let new = NewClient {
                account: AccountId(account),
                name,
                is_public: public,
                redirect_uris,
                scopes: Scopes::parse(&scope).context("--scope is no list of scopes")?,
            };
            create(&config, new, form).await
        }
        Action::List { account } => list(&config, AccountId(account), form).await,
        Action::Expire { account, id } => {
            let app = gateway::beside(&config).await?;
            clients::expire(&app, AccountId(account), &id).await?;
            output::result(
                form,
                &json!({ "receiver_id": account, "client_id": id, "expired": true }),
                || {
                    output::line("The client, and every token that it was given, is refused from now on.");
                },
            )
        }
    }
}

async fn create(config: &Config, new: NewClient, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let (client, secret) = clients::create(&app, new).await?;
    let said = json!({
        "receiver_id": client.account.0, "client_id": client.id,
        "client_secret": secret.as_ref().map(|secret| secret.as_str()),
        "redirect_uris": client.redirect_uris, "scope": client.scopes.to_string(),
    });
    output::result(form, &said, || {
        output::facts(&[
            ("client_id", client.id.clone()),
            (
                "client_secret",
                secret
                    .as_ref()
                    .map(|secret| secret.to_string())
                    .unwrap_or_default(),
            ),
            ("scope", client.scopes.to_string()),
        ]);
        output::line(match client.is_public() {
            true => "\nA public client has no secret: it proves itself with PKCE.",
            false => "\nThis is the only time that the secret is shown.",
        });
    })
}

async fn list(config: &Config, account: AccountId, form: Form) -> anyhow::Result<()> {
    let db = place::open_db(config, place::small())?;
    ayni_gateway::merchants::accounts::find(&db, account).await?;
    let clients = clients::list(&db, account).await?;
    let described = |client: &Client| {
        json!({
            "client_id": client.id, "name": client.name, "public": client.is_public(),
            "redirect_uris": client.redirect_uris, "scope": client.scopes.to_string(),
            "created_at": wire(client.created_at), "expired_at": client.expired_at.map(wire),
        })
    };
    let said = json!({ "clients": clients.iter().map(described).collect::<Vec<Value>>() });
    let row = |client: &Client| {
        vec![
            client.id.clone(),
            client.name.clone(),
            if client.is_public() { "public" } else { "secret" }.to_owned(),
            client.scopes.to_string(),
            shown(client.expired_at),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = clients.iter().map(row).collect();
        let nothing = format!("No clients yet: ayni client create --account {account} --name NAME");
        output::table(
            &["CLIENT ID", "NAME", "KIND", "SCOPE", "EXPIRED"],
            &rows,
            &nothing,
        );
    })
}

const CREATE_HELP: &str = "\
Examples:
  ayni client create --account 990939 --name 'Cuentas Claras' \\
       --redirect-uri https://cuentas.example/callback --scope com_services_servipag
  ayni client create --account 990939 --name 'My laptop' --public --redirect-uri http://127.0.0.1/callback

On a loopback address any port is good. Metadata for libraries: /.well-known/oauth-authorization-server";
