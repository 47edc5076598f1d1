//! `ayni merchant user`: the people of an account, and what each may do.

use anyhow::Context as _;
use ayni_domain::ids::AccountId;
use ayni_domain::role::Role;
use ayni_domain::time::wire;
use ayni_gateway::console::seat::links::{self, Terms};
use ayni_gateway::merchants::users::{self, User};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::config::Config;
use crate::output::{self, Form};
use crate::{gateway, place};

/// What is done with an account's users.
#[derive(Subcommand)]
pub enum Action {
    /// Give a person a role in an account, in place of the one that the person had
    #[command(after_help = ADD_HELP)]
    Add {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
        /// The person's e-mail
        #[arg(value_name = "EMAIL")]
        email: String,
        /// owner, collector or read-only
        #[arg(long, value_name = "ROLE", default_value = "collector")]
        role: String,
    },
    /// Make the one-time link by which a person sets a password for the console; it opens for 24 hours
    #[command(after_help = INVITE_HELP)]
    Invite {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
        /// The person's e-mail
        #[arg(value_name = "EMAIL")]
        email: String,
        /// owner, collector or read-only: given first; without it the person keeps the role that there is
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
        /// Take the person's second factor and recovery codes away too, for who lost both
        #[arg(long)]
        without_second_factor: bool,
    },
    /// An account's users, oldest first
    #[command(after_help = "Example:\n  ayni merchant user list 990939")]
    List {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
    },
    /// Take a person out of an account; its last owner stays
    #[command(after_help = "Example:\n  ayni merchant user remove 990939 luis@panaderiasol.cl")]
    Remove {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
        /// The person's e-mail
        #[arg(value_name = "EMAIL")]
        email: String,
    },
}

/// Does it.
pub async fn run(config: &Config, action: Action, form: Form) -> anyhow::Result<()> {
    match action {
        Action::Add { id, email, role } => {
            let role: Role = role
                .parse()
                .with_context(|| format!("{email} was given no role"))?;
            let app = gateway::beside(config).await?;
            users::set(&app, AccountId(id), &email, role).await?;
            let said = json!({ "receiver_id": id, "email": email.to_lowercase(), "role": role.as_str() });
            output::result(form, &said, || {
                let what = match role.may_collect() {
                    true => "may be a payment's responsible_user_email",
                    false => "may look",
                };
                let role = role.as_str();
                output::line(&format!("{email} has the role {role} in account {id}: {what}."));
            })
        }
        Action::Invite {
            id,
            email,
            role,
            without_second_factor,
        } => {
            let role = role.as_deref().map(str::parse::<Role>).transpose();
            let terms = Terms {
                role: role.with_context(|| format!("{email} was given no role"))?,
                without_second_factor,
            };
            invite(config, AccountId(id), &email, terms, form).await
        }
        Action::List { id } => list(config, AccountId(id), form).await,
        Action::Remove { id, email } => {
            let app = gateway::beside(config).await?;
            users::remove(&app, AccountId(id), &email).await?;
            let said = json!({ "receiver_id": id, "email": email.to_lowercase(), "removed": true });
            output::result(form, &said, || {
                output::line(&format!("{email} is no user of account {id} any more."));
            })
        }
    }
}

async fn invite(config: &Config, id: AccountId, email: &str, terms: Terms, form: Form) -> anyhow::Result<()> {
    // A link to nowhere helps nobody.
    gateway::public_url(config)?;
    let app = gateway::beside(config).await?;
    let made = links::invite(&app, id, email, terms).await?;
    let said = json!({
        "receiver_id": id.0, "email": made.email, "role": made.role.as_str(),
        "url": made.url.as_str(), "expires_at": wire(made.expires_at),
        "mailed": made.is_mailed,
    });
    output::result(form, &said, || {
        output::line(&format!(
            "{} sets a password for the console here, once, until {}:\n\n  {}\n\n\
             Whoever opens it first becomes that person: hand it over in private.",
            made.email,
            wire(made.expires_at),
            made.url.as_str()
        ));
    })
}

async fn list(config: &Config, id: AccountId, form: Form) -> anyhow::Result<()> {
    let users = users::list(&place::open_db(config, place::small())?, id).await?;
    let described = |user: &User| {
        json!({
            "email": user.email, "role": user.role.as_str(), "created_at": wire(user.created_at),
        })
    };
    let said = json!({ "users": users.iter().map(described).collect::<Vec<Value>>() });
    output::result(form, &said, || {
        let row = |user: &User| {
            let role = user.role.as_str().to_owned();
            vec![user.email.clone(), role, wire(user.created_at)]
        };
        let rows: Vec<_> = users.iter().map(row).collect();
        output::table(&["EMAIL", "ROLE", "SINCE"], &rows, "None.");
    })
}

const INVITE_HELP: &str = "\
For who has no password yet, and for who forgot it. A newer link of the same person ends an older one;
setting the password ends all of the person's sessions. A second factor stays as it is, but for
--without-second-factor. Where a mail server is set the link is sent to the person too.

Examples:
  ayni merchant user invite 990939 ana@panaderiasol.cl
  ayni merchant user invite 990939 luis@panaderiasol.cl --role read-only";

const ADD_HELP: &str = "\
owner      everything; an account always has one
collector  may be responsible for payments (responsible_user_email)
read-only  may look

Example:
  ayni merchant user add 990939 luis@panaderiasol.cl --role collector";
