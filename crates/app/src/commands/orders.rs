//! `ayni orders`: money that leaves collecting accounts.

use ayni_domain::time::wire;
use ayni_gateway::orders::commands::{self, Shown};
use ayni_gateway::orders::{Order, OrderError};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::cli::Common;
use crate::commands::held;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{gateway, place};

/// What is done with orders.
#[derive(Subcommand)]
pub enum Action {
    /// Orders, newest first
    #[command(
        after_help = "Examples:\n  ayni orders list --open\n  ayni orders list --json | jq '.orders[] | select(.state == \"uncertain\")'"
    )]
    List {
        /// Only those that have not ended
        #[arg(long)]
        open: bool,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// One order and all that happened to it
    #[command(after_help = "Example:\n  ayni orders show b7k2m9x4p1qz")]
    Show {
        /// Its id, which stands in the transfer's comment
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Send an order that waits now; one that may have been sent is never sent again
    #[command(after_help = "Example:\n  ayni orders retry b7k2m9x4p1qz")]
    Retry {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// End an order that waits, or that the bank did not execute from a file: its money is given back
    #[command(after_help = "Example:\n  ayni orders reject b7k2m9x4p1qz --reason 'account closed'")]
    Reject {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// After a restoration: what is held, and what has to be looked at before money leaves again
    #[command(after_help = "Example:\n  ayni orders held")]
    Held,
    /// After a restoration: an order was sent already, this debit is its transfer
    #[command(after_help = "Example:\n  ayni orders sent b7k2m9x4p1qz --movement 00000042")]
    Sent {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
        /// The debit, as `ayni orders held` shows it
        #[arg(long, value_name = "DEBIT")]
        movement: String,
    },
    /// After a restoration: let money leave again
    #[command(after_help = "Example:\n  ayni orders release-held")]
    ReleaseHeld {
        /// The debits that no order explains were looked at, and none of them is what an order stands for
        #[arg(long)]
        despite_debits: bool,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::List { open, limit } => list(&config, open, limit, form).await,
        Action::Show { id } => show(&config, &id, form).await,
        Action::Retry { id } => retry(&config, &id, form).await,
        Action::Held => held::show(&config, form).await,
        Action::Sent { id, movement } => held::sent(&config, &id, &movement, form).await,
        Action::ReleaseHeld { despite_debits } => held::release(&config, despite_debits, form).await,
        Action::Reject { id, reason } => reject(&config, &id, &reason, form).await,
    }
}

async fn list(config: &Config, open: bool, limit: u32, form: Form) -> anyhow::Result<()> {
    let orders = commands::list(&place::open_db(config, place::small())?, open, limit).await?;
    let said = json!({ "orders": orders.iter().map(described).collect::<Vec<Value>>() });
    let row = |order: &Order| {
        vec![
            order.new.id.to_string(),
            wire(order.created_at),
            order.new.kind.as_str().to_owned(),
            order.new.subject.clone(),
            format!("{} {}", order.new.currency.code(), order.new.amount.plain()),
            order.via.as_str().to_owned(),
            order.state.as_str().to_owned(),
            order.reason.clone().unwrap_or_default(),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = orders.iter().map(row).collect();
        let header = ["ID", "PLACED", "KIND", "FOR", "AMOUNT", "VIA", "STATE", "WHY"];
        output::table(&header, &rows, "No money was ordered to leave yet.");
    })
}

async fn show(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let db = place::open_db(config, place::small())?;
    let shown = commands::show(&db, id).await.map_err(missing)?;
    let Shown { order, events, from } = &shown;
    let mut said = described(order);
    let event = |event: &commands::OrderEvent| json!({ "at": wire(event.at), "kind": event.kind, "state": event.state, "reason": event.reason });
    said["events"] = events.iter().map(event).collect();
    said["from"] = json!({ "account": from.uuid, "bank_id": from.bank_id, "number": from.number });
    output::result(form, &said, || {
        let new = &order.new;
        output::facts(&[
            ("order", new.id.to_string()),
            ("state", order.state.as_str().to_owned()),
            ("why", order.reason.clone().unwrap_or_default()),
            ("for", format!("{} {}", new.kind.as_str(), new.subject)),
            (
                "amount",
                format!("{} {}", new.currency.code(), new.amount.plain()),
            ),
            ("from", format!("{} {}", from.bank_id, from.number)),
            (
                "to",
                format!(
                    "{} {} {}",
                    new.payee.bank_id, new.payee.number, new.payee.holder_name
                ),
            ),
            ("via", order.via.as_str().to_owned()),
            (
                "bank's number",
                order.operation_number.clone().unwrap_or_default(),
            ),
            ("debit", order.movement_id.clone().unwrap_or_default()),
        ]);
        output::line("");
        let row = |event: &commands::OrderEvent| {
            vec![
                wire(event.at),
                event.kind.clone(),
                event.state.clone(),
                event.reason.clone(),
            ]
        };
        let rows: Vec<_> = events.iter().map(row).collect();
        output::table(
            &["AT", "EVENT", "STATE", "WHY"],
            &rows,
            "Nothing happened to it yet.",
        );
    })
}

async fn retry(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    if !commands::retry(&app, id).await.map_err(missing)? {
        let hint = "`ayni orders show` says where it stands; what was given back is asked for anew, and an\n\
                    account without a bank login sends by file";
        return Err(Told::new(
            format!("order {id} does not wait to be sent through a site"),
            hint,
        )
        .into());
    }
    output::result(form, &json!({ "id": id, "retried": true }), || {
        output::line(&format!("Order {id} is sent as soon as the gateway runs."));
    })
}

async fn reject(config: &Config, id: &str, reason: &str, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let order = commands::reject(&app, id, reason).await.map_err(missing)?;
    output::result(form, &described(&order), || {
        output::line(&format!("Order {id} has ended; its money is given back."));
    })
}

fn missing(error: OrderError) -> anyhow::Error {
    let hint = match &error {
        OrderError::NoOrder(_) => "`ayni orders list` shows them",
        OrderError::Unlisted(_) => {
            "it may have been sent, or it has ended: `ayni orders show` tells, and only the statement decides"
        }
        _ => return error.into(),
    };
    Told::new(error.to_string(), hint).into()
}

fn described(order: &Order) -> Value {
    let new = &order.new;
    json!({
        "id": new.id.as_str(), "kind": new.kind.as_str(), "subject": new.subject, "owner": new.owner,
        "amount": new.amount.to_string(), "currency": new.currency.code(), "via": order.via.as_str(),
        "state": order.state.as_str(), "reason": order.reason, "tries": order.tries,
        "to": {
            "bank_id": new.payee.bank_id, "number": new.payee.number, "holder_name": new.payee.holder_name,
            "holder_identifier": new.payee.holder_identifier,
        },
        "placed_at": wire(order.created_at), "sent_at": order.sent_at.map(wire), "ended_at": order.ended_at.map(wire),
        "operation_number": order.operation_number, "movement": order.movement_id,
    })
}
