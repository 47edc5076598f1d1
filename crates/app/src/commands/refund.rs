//! `ayni refund`: payments' money given back.

use anyhow::Context as _;
use ayni_domain::ids::{AccountId, OrderId, PaymentId};
use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_domain::refund::{Asked, Kind};
use ayni_domain::time::wire;
use ayni_gateway::refunds::{Refund, commands};
use clap::Subcommand;
use serde_json::{Value, json};

use super::payment::refused;
use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{gateway, place};

/// What is done with refunds.
#[derive(Subcommand)]
pub enum Action {
    /// Refund a payment to the account that paid, under the rules of the API
    #[command(
        after_help = "Examples:\n  ayni refund create gqzdy6chjne9\n  ayni refund create gqzdy6chjne9 --amount 300\n  ayni refund create gqzdy6chjne9 --wallet --json"
    )]
    Create {
        /// The payment's id
        #[arg(value_name = "PAYMENT")]
        payment: String,
        /// How much, in the payment's currency [default: all that is left]
        #[arg(long, value_name = "AMOUNT")]
        amount: Option<String>,
        /// Out of the merchant's wallet, and not out of what was collected
        #[arg(long)]
        wallet: bool,
    },
    /// Refunds, newest first
    #[command(
        after_help = "Examples:\n  ayni refund list\n  ayni refund list --account 990939 --json | jq '.refunds[].status'"
    )]
    List {
        /// Only of this account
        #[arg(long, value_name = "ID")]
        account: Option<i64>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// One refund
    #[command(after_help = "Example:\n  ayni refund show b7k2m9x4p1qz")]
    Show {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Create {
            payment,
            amount,
            wallet,
        } => {
            let kind = if wallet { Kind::Wallet } else { Kind::Classic };
            create(&config, kind, &payment, amount.as_deref(), form).await
        }
        Action::List { account, limit } => list(&config, account.map(AccountId), limit, form).await,
        Action::Show { id } => show(&config, &id, form).await,
    }
}

async fn create(
    config: &Config,
    kind: Kind,
    payment: &str,
    amount: Option<&str>,
    form: Form,
) -> anyhow::Result<()> {
    let id = PaymentId::parse(payment).with_context(|| format!("«{payment}» is no payment id"))?;
    let asked = match amount {
        None => Asked::Full,
        Some(text) => {
            let amount = Amount::parse(text, false).with_context(|| format!("«{text}» is no amount"))?;
            Asked::Partial(amount)
        }
    };
    let app = gateway::beside(config).await?;
    let made = commands::create(&app, kind, id, asked, Lang::En)
        .await
        .map_err(|error| refused(&error))?;
    let said: Value = serde_json::from_slice(&made)?;
    output::result(form, &said, || {
        output::line(&format!(
            "The refund of {payment} was accepted: ayni refund list shows it."
        ));
    })
}

async fn list(config: &Config, account: Option<AccountId>, limit: u32, form: Form) -> anyhow::Result<()> {
    let refunds = commands::list(&place::open_db(config, place::small())?, account, limit).await?;
    let said = json!({ "refunds": refunds.iter().map(described).collect::<Vec<Value>>() });
    let row = |refund: &Refund| {
        vec![
            refund.id.to_string(),
            wire(refund.requested_at),
            refund.payment.to_string(),
            refund.account.to_string(),
            format!("{} {}", refund.currency.code(), refund.amount.plain()),
            refund.kind.as_str().to_owned(),
            refund.state.as_str().to_owned(),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = refunds.iter().map(row).collect();
        let header = ["ID", "ASKED", "PAYMENT", "ACCOUNT", "AMOUNT", "KIND", "STATE"];
        output::table(&header, &rows, "Nothing was refunded yet.");
    })
}

async fn show(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let missing = || {
        Told::new(
            format!("there is no refund {id}"),
            "`ayni refund list` shows them",
        )
    };
    let parsed = OrderId::parse(id).map_err(|_| missing())?;
    let found = commands::show(&place::open_db(config, place::small())?, parsed).await?;
    let refund = found.ok_or_else(missing)?;
    output::result(form, &described(&refund), || {
        output::facts(&[
            ("refund", refund.id.to_string()),
            ("state", refund.state.as_str().to_owned()),
            ("kind", refund.kind.as_str().to_owned()),
            (
                "amount",
                format!("{} {}", refund.currency.code(), refund.amount.plain()),
            ),
            ("payment", refund.payment.to_string()),
            ("account", refund.account.to_string()),
            ("asked", wire(refund.requested_at)),
            ("ended", refund.ended_at.map(wire).unwrap_or_default()),
        ]);
        output::line(&format!("\nHow it is executed: ayni orders show {id}"));
    })
}

fn described(refund: &Refund) -> Value {
    json!({
        "id": refund.id.as_str(), "payment_id": refund.payment.as_str(), "receiver_id": refund.account.0,
        "type": refund.kind.as_str(), "amount": refund.amount.to_string(), "currency": refund.currency.code(),
        "transferred": refund.transfer.to_string(), "status": refund.state.as_str(),
        "request_date": wire(refund.requested_at), "ended_at": refund.ended_at.map(wire),
    })
}
