//! `ayni privacy`: what is kept about one person, told and taken out (Chile's Ley 21.719).

use ayni_domain::ids::AccountId;
use ayni_domain::personal::Person;
use ayni_gateway::console::audit::Actor;
use ayni_gateway::privacy::erase::Plan;
use ayni_gateway::privacy::{PrivacyError, digest_of, erase, export};
use clap::Subcommand;
use serde_json::json;

use super::payment::account_of;
use crate::cli::Common;
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};
use crate::told::Told;

/// What is done about a person.
#[derive(Subcommand)]
pub enum Action {
    /// Everything that is kept about a person in an account, as JSON on standard output
    #[command(
        after_help = "Example:\n  ayni privacy export --rut 11.111.111-1 --account 990939 > person.json"
    )]
    Export(Who),
    /// Take a person out: shows what would be done; with --yes it is done
    #[command(after_help = ERASE_HELP)]
    Erase {
        /// Whose data.
        #[command(flatten)]
        who: Who,
        /// Do it: what is erased does not come back
        #[arg(long)]
        yes: bool,
    },
}

/// Whose data, in which account.
#[derive(clap::Args)]
pub struct Who {
    /// The person's RUT
    #[arg(long, value_name = "RUT", required_unless_present = "email")]
    rut: Option<String>,
    /// The person's e-mail address; with --rut both are looked for
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,
    /// In which account: a receiver_id [default: the account of ayni dev]
    #[arg(long, value_name = "ID")]
    account: Option<i64>,
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Export(who) => told(&config, &who).await,
        Action::Erase { who, yes } => taken_out(&config, &who, yes, form).await,
    }
}

async fn told(config: &Config, who: &Who) -> anyhow::Result<()> {
    let (person, account) = meant(config, who)?;
    let app = gateway::beside(config).await?;
    let bundle = export::export(&app, account, &person, &Actor::operator(&app, account)).await?;
    output::line(&serde_json::to_string_pretty(&bundle)?);
    Ok(())
}

async fn taken_out(config: &Config, who: &Who, yes: bool, form: Form) -> anyhow::Result<()> {
    let (person, account) = meant(config, who)?;
    let app = gateway::beside(config).await?;
    if !yes {
        let Plan { found, in_flight } = erase::plan(&app, account, &person).await.map_err(refused)?;
        let said = json!({
            "done": false, "person": digest_of(&app, &person), "payments": found.payments,
            "movements": found.movements.len(), "in_flight": in_flight,
        });
        return output::result(form, &said, || {
            output::line(&format!(
                "Would erase the person from {} payments and {} further lines of statements.",
                found.payments.len(),
                found.movements.len()
            ));
            let ids: Vec<_> = found.payments.iter().map(|id| vec![id.to_string()]).collect();
            output::table(&["PAYMENT"], &ids, "There is nothing about this person.");
            for what in &in_flight {
                output::line(&format!("On its way, so nothing would be erased yet: {what}"));
            }
            output::line("\nNothing was changed. To do it, add --yes: it can't be undone.");
        });
    }
    let actor = Actor::operator(&app, account);
    let erased = erase::erase(&app, account, &person, &actor)
        .await
        .map_err(refused)?;
    let said = json!({
        "done": true, "person": digest_of(&app, &person), "payments": erased.payments,
        "movements": erased.movements,
    });
    output::result(form, &said, || {
        output::line(&format!(
            "The person was erased from {} payments and {} further lines of statements.",
            erased.payments, erased.movements
        ));
    })
}

fn meant(config: &Config, who: &Who) -> anyhow::Result<(Person, AccountId)> {
    let text = |given: &Option<String>| given.clone().unwrap_or_default();
    let person = Person::of(&text(&who.rut), &text(&who.email))?;
    Ok((person, account_of(config, who.account)?))
}

fn refused(error: PrivacyError) -> anyhow::Error {
    match &error {
        PrivacyError::InFlight(_) => Told::new(
            error.to_string(),
            "wait until it has arrived or lapsed (`ayni payment show`, `ayni review list`), then run it again",
        )
        .into(),
        PrivacyError::IsUser => Told::new(error.to_string(), "`ayni merchant user remove`, then run it again").into(),
        _ => error.into(),
    }
}

const ERASE_HELP: &str = "\
Examples:
  ayni privacy erase --rut 11.111.111-1                  what would be done
  ayni privacy erase --rut 11.111.111-1 --email ana@example.com --yes

Amounts, the ledger and the documents of contracts stay; identifiers in them become keyed digests. If the process dies in
between, run it again: it goes on with what is left.";
