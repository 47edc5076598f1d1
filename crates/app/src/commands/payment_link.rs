//! `ayni payment-link`: reusable links, at each of which many payers pay.

use anyhow::Context as _;
use ayni_domain::ids::{AccountId, LinkCode};
use ayni_domain::lang::Lang;
use ayni_domain::payment_link::PaymentLink;
use ayni_domain::payment_link::terms::Price;
use ayni_domain::time::wire;
use ayni_gateway::app::App;
use ayni_gateway::merchants::accounts;
use ayni_gateway::payment_links::{self, LinkError, Use, commands};
use ayni_gateway::witness::Witness;
use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::payment::{account_of, refused};
use crate::cli::Common;
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};
use crate::told::Told;

/// What is done with payment links.
#[derive(Subcommand)]
pub enum Action {
    /// Make a link, with a fixed price or a free one
    #[command(after_help = CREATE_HELP)]
    Create(Box<New>),
    /// An account's links, newest first
    #[command(after_help = "Example:\n  ayni payment-link list --account 990939 --json")]
    List {
        /// Whose: a receiver_id [default: the account of ayni dev]
        #[arg(long, value_name = "ID")]
        account: Option<i64>,
        /// At most so many, up to 100
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: i64,
    },
    /// A link and the last payments made through it
    #[command(after_help = "Example:\n  ayni payment-link show k3v9q0x1m2ab --json | jq .uses")]
    Show(One),
    /// Let nobody use a link any more; payments made through it stay as they are
    #[command(after_help = "Example:\n  ayni payment-link deactivate k3v9q0x1m2ab")]
    Deactivate(One),
    /// Let a deactivated link be used again
    #[command(after_help = "Example:\n  ayni payment-link activate k3v9q0x1m2ab")]
    Activate(One),
}

/// What is said of a new link.
#[derive(clap::Args)]
pub struct New {
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    subject: String,
    /// The price of one; without it each payer says how much
    #[arg(long, value_name = "AMOUNT", conflicts_with_all = ["minimum", "maximum"])]
    amount: Option<String>,
    /// How many a payer may take at once, up to 999
    #[arg(long, value_name = "N", requires = "amount")]
    quantity_max: Option<i64>,
    /// The least that a payer may give
    #[arg(long, value_name = "AMOUNT")]
    minimum: Option<String>,
    /// The most that a payer may give
    #[arg(long, value_name = "AMOUNT")]
    maximum: Option<String>,
    /// CLP CLF ARS PEN MXN USD EUR BOB COP
    #[arg(long, value_name = "CODE", default_value = "CLP")]
    currency: String,
    /// Shown to payers below the subject
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// Let payers say their name
    #[arg(long)]
    ask_name: bool,
    /// Let payers say their address, for the receipt
    #[arg(long)]
    ask_email: bool,
    /// When it can't be used any more, as 2030-12-31T00:00:00-03:00
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    /// Payments that may be made through it
    #[arg(long, value_name = "N")]
    uses_max: Option<i64>,
    /// Where payers go back to
    #[arg(long, value_name = "URL")]
    return_url: Option<String>,
    /// Where its payments are notified [default: the account's own]
    #[arg(long, value_name = "URL")]
    notify_url: Option<String>,
    /// The end merchant, where the account is a payment service provider's
    #[arg(long, value_name = "NAME")]
    psp_client_merchant_name: Option<String>,
    /// Whose: a receiver_id [default: the account of ayni dev]
    #[arg(long, value_name = "ID")]
    account: Option<i64>,
}

/// Which link.
#[derive(clap::Args)]
pub struct One {
    /// The link's code, as `payment-link list` shows it
    #[arg(value_name = "CODE")]
    code: String,
    /// Whose: a receiver_id [default: the account of ayni dev]
    #[arg(long, value_name = "ID")]
    account: Option<i64>,
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    gateway::public_url(&config)?;
    let app = gateway::beside(&config).await?;
    match action {
        Action::Create(new) => create(&app, account_of(&config, new.account)?, &new, form).await,
        Action::List { account, limit } => list(&app, account_of(&config, account)?, limit, form).await,
        Action::Show(one) => show(&app, account_of(&config, one.account)?, code_of(&one)?, form).await,
        Action::Deactivate(one) => {
            let account = account_of(&config, one.account)?;
            set_active(&app, (account, code_of(&one)?), false, form).await
        }
        Action::Activate(one) => {
            let account = account_of(&config, one.account)?;
            set_active(&app, (account, code_of(&one)?), true, form).await
        }
    }
}

async fn create(app: &App, account: AccountId, new: &New, form: Form) -> anyhow::Result<()> {
    let account = accounts::find(&app.db, account).await?;
    let body = serde_json::to_vec(&body_of(new))?;
    let made = commands::create(
        app,
        &account,
        (commands::new_code(app), &body),
        Lang::Es,
        Witness::nobody(),
    )
    .await;
    let link = made.map_err(told)?;
    output::result(form, &described(app, &link), || {
        print_facts(app, &link);
        output::line("\nPrint it as a QR from the console, or send the address.");
    })
}

fn body_of(new: &New) -> Map<String, Value> {
    let texts = [
        ("subject", Some(&new.subject)),
        ("amount", new.amount.as_ref()),
        ("minimum_amount", new.minimum.as_ref()),
        ("maximum_amount", new.maximum.as_ref()),
        ("currency", Some(&new.currency)),
        ("body", new.body.as_ref()),
        ("expires_date", new.expires.as_ref()),
        ("return_url", new.return_url.as_ref()),
        ("notify_url", new.notify_url.as_ref()),
        ("psp_client_merchant_name", new.psp_client_merchant_name.as_ref()),
    ];
    let numbers = [("quantity_max", new.quantity_max), ("uses_max", new.uses_max)];
    let flags = [
        ("asks_payer_name", new.ask_name),
        ("asks_payer_email", new.ask_email),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(name, text)| Some((name, Value::from(text?.as_str()))));
    let numbers = numbers
        .into_iter()
        .filter_map(|(name, number)| Some((name, Value::from(number?))));
    let flags = flags.into_iter().map(|(name, flag)| (name, Value::from(flag)));
    let all = texts.chain(numbers).chain(flags);
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn list(app: &App, account: AccountId, limit: i64, form: Form) -> anyhow::Result<()> {
    let links = commands::list(app, account, None, limit).await?;
    let said = json!({ "payment_links": links.iter().map(|link| described(app, link)).collect::<Vec<_>>() });
    let row = |link: &PaymentLink| {
        vec![
            link.code.to_string(),
            link.standing(app.clock.now()).as_str().to_owned(),
            price(link),
            uses_of(link),
            link.terms.expires_at.map_or_else(|| "never".to_owned(), wire),
            link.terms.subject.clone(),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = links.iter().map(row).collect();
        let header = ["CODE", "STATE", "PRICE", "USES", "EXPIRES", "SUBJECT"];
        let nothing = "None. Make one: ayni payment-link create --subject TEXT --amount 1000";
        output::table(&header, &rows, nothing);
    })
}

async fn show(app: &App, account: AccountId, code: LinkCode, form: Form) -> anyhow::Result<()> {
    let link = commands::find_of(app, account, code).await?;
    let uses = commands::uses(app, code, None, USES_SHOWN_MAX).await?;
    let mut said = described(app, &link);
    let listed = |used: &Use| json!({ "payment_id": used.payment.as_str(), "at": wire(used.at), "quantity": used.quantity });
    said["payments"] = uses.iter().map(listed).collect();
    output::result(form, &said, || {
        print_facts(app, &link);
        output::line("");
        let row = |used: &Use| vec![used.payment.to_string(), wire(used.at), used.quantity.to_string()];
        let rows: Vec<_> = uses.iter().map(row).collect();
        output::table(&["PAYMENT", "MADE", "QUANTITY"], &rows, "Nobody has used it yet.");
    })
}

async fn set_active(
    app: &App,
    (account, code): (AccountId, LinkCode),
    is_active: bool,
    form: Form,
) -> anyhow::Result<()> {
    let link = commands::set_active(app, account, code, is_active, Witness::nobody()).await?;
    output::result(form, &described(app, &link), || {
        let state = link.standing(app.clock.now()).as_str();
        output::line(&format!("Payment link {code} is {state}."));
    })
}

fn print_facts(app: &App, link: &PaymentLink) {
    output::facts(&[
        ("code", link.code.to_string()),
        ("address", payment_links::url(app, link.code)),
        ("state", link.standing(app.clock.now()).as_str().to_owned()),
        ("subject", link.terms.subject.clone()),
        ("price", price(link)),
        ("uses", uses_of(link)),
        ("expires", link.terms.expires_at.map(wire).unwrap_or_default()),
    ]);
}

fn price(link: &PaymentLink) -> String {
    let currency = link.terms.currency;
    match link.terms.price {
        Price::Fixed {
            unit,
            quantity_max: 1,
        } => format!("{currency} {}", unit.plain()),
        Price::Fixed { unit, quantity_max } => format!("{currency} {} × 1-{quantity_max}", unit.plain()),
        Price::Free { minimum, maximum } => format!("{currency} {}-{}", minimum.plain(), maximum.plain()),
    }
}

fn uses_of(link: &PaymentLink) -> String {
    match link.terms.uses_max {
        Some(most) => format!("{} of {most}", link.uses),
        None => link.uses.to_string(),
    }
}

fn described(app: &App, link: &PaymentLink) -> Value {
    let terms = &link.terms;
    let (amount, quantity_max, minimum, maximum) = match terms.price {
        Price::Fixed { unit, quantity_max } => (Some(unit), Some(quantity_max), None, None),
        Price::Free { minimum, maximum } => (None, None, Some(minimum), Some(maximum)),
    };
    json!({
        "code": link.code.as_str(), "url": payment_links::url(app, link.code), "receiver_id": link.account.0,
        "state": link.standing(app.clock.now()).as_str(), "subject": terms.subject, "body": terms.body,
        "currency": terms.currency, "amount": amount, "quantity_max": quantity_max, "minimum_amount": minimum,
        "maximum_amount": maximum, "asks_payer_name": terms.asks_name, "asks_payer_email": terms.asks_email,
        "created_at": wire(link.created_at), "expires_date": terms.expires_at.map(wire), "uses": link.uses,
        "uses_max": terms.uses_max, "return_url": terms.return_url, "notify_url": terms.notify_url,
        "deactivated_at": link.deactivated_at.map(wire),
    })
}

fn code_of(one: &One) -> anyhow::Result<LinkCode> {
    LinkCode::parse(&one.code)
        .with_context(|| format!("«{}» is no link's code: 12 small letters and digits", one.code))
}

fn told(error: LinkError) -> anyhow::Error {
    match error {
        LinkError::Refused(error) => refused(&error),
        other => Told::new(other.to_string(), "`ayni payment-link list` shows them").into(),
    }
}

const CREATE_HELP: &str = "\
Examples:
  ayni payment-link create --subject 'Entrada general' --amount 4500 --quantity-max 10 --uses-max 200
  ayni payment-link create --subject 'Aporte voluntario' --minimum 1000 --ask-email --json";
/// Uses that are shown of one link.
const USES_SHOWN_MAX: i64 = 100;
