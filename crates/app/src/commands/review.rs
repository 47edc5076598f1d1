//! `ayni review`: money that matched no payment waits for a person.

use anyhow::Context as _;
use ayni_domain::ids::PaymentId;
use ayni_domain::time::wire;
use ayni_gateway::reconciliation::review::{self, ReviewEntry};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::{gateway, place};

/// What is done with the queue.
#[derive(Subcommand)]
pub enum Action {
    /// The movements that wait, oldest first
    #[command(
        after_help = "Examples:\n  ayni review list\n  ayni review list --json | jq '.movements[].reason'"
    )]
    List {
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
    },
    /// Settle a payment with a movement: the same as a match, its notification included
    #[command(after_help = "Example:\n  ayni review assign 5f0c… 1042 gqzdy6chjne9")]
    Assign {
        /// The collecting account's uuid, as `review list` shows it
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// The bank's id of the movement
        #[arg(value_name = "MOVEMENT")]
        movement: String,
        /// The payment that it pays
        #[arg(value_name = "PAYMENT")]
        payment: String,
    },
    /// Note that the money is returned: you return it at the bank
    #[command(after_help = "Example:\n  ayni review return 5f0c… 1042")]
    Return {
        /// The collecting account's uuid, as `review list` shows it
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// The bank's id of the movement
        #[arg(value_name = "MOVEMENT")]
        movement: String,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::List { limit } => list(&config, limit, form).await,
        Action::Assign {
            account,
            movement,
            payment,
        } => {
            let payment =
                PaymentId::parse(&payment).with_context(|| format!("«{payment}» is no payment id"))?;
            let app = gateway::beside(&config).await?;
            review::assign(&app, &account, &movement, payment).await?;
            let said = json!({ "movement": movement, "state": "assigned", "payment_id": payment.as_str() });
            output::result(form, &said, || {
                output::line(&format!("Movement {movement} settles payment {payment}."));
            })
        }
        Action::Return { account, movement } => {
            let app = gateway::beside(&config).await?;
            review::return_money(&app, &account, &movement).await?;
            let said = json!({ "movement": movement, "state": "returned" });
            output::result(form, &said, || {
                output::line(&format!(
                    "Movement {movement} is noted as returned. Now return it at the bank, if you have not yet."
                ));
            })
        }
    }
}

async fn list(config: &Config, limit: u32, form: Form) -> anyhow::Result<()> {
    let entries = review::list(&place::open_db(config, place::small())?, limit).await?;
    let said = json!({ "movements": entries.iter().map(described).collect::<Vec<Value>>() });
    let row = |entry: &ReviewEntry| {
        let line = &entry.line;
        vec![
            entry.collect_account_uuid.clone(),
            line.id.clone(),
            wire(line.booked_at),
            format!("{} {}", line.currency.code(), line.amount.plain()),
            line.payer_identifier.clone(),
            line.reference.clone(),
            entry.reason.clone(),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = entries.iter().map(row).collect();
        let header = [
            "ACCOUNT",
            "MOVEMENT",
            "BOOKED",
            "AMOUNT",
            "PAYER",
            "REFERENCE",
            "WHY",
        ];
        output::table(&header, &rows, "Nothing waits for review.");
        if !rows.is_empty() {
            output::line(
                "\nSettle one: ayni review assign ACCOUNT MOVEMENT PAYMENT, or ayni review return ACCOUNT MOVEMENT",
            );
        }
    })
}

fn described(entry: &ReviewEntry) -> Value {
    let line = &entry.line;
    json!({
        "account": entry.collect_account_uuid, "receiver_id": entry.receiver_id, "movement": line.id,
        "reason": entry.reason, "booked_at": wire(line.booked_at), "seen_at": wire(entry.seen_at),
        "amount": line.amount.to_string(), "currency": line.currency.code(),
        "payer_identifier": line.payer_identifier, "payer_name": line.payer_name,
        "payer_account": line.payer_account, "reference": line.reference,
        "operation_number": line.operation_number,
    })
}
