//! `ayni settlement`: handing merchants what was collected for them.

mod report;

use anyhow::Context as _;
use ayni_domain::ids::AccountId;
use ayni_gateway::merchants::accounts;
use ayni_gateway::settlement::Settlement;
use ayni_gateway::settlement::commands::{self, Filter, Shown};
use ayni_gateway::settlement::run as settle;
use clap::Subcommand;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{gateway, place};

/// What is done with settlements.
#[derive(Subcommand)]
pub enum Action {
    /// Make the settlements of a business day now; a gateway that serves makes them by itself
    #[command(after_help = RUN_HELP)]
    Run {
        /// The business day, as 2030-12-31 [default: today]
        #[arg(long, value_name = "DAY")]
        day: Option<String>,
    },
    /// Settlements, newest first
    #[command(
        after_help = "Examples:\n  ayni settlement list --account 990939\n  ayni settlement list --day 2030-12-31 --json"
    )]
    List {
        /// Only this account's: a receiver_id
        #[arg(long, value_name = "ID")]
        account: Option<i64>,
        /// Only those of this day
        #[arg(long, value_name = "DAY")]
        day: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
    },
    /// One settlement with its payments
    #[command(after_help = "Example:\n  ayni settlement show 990939-4711-20301231-1")]
    Show {
        /// Its id, as `settlement list` shows it
        #[arg(value_name = "ID")]
        id: String,
    },
    /// All settlements of a day as a table (CSV), or with --json as JSON, a line each
    #[command(after_help = report::AFTER_HELP)]
    Report(report::Args),
    /// Set where an account is told of its settlements, or with "" nowhere
    #[command(after_help = NOTIFY_HELP)]
    Notify {
        /// Whose: a receiver_id
        #[arg(value_name = "ID")]
        account: i64,
        /// Its rendition_url
        #[arg(value_name = "URL")]
        url: String,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Run { day } => make(&config, day.as_deref(), form).await,
        Action::List { account, day, limit } => {
            let filter = Filter {
                account: account.map(AccountId),
                day: day.as_deref().map(day_of).transpose()?,
                limit,
            };
            list(&config, filter, form).await
        }
        Action::Show { id } => show(&config, &id, form).await,
        Action::Report(args) => report::run(&config, args, form).await,
        Action::Notify { account, url } => notify(&config, AccountId(account), &url, form).await,
    }
}

fn day_of(text: &str) -> anyhow::Result<Date> {
    text.parse()
        .with_context(|| format!("«{text}» is no day: write it as 2030-12-31"))
}

async fn make(config: &Config, day: Option<&str>, form: Form) -> anyhow::Result<()> {
    let day = day.map(day_of).transpose()?;
    let app = gateway::beside(config).await?;
    let ran = settle::run(&app, day).await?;
    let waiting = ran.waiting.iter().map(|waiting| {
        json!({ "receiver_id": waiting.account.0, "collecting_id": waiting.collecting_id, "reason": waiting.reason })
    });
    let said = json!({ "made": ran.made, "waiting": waiting.collect::<Vec<Value>>() });
    output::result(form, &said, || {
        output::line(&match ran.made {
            0 => "Nothing was to be settled.".to_owned(),
            1 => "One settlement was made: `ayni settlement list` shows it.".to_owned(),
            made => format!("{made} settlements were made: `ayni settlement list` shows them."),
        });
        for waiting in &ran.waiting {
            output::line(&format!("Waits: {}", waiting.reason));
        }
    })
}

async fn list(config: &Config, filter: Filter, form: Form) -> anyhow::Result<()> {
    let found = commands::list(&place::open_db(config, place::small())?, filter).await?;
    let said = json!({ "settlements": found.iter().map(described).collect::<Vec<_>>() });
    output::result(form, &said, || {
        let row = |one: &Settlement| {
            let money =
                |amount: ayni_domain::money::Amount| format!("{} {}", one.currency.code(), amount.plain());
            vec![
                one.id.clone(),
                one.day.clone(),
                one.account.to_string(),
                one.totals.payments.to_string(),
                money(one.totals.amount),
                money(one.paid_out),
                one.state.as_str().to_owned(),
            ]
        };
        let rows: Vec<_> = found.iter().map(row).collect();
        let header = [
            "ID",
            "DAY",
            "ACCOUNT",
            "PAYMENTS",
            "COLLECTED",
            "PAID OUT",
            "PAYOUT",
        ];
        output::table(&header, &rows, "No settlements.");
    })
}

async fn show(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let shown = commands::show(&place::open_db(config, place::small())?, id).await?;
    output::result(form, &shown_as_json(&shown), || told(&shown))
}

fn told(shown: &Shown) {
    let one = &shown.settlement;
    let money = |amount: ayni_domain::money::Amount| format!("{} {}", one.currency.code(), amount.plain());
    output::facts(&[
        ("settlement", one.id.clone()),
        ("account", one.account.to_string()),
        ("day", one.day.clone()),
        ("collected", money(one.totals.amount)),
        ("fee", money(one.totals.fee)),
        ("integrator fee", money(one.totals.integrator_fee)),
        ("refunded", money(one.totals.refunded)),
        ("carried over", money(one.carried)),
        ("paid out", money(one.paid_out)),
        ("payout", format!("{} ({})", one.order, one.state.as_str())),
    ]);
    for share in &shown.shares {
        let order = share.order.as_deref().unwrap_or("waits for a payout account");
        output::line(&format!(
            "integrator {}: {} ({order})",
            share.integrator,
            money(share.amount)
        ));
    }
    output::line("");
    let row = |line: &ayni_gateway::settlement::Line| {
        let amounts = [
            line.amount,
            line.fee,
            line.integrator_fee,
            line.refunded,
            line.net,
        ];
        let mut row = vec![line.payment.to_string(), line.transaction_id.clone()];
        row.extend(amounts.map(|amount| amount.plain()));
        row
    };
    let rows: Vec<_> = shown.lines.iter().map(row).collect();
    let header = [
        "PAYMENT",
        "REFERENCE",
        "AMOUNT",
        "FEE",
        "INTEGRATOR",
        "REFUNDED",
        "NET",
    ];
    output::table(&header, &rows, "It has no payments: only what was carried over.");
}

async fn notify(config: &Config, account: AccountId, url: &str, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let url = Some(url.to_owned()).filter(|url| !url.is_empty());
    if let Some(url) = &url {
        app.outbound
            .check_url(url)
            .map_err(|error| Told::new(format!("«{url}» can't be called"), error.to_string()))?;
    }
    accounts::set_rendition_url(&app.db, account, url.clone()).await?;
    let said = json!({ "receiver_id": account.0, "rendition_url": url });
    output::result(form, &said, || {
        output::line(&match &url {
            Some(url) => format!("Account {account} is told of its settlements at {url}."),
            None => format!("Account {account} is not told of its settlements."),
        });
    })
}

fn described(one: &Settlement) -> Value {
    json!({
        "settlement_id": one.id, "receiver_id": one.account.0, "collecting_id": one.collecting_id, "day": one.day,
        "number": one.number, "currency": one.currency.code(), "made_at": ayni_domain::time::wire(one.made_at),
        "payments": one.totals.payments, "amount": one.totals.amount.to_string(), "fee": one.totals.fee.to_string(),
        "integrator_fee": one.totals.integrator_fee.to_string(), "refunded": one.totals.refunded.to_string(),
        "carried": one.carried.to_string(), "paid_out": one.paid_out.to_string(), "payout_id": one.order,
        "state": one.state.as_str(), "ended_at": one.ended_at.map(ayni_domain::time::wire),
    })
}

fn shown_as_json(shown: &Shown) -> Value {
    let mut said = described(&shown.settlement);
    let line = |line: &ayni_gateway::settlement::Line| {
        json!({
            "payment_id": line.payment.as_str(), "transaction_id": line.transaction_id,
            "amount": line.amount.to_string(), "fee": line.fee.to_string(),
            "integrator_fee": line.integrator_fee.to_string(), "refunded": line.refunded.to_string(),
            "net": line.net.to_string(),
        })
    };
    said["lines"] = shown.lines.iter().map(line).collect();
    let share = |share: &ayni_gateway::settlement::Share| json!({ "receiver_id": share.integrator.0, "amount": share.amount.to_string(), "payout_id": share.order });
    said["shares"] = shown.shares.iter().map(share).collect();
    said
}

const RUN_HELP: &str = "\
Everything that was released by then is settled, what earlier days left included; run again, it finds nothing.
Payments are released on the business day after their money was seen; held ones when they are confirmed or
their confirm_timeout_date comes. Days and holidays are Chile's: `holidays_file` replaces the list.

Examples:
  ayni settlement run
  ayni settlement run --day 2030-12-30 --json";

const NOTIFY_HELP: &str = "\
Each settlement is sent there as JSON, signed and retried like the notifications of payments.

Examples:
  ayni settlement notify 990939 https://comercio.cl/rendiciones
  ayni settlement notify 990939 ''";
