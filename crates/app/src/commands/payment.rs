//! `ayni payment`: make, look at, list and pay payments from a shell, as merchant and payer do over HTTP.

mod events;
mod mark_paid;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::lang::Lang;
use ayni_gateway::http::error::ApiError;
use ayni_gateway::merchants::Account;
use ayni_gateway::merchants::accounts;
use ayni_gateway::payments::{self, list::Wanted};
use clap::Subcommand;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::pay;
use crate::cli::Common;
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};
use crate::told::Told;

/// What is done with payments.
#[derive(Subcommand)]
pub enum Action {
    /// Make a payment, by the same rules as POST /v3/payments
    #[command(after_help = CREATE_HELP)]
    Create(Box<New>),
    /// One payment, as GET /v3/payments/{id} tells it
    #[command(after_help = "Example:\n  ayni payment show gqzdy6chjne9 --json | jq .status")]
    Show {
        /// The payment's id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// An account's payments, newest first
    #[command(after_help = LIST_HELP)]
    List(Filter),
    /// What a payment lived through
    #[command(after_help = events::AFTER_HELP)]
    Events {
        /// The payment's id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Say that the merchant was paid in another way: the payment can't be paid any more
    #[command(after_help = mark_paid::AFTER_HELP)]
    MarkPaid {
        /// The payment's id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Pay as a payer would, through the payer's pages: developer accounts only
    #[command(after_help = pay::AFTER_HELP)]
    Pay(pay::Args),
}

/// What is said of a new one.
#[derive(clap::Args)]
pub struct New {
    /// How much; at most the currency's decimals
    #[arg(long, value_name = "AMOUNT", required_unless_present = "body_file")]
    amount: Option<String>,
    /// CLP CLF ARS PEN MXN USD EUR BOB COP [default: CLP]
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT", required_unless_present = "body_file")]
    subject: Option<String>,
    /// Where its notification goes
    #[arg(long, value_name = "URL")]
    notify_url: Option<String>,
    /// Any other field of POST /v3/payments, as payer_email=ana@example.com; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE")]
    fields: Vec<String>,
    /// The whole JSON body from a file instead; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["amount", "currency", "subject", "notify_url", "fields"])]
    body_file: Option<PathBuf>,
    /// Whose: a receiver_id [default: the account of ayni dev]
    #[arg(long, value_name = "ID")]
    account: Option<i64>,
}

/// Which payments are listed.
#[derive(clap::Args)]
pub struct Filter {
    /// Whose: a receiver_id [default: the account of ayni dev]
    #[arg(long, value_name = "ID")]
    account: Option<i64>,
    /// pending, verifying, done or deleted
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// With this reference of the merchant's
    #[arg(long, value_name = "TEXT")]
    transaction_id: Option<String>,
    /// Made at this time or later, as 2030-12-31T00:00:00-03:00
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Made before this time
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// At most so many, up to 100
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
    /// Where an earlier page ended: its next_cursor
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<ExitCode> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Create(new) => create(&config, &new, form).await?,
        Action::Show { id } => show(&config, &id, form).await?,
        Action::List(filter) => list(&config, &filter, form).await?,
        Action::Events { id } => events::run(&config, &id, form).await?,
        Action::MarkPaid { id } => mark_paid::run(&config, &id, form).await?,
        Action::Pay(args) => return Box::pin(pay::run(&config, &args, form)).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(config: &Config, new: &New, form: Form) -> anyhow::Result<()> {
    gateway::public_url(config)?;
    let body = match &new.body_file {
        Some(path) => body_in(path)?,
        None => serde_json::to_vec(&body_of(new)?)?,
    };
    let app = gateway::beside(config).await?;
    let account = accounts::find(&app.db, account_of(config, new.account)?).await?;
    let made = payments::create_for(&app, &account, &body)
        .await
        .map_err(|error| refused(&error))?;
    let said: Value = serde_json::from_slice(&made)?;
    output::result(form, &said, || {
        let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
        output::facts(&[
            ("payment id", text("payment_id")),
            ("payment_url", text("payment_url")),
            ("simplified_transfer_url", text("simplified_transfer_url")),
            ("transfer_url", text("transfer_url")),
            ("app_url", text("app_url")),
        ]);
        output::line("\nOpen payment_url in a browser to pay.");
    })
}

fn body_of(new: &New) -> anyhow::Result<Map<String, Value>> {
    let mut body = Map::new();
    let currency = new.currency.clone().unwrap_or_else(|| "CLP".to_owned());
    let named = [
        ("amount", new.amount.clone()),
        ("currency", Some(currency)),
        ("subject", new.subject.clone()),
        ("notify_url", new.notify_url.clone()),
    ];
    body.extend(
        named
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?)))),
    );
    for field in &new.fields {
        let Some((name, value)) = field.split_once('=') else {
            return Err(Told::new(format!("--field {field} has no value"), "write it as NAME=VALUE").into());
        };
        let value = match value {
            "true" => Value::from(true),
            "false" => Value::from(false),
            text => Value::from(text),
        };
        body.insert(name.to_owned(), value);
    }
    Ok(body)
}

fn body_in(path: &Path) -> anyhow::Result<Vec<u8>> {
    let text = match path.to_str() {
        Some("-") => std::io::read_to_string(std::io::stdin()),
        _ => std::fs::read_to_string(path),
    };
    Ok(text
        .with_context(|| format!("{} could not be read", path.display()))?
        .into_bytes())
}

async fn show(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let id = PaymentId::parse(id)
        .with_context(|| format!("«{id}» is no payment id: 12 small letters and digits"))?;
    let app = gateway::beside(config).await?;
    let Some(payment) = payments::show(&app, id).await.map_err(|error| refused(&error))? else {
        return Err(Told::new(
            format!("there is no payment {id}"),
            "`ayni payment list` shows the last ones",
        )
        .into());
    };
    let said: Value = serde_json::from_slice(&payment)?;
    output::result(form, &said, || {
        for (key, value) in said.as_object().into_iter().flatten() {
            match value {
                Value::String(text) if text.is_empty() => {}
                Value::Array(parts) if parts.is_empty() => {}
                Value::Null | Value::Bool(false) => {}
                Value::String(text) => output::line(&format!("{key:<26}  {text}")),
                other => output::line(&format!("{key:<26}  {other}")),
            }
        }
    })
}

async fn list(config: &Config, filter: &Filter, form: Form) -> anyhow::Result<()> {
    let given = [
        ("status", &filter.status),
        ("transaction_id", &filter.transaction_id),
        ("from", &filter.from),
        ("to", &filter.to),
        ("cursor", &filter.cursor),
    ];
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &filter.limit.to_string());
    query.extend_pairs(
        given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?))),
    );
    let wanted =
        Wanted::parse(&query.finish()).map_err(|violations| refused(&ApiError::Invalid(violations)))?;
    let app = gateway::beside(config).await?;
    let account: Account = accounts::find(&app.db, account_of(config, filter.account)?).await?;
    let page = payments::list_page(&app, &account, wanted)
        .await
        .map_err(|error| refused(&error))?;
    let said: Value = serde_json::from_slice(&page)?;
    output::result(form, &said, || {
        let text = |payment: &Value, key: &str| payment[key].as_str().unwrap_or_default().to_owned();
        let columns = [
            "payment_id",
            "status",
            "status_detail",
            "currency",
            "amount",
            "transaction_id",
            "subject",
        ];
        let listed = said["payments"].as_array().cloned().unwrap_or_default();
        let rows: Vec<Vec<String>> = listed
            .iter()
            .map(|payment| columns.iter().map(|key| text(payment, key)).collect())
            .collect();
        let header = [
            "ID",
            "STATUS",
            "DETAIL",
            "CURRENCY",
            "AMOUNT",
            "TRANSACTION",
            "SUBJECT",
        ];
        output::table(
            &header,
            &rows,
            "None. Make one: ayni payment create --amount 1000 --subject TEXT",
        );
        if let Some(cursor) = said["next_cursor"].as_str().filter(|cursor| !cursor.is_empty()) {
            output::line(&format!("\nMore: --cursor {cursor}"));
        }
    })
}

/// The account that a command is for: the named one, or that of `ayni dev`.
pub fn account_of(config: &Config, named: Option<i64>) -> anyhow::Result<AccountId> {
    let usual = config.dev_file.as_ref().map(|file| file.receiver_id);
    named.or(usual).map(AccountId).ok_or_else(|| {
        Told::new(
            "whose payments are meant?",
            "say it with --account ID; `ayni merchant list` shows them",
        )
        .into()
    })
}

/// A refusal of the API, every violation on a line of its own.
pub fn refused(error: &ApiError) -> anyhow::Error {
    let ApiError::Invalid(violations) = error else {
        return anyhow::Error::new(error.clone()).context("the gateway refused it");
    };
    let lines: Vec<String> = violations
        .iter()
        .map(|violation| format!("{}: {}", violation.field, violation.problem.text(Lang::En)))
        .collect();
    Told::new("the request breaks the rules of its fields", lines.join("\n")).into()
}

/// The payment's account, and whether its money is real.
pub async fn owner(config: &Config, id: PaymentId) -> anyhow::Result<Account> {
    let db = crate::place::open_db(config, crate::place::small())?;
    let found = db.read("app.payment", move |tx| payments::find(tx, id)).await?;
    let Some(payment) = found else {
        return Err(Told::new(
            format!("there is no payment {id}"),
            "`ayni payment list` shows the last ones",
        )
        .into());
    };
    Ok(accounts::find(&db, payment.account).await?)
}

/// What is printed of a payment that was to be paid.
pub fn paid(id: PaymentId, outcome: &str, page: &str, message: &str, operation: Option<&str>) -> Value {
    json!({ "payment_id": id.as_str(), "outcome": outcome, "page": page, "message": message, "operation": operation })
}

const CREATE_HELP: &str = "\
Examples:
  ayni payment create --amount 1000 --subject 'Two cups'
  ayni payment create --amount 25.50 --currency USD --subject Book \\
       --notify-url http://127.0.0.1:3000/notify --field transaction_id=order-7
  ayni payment create --body-file order.json --json";

const LIST_HELP: &str = "\
Examples:
  ayni payment list
  ayni payment list --account 990939 --status done --from 2030-01-01T00:00:00-03:00 --json";
