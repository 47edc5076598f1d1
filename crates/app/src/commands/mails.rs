//! `ayni mails`: what payers were told by mail, how each try went, and one more.

use ayni_domain::time::wire;
use ayni_gateway::mails::commands::{self, MailEntry, TryEntry};
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

/// What is done with mails.
#[derive(Subcommand)]
pub enum Action {
    /// Mails, newest first
    #[command(
        after_help = "Examples:\n  ayni mails list --state failed\n  ayni mails list --payment gqzdy6chjne9"
    )]
    List(Listed<MailState>),
    /// One mail: its words and every try
    #[command(after_help = "Example:\n  ayni mails show gqzdy6chjne9-request")]
    Show {
        /// The mail's id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Send it once more now, whatever its state
    #[command(
        after_help = "A gateway that runs on the database sends it. A request or reminder whose payment is paid, deleted\nor expired is dropped again. The Message-ID stays, so a client that has the mail may show it once.\n\nExample:\n  ayni mails resend gqzdy6chjne9-request"
    )]
    Resend {
        /// The mail's id
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// Where a mail stands.
#[derive(Clone, Copy, ValueEnum)]
pub enum MailState {
    /// To be sent.
    Pending,
    /// The server took it.
    Sent,
    /// Refused for good, or given up after two days.
    Failed,
    /// Not wanted any more before it was sent.
    Dropped,
    /// Made while no mail server was set.
    Held,
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
            sent::told_due(form, "Mail", "mails", &id)
        }
    }
}

async fn list(config: &Config, filter: Filter, form: Form) -> anyhow::Result<()> {
    let mails = commands::list(&place::open_db(config, place::small())?, filter).await?;
    let row = |mail: &MailEntry| {
        vec![
            mail.id.clone(),
            match &mail.reason {
                Some(reason) => format!("{}: {reason}", mail.state),
                None => mail.state.clone(),
            },
            mail.tries.to_string(),
            wire(mail.created_at),
            shown(mail.next_at),
            mail.address.clone(),
        ]
    };
    output::result(form, &json!({ "mails": mails }), || {
        let rows: Vec<_> = mails.iter().map(row).collect();
        let nothing = "None. They are made for payments with send_email or send_reminders, and as receipts where the payer's address is known.";
        output::table(
            &["ID", "STATE", "TRIES", "CREATED", "NEXT TRY", "TO"],
            &rows,
            nothing,
        );
    })
}

async fn show(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let shown_mail = commands::show(&gateway::beside(config).await?, id).await?;
    let row = |one: &TryEntry| {
        let outcome = match (one.taken, one.code) {
            (true, _) => "taken".to_owned(),
            (false, Some(code)) => code.to_string(),
            (false, None) => "no answer".to_owned(),
        };
        vec![
            one.number.to_string(),
            wire(one.at),
            outcome,
            format!("{} ms", one.latency_ms),
            one.said.chars().take(SAID_CHARS_SHOWN).collect(),
        ]
    };
    output::result(form, &shown_mail, || {
        let mail = &shown_mail.mail;
        output::facts(&[
            ("id", mail.id.clone()),
            ("payment", mail.payment_id.clone()),
            ("account", mail.receiver_id.to_string()),
            ("to", mail.address.clone()),
            ("subject", shown_mail.subject.clone()),
            ("state", mail.state.clone()),
            ("reason", mail.reason.clone().unwrap_or_default()),
            ("created", wire(mail.created_at)),
            ("next try", shown(mail.next_at)),
            ("ended", shown(mail.ended_at)),
        ]);
        output::line(&format!("\n{}\n", shown_mail.text));
        let rows: Vec<_> = shown_mail.tries.iter().map(row).collect();
        output::table(
            &["TRY", "BEGUN", "OUTCOME", "TOOK", "SAID"],
            &rows,
            "Not tried yet.",
        );
    })
}

const SAID_CHARS_SHOWN: usize = 100;
