//! `ayni operations`: what was asked of institutions, and how it went.

use ayni_domain::ids::AccountId;
use ayni_domain::operation::code::Code;
use ayni_domain::time::wire;
use ayni_gateway::operations::Operation;
use ayni_gateway::operations::commands::{self, Filter};
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::merchant::shown;
use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{gateway, place};

/// What is done with operations.
#[derive(Subcommand)]
pub enum Action {
    /// Operations, newest first, without their data
    #[command(
        after_help = "Examples:\n  ayni operations list --state error\n  ayni operations list --account 990939 --limit 10"
    )]
    List {
        /// Only of this account
        #[arg(long, value_name = "ID")]
        account: Option<i64>,
        /// Only in this state
        #[arg(long, value_name = "STATE")]
        state: Option<OperationState>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// One operation and its envelope, data included while it is kept
    #[command(after_help = "Example:\n  ayni operations show 6baf6c19-e485-463b-ae24-a821b025c8a4")]
    Show {
        /// Its OperationId
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// Where an operation stands.
#[derive(Clone, Copy, ValueEnum)]
pub enum OperationState {
    /// Accepted, not over yet.
    Running,
    /// It ran.
    Ok,
    /// It did not.
    Error,
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::List {
            account,
            state,
            limit,
        } => {
            let state = state.and_then(|state| state.to_possible_value());
            let filter = Filter {
                account: account.map(AccountId),
                state: state.map(|value| value.get_name().to_owned()),
                limit,
            };
            list(&config, filter, form).await
        }
        Action::Show { id } => show(&config, &id, form).await,
    }
}

async fn list(config: &Config, filter: Filter, form: Form) -> anyhow::Result<()> {
    let operations = commands::list(&place::open_db(config, place::small())?, filter).await?;
    let said = json!({ "operations": operations.iter().map(described).collect::<Vec<_>>() });
    let row = |operation: &Operation| {
        vec![
            operation.id.to_string(),
            operation.institution.clone(),
            operation.operation.clone(),
            operation.state.as_str().to_owned(),
            operation.code.map_or("", Code::as_str).to_owned(),
            wire(operation.created_at),
            shown(operation.ended_at),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = operations.iter().map(row).collect();
        let nothing = "None yet. `ayni debt \"Aguas Andinas\" 25252525` makes one.";
        output::table(
            &[
                "ID",
                "INSTITUTION",
                "OPERATION",
                "STATE",
                "CODE",
                "CALLED",
                "ENDED",
            ],
            &rows,
            nothing,
        );
    })
}

async fn show(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let Some((operation, envelope)) = commands::show(&app, id).await? else {
        let hint = "`ayni operations list` shows the last ones";
        return Err(Told::new(format!("there is no operation {id}"), hint).into());
    };
    let envelope: Value = serde_json::from_slice(&envelope)?;
    let mut said = described(&operation);
    said["envelope"] = envelope.clone();
    output::result(form, &said, || {
        output::facts(&[
            ("id", operation.id.to_string()),
            ("account", operation.account.to_string()),
            ("institution", operation.institution.clone()),
            ("operation", operation.operation.clone()),
            ("state", operation.state.as_str().to_owned()),
            ("code", operation.code.map_or("", Code::as_str).to_owned()),
            ("called", wire(operation.created_at)),
            ("deadline", shown(operation.deadline_at)),
            ("callback", operation.callback_url.clone().unwrap_or_default()),
            ("visits", operation.visits.to_string()),
            ("ended", shown(operation.ended_at)),
            ("data goes", shown(operation.erase_at)),
        ]);
        output::line(&format!("\n{envelope:#}"));
    })
}

fn described(operation: &Operation) -> Value {
    json!({
        "id": operation.id.to_string(), "receiver_id": operation.account.0, "institution": operation.institution,
        "operation": operation.operation, "state": operation.state.as_str(),
        "code": operation.code.map(Code::as_str), "created_at": wire(operation.created_at),
        "deadline_at": operation.deadline_at.map(wire), "callback_url": operation.callback_url,
        "visits": operation.visits, "ended_at": operation.ended_at.map(wire),
        "erase_at": operation.erase_at.map(wire),
    })
}
