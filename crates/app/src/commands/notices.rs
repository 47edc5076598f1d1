//! `ayni notices`: what merchants were told, how each try went, and one more try.

use ayni_domain::time::wire;
use ayni_gateway::notices::commands;
use ayni_gateway::notices::{NoticeEntry, TryEntry};
use ayni_gateway::told::Filter;
use ayni_gateway::witness::Witness;
use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::merchant::shown;
use super::sent::{self, Listed};
use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::{gateway, place};

/// What is done with notifications.
#[derive(Subcommand)]
pub enum Action {
    /// Notifications, newest first
    #[command(
        after_help = "Examples:\n  ayni notices list --state pending\n  ayni notices list --payment gqzdy6chjne9"
    )]
    List(Listed<NoticeState>),
    /// One notification: its body and every try
    #[command(after_help = "Example:\n  ayni notices show 0b1c3a52-6d0e-4f5c-9a55-2f6d3a0f6a11")]
    Show {
        /// The notification's id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Send it once more now, whatever its state
    #[command(
        after_help = "A gateway that runs on the database sends it.\n\nExample:\n  ayni notices resend 0b1c3a52-6d0e-4f5c-9a55-2f6d3a0f6a11"
    )]
    Resend {
        /// The notification's id
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// Where a notification stands.
#[derive(Clone, Copy, ValueEnum)]
pub enum NoticeState {
    /// Not delivered yet.
    Pending,
    /// Answered with 200.
    Delivered,
    /// Given up after two days.
    Spent,
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::List(listed) => list(&config, listed.filter()?, form).await,
        Action::Show { id } => show(&config, &id, form).await,
        Action::Resend { id } => {
            let app = gateway::beside(&config).await?;
            commands::resend(&app, None, &id, Witness::nobody()).await?;
            sent::told_due(form, "Notification", "notices", &id)
        }
    }
}

async fn list(config: &Config, filter: Filter, form: Form) -> anyhow::Result<()> {
    let notices = commands::list(&place::open_db(config, place::small())?, filter).await?;
    let row = |notice: &NoticeEntry| {
        vec![
            notice.id.clone(),
            about(notice),
            notice.state.clone(),
            notice.tries.to_string(),
            wire(notice.created_at),
            shown(notice.next_at),
            notice.url.clone(),
        ]
    };
    output::result(form, &json!({ "notices": notices }), || {
        let rows: Vec<_> = notices.iter().map(row).collect();
        let nothing = "None. They are made when the money of a payment with a notify_url is seen, and for an operation with a CallbackUrl.";
        output::table(
            &["ID", "ABOUT", "STATE", "TRIES", "CREATED", "NEXT TRY", "URL"],
            &rows,
            nothing,
        );
    })
}

async fn show(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let (notice, body, tries) = commands::show(&place::open_db(config, place::small())?, id).await?;
    let row = |one: &TryEntry| {
        let outcome = match (one.status, &one.error) {
            (Some(status), _) => status.to_string(),
            (None, Some(error)) => error.clone(),
            (None, None) => "no answer".to_owned(),
        };
        let answer: String = one.answer.chars().take(ANSWER_CHARS_SHOWN).collect();
        vec![
            one.number.to_string(),
            wire(one.at),
            outcome,
            format!("{} ms", one.latency_ms),
            answer.replace('\n', " "),
        ]
    };
    output::result(
        form,
        &json!({ "notice": notice, "body": body, "tries": tries }),
        || {
            output::facts(&[
                ("id", notice.id.clone()),
                ("payment", notice.payment_id.clone()),
                ("operation", notice.operation_id.clone().unwrap_or_default()),
                ("account", notice.receiver_id.to_string()),
                ("url", notice.url.clone()),
                ("version", notice.version.clone()),
                ("state", notice.state.clone()),
                ("created", wire(notice.created_at)),
                ("next try", shown(notice.next_at)),
                ("ended", shown(notice.ended_at)),
            ]);
            let body = notice.operation_id.as_ref().map_or(body.clone(), |id| {
                format!("Its body lies sealed: `ayni operations show {id}` shows it while it is kept.")
            });
            output::line(&format!("\n{body}\n"));
            let rows: Vec<_> = tries.iter().map(row).collect();
            output::table(
                &["TRY", "SENT", "OUTCOME", "TOOK", "ANSWER"],
                &rows,
                "Not tried yet.",
            );
        },
    )
}

/// The payment, operation or settlement that it tells of; a test tells of nothing.
fn about(notice: &NoticeEntry) -> String {
    let told_of = notice.operation_id.as_ref().or(notice.settlement_id.as_ref());
    let told_of = told_of.unwrap_or(&notice.payment_id);
    match told_of.as_str() {
        "" => "test".to_owned(),
        id => id.to_owned(),
    }
}

const ANSWER_CHARS_SHOWN: usize = 80;
