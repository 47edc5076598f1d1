//! `ayni review`: money that matched no payment waits for a person.

mod acknowledge;
mod show;
mod way;

use anyhow::Context as _;
use ayni_domain::ids::PaymentId;
use ayni_domain::time::wire;
use ayni_gateway::reconciliation::giving_back;
use ayni_gateway::reconciliation::review::{self, ReviewEntry};
use ayni_gateway::witness::Witness;
use clap::Subcommand;
use serde_json::{Value, json};
use way::WayArgs;

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
    /// One movement: what is known of it, and what can be done
    #[command(after_help = "Example:\n  ayni review show 5f0c… 1042")]
    Show {
        /// The collecting account's uuid, as `review list` shows it
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// The bank's id of the movement
        #[arg(value_name = "MOVEMENT")]
        movement: String,
    },
    /// Settle a payment with a movement of more than it asks, and send the rest back
    #[command(after_help = ACCEPT_HELP)]
    Accept {
        /// The collecting account's uuid, as `review list` shows it
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// The bank's id of the movement
        #[arg(value_name = "MOVEMENT")]
        movement: String,
        /// The payment that it pays
        #[arg(value_name = "PAYMENT")]
        payment: String,
        /// How the rest goes back
        #[command(flatten)]
        way: WayArgs,
    },
    /// Clear a debit that no order explains, and say whose money it was
    #[command(after_help = acknowledge::HELP)]
    Acknowledge {
        /// The collecting account's uuid, as `review list` shows it
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// The bank's id of the movement
        #[arg(value_name = "MOVEMENT")]
        movement: String,
        /// What is said of it
        #[command(flatten)]
        said: acknowledge::SaidArgs,
    },
    /// Send the money back to where it came from
    #[command(after_help = RETURN_HELP)]
    Return {
        /// The collecting account's uuid, as `review list` shows it
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// The bank's id of the movement
        #[arg(value_name = "MOVEMENT")]
        movement: String,
        /// How it goes back
        #[command(flatten)]
        way: WayArgs,
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
            review::assign(&app, &account, &movement, payment, Witness::nobody()).await?;
            let said = json!({ "movement": movement, "state": "assigned", "payment_id": payment.as_str() });
            output::result(form, &said, || {
                output::line(&format!("Movement {movement} settles payment {payment}."));
            })
        }
        Action::Show { account, movement } => show::run(&config, &account, &movement, form).await,
        Action::Accept {
            account,
            movement,
            payment,
            way,
        } => {
            let payment =
                PaymentId::parse(&payment).with_context(|| format!("«{payment}» is no payment id"))?;
            let app = gateway::beside(&config).await?;
            let way = way.way(&app)?;
            let given =
                giving_back::accept(&app, &account, &movement, payment, way, Witness::nobody()).await?;
            let mut said = way::described(&movement, "assigned", &given);
            said["payment_id"] = Value::from(payment.as_str());
            output::result(form, &said, || {
                output::line(&format!("Movement {movement} settles payment {payment}."));
                output::line(&way::sentence(&given));
            })
        }
        Action::Acknowledge {
            account,
            movement,
            said,
        } => acknowledge::run(&config, &account, &movement, said, form).await,
        Action::Return {
            account,
            movement,
            way,
        } => {
            let app = gateway::beside(&config).await?;
            let way = way.way(&app)?;
            let given = giving_back::return_money(&app, &account, &movement, way, Witness::nobody()).await?;
            let said = way::described(&movement, "returned", &given);
            output::result(form, &said, || output::line(&way::sentence(&given)))
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
                "\nLook closer: ayni review show ACCOUNT MOVEMENT; then assign it, accept a part of it, return it or,\nwhere it is a debit, acknowledge it.",
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
        "operation_number": line.operation_number, "left": entry.left.to_string(),
        "settled": entry.settled.map(|id| id.to_string()),
    })
}

const ACCEPT_HELP: &str = "\
The payment is settled with what it asks and its merchant notified as ever; the rest goes back by an order of its own.

Example:
  ayni review accept 5f0c… 1042 gqzdy6chjne9";

const RETURN_HELP: &str = "\
An order sends it to the account that it came from, at most once, and is ended by the bank's statement. One that fails
puts the movement into the queue again. Where the bank does not say from which account it came, name it; where the bank
account is the merchant's own, the merchant returns the money there.

Examples:
  ayni review return 5f0c… 1042
  ayni review return 5f0c… 1042 --bank Bawdf --number 000000000000444444444 \\
       --holder-name 'Ana Pérez' --holder-rut 44.444.444-4
  ayni review return 5f0c… 1042 --by-hand";
