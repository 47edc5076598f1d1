//! `ayni trigger`: makes an event really happen in the sandbox, through the API, the payer's pages and DemoBank, as
//! merchant and payer would.

mod happen;
mod money;
mod receiver;

use ayni_client::Client;
use clap::ValueEnum;
use serde_json::json;

use crate::calling::{self, Gateway};
use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;

/// What `ayni trigger` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Which event
    #[arg(value_name = "EVENT", required_unless_present = "list")]
    event: Option<Event>,
    /// The events that can be made, and how each is made
    #[arg(long)]
    list: bool,
    /// Where the payment's notification goes [default: nowhere; `ayni listen` is told all the same]
    #[arg(long, value_name = "URL")]
    notify_url: Option<String>,
    /// How much, in pesos
    #[arg(long, value_name = "AMOUNT", default_value = "1000")]
    amount: String,
    /// Where the gateway answers [default: that of ayni dev]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

/// What can be made to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Event {
    /// A payment is made, paid at DemoBank, and its money seen on the statement
    #[value(name = "payment.done")]
    PaymentDone,
    /// A payment's payer says that it will not be paid
    #[value(name = "payment.rejected")]
    PaymentRejected,
    /// A payment's payer reports it as abuse
    #[value(name = "payment.abuse")]
    PaymentAbuse,
    /// A payment is made and deleted
    #[value(name = "payment.deleted")]
    PaymentDeleted,
    /// A payment's merchant says that it was paid in another way
    #[value(name = "payment.marked-paid")]
    PaymentMarkedPaid,
    /// A payment is made that expires at once, and its page says so
    #[value(name = "payment.expired")]
    PaymentExpired,
    /// A payment is paid, refunded, and the refund seen leaving
    #[value(name = "refund.paid")]
    RefundPaid,
    /// A payment is paid and refunded, and the refund ended by the operator before the bank is asked
    #[value(name = "refund.expired")]
    RefundExpired,
    /// A payment is paid, released at once and settled; its payout is ordered at DemoBank
    #[value(name = "settlement.done")]
    SettlementDone,
    /// A debt is asked for at the bill portal, and its callback received here
    #[value(name = "operation.callback")]
    OperationCallback,
}

/// What an event is made with.
struct Making<'a> {
    config: &'a Config,
    client: Client,
    form: Form,
    amount: &'a str,
    notify_url: Option<&'a str>,
}

/// Makes it happen, step by step.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    let event = match args.event {
        Some(event) if !args.list => event,
        _ => return list(form),
    };
    calling::only_developers(&config).await?;
    let gateway = Gateway {
        url: args.url,
        key: config.dev_file.as_ref().map(|dev| dev.api_key.clone()),
    };
    let making = Making {
        client: gateway.client(&config)?,
        config: &config,
        form,
        amount: &args.amount,
        notify_url: args.notify_url.as_deref(),
    };
    let subject = making.make(event).await?;
    let said = json!({ "event": event.name(), "subject": subject });
    output::result(form, &said, || {
        output::line(&format!("{} happened: {subject}", event.name()));
    })
}

impl Event {
    fn name(self) -> String {
        let value = self.to_possible_value();
        value.map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

impl Making<'_> {
    async fn make(&self, event: Event) -> anyhow::Result<String> {
        match event {
            Event::PaymentDone => self.done().await,
            Event::PaymentRejected => self.declined("reject", "rejected-by-payer").await,
            Event::PaymentAbuse => self.declined("abuse", "marked-as-abuse").await,
            Event::PaymentDeleted => self.deleted().await,
            Event::PaymentMarkedPaid => self.marked_paid().await,
            Event::PaymentExpired => self.expired().await,
            Event::RefundPaid => self.refunded().await,
            Event::RefundExpired => self.refund_expired().await,
            Event::SettlementDone => self.settled().await,
            Event::OperationCallback => self.called_back().await,
        }
    }

    /// Says a step to a person.
    fn step(&self, text: &str) {
        match self.form {
            Form::Text => output::line(text),
            Form::Json => output::note(text),
        }
    }
}

fn list(form: Form) -> anyhow::Result<()> {
    let all = Event::value_variants()
        .iter()
        .filter_map(ValueEnum::to_possible_value);
    let named: Vec<(String, String)> = all
        .map(|value| {
            let help = value.get_help().map(ToString::to_string).unwrap_or_default();
            (value.get_name().to_owned(), help)
        })
        .collect();
    let said: Vec<_> = (named
        .iter()
        .map(|(event, how)| json!({ "event": event, "how": how })))
    .collect();
    output::result(form, &json!({ "events": said }), || {
        let rows: Vec<_> = named
            .iter()
            .map(|(event, how)| vec![event.clone(), how.clone()])
            .collect();
        output::table(&["EVENT", "WHAT HAPPENS"], &rows, "None.");
    })
}

/// What did not happen in time.
fn did_not_happen(what: &str, subject: &str) -> anyhow::Error {
    let hint =
        format!("`ayni payment events {subject}` tells how far it came, `ayni doctor` what may be wrong");
    Told::new(
        format!("{what} did not happen in {} s", happen::WAIT_MAX.as_secs()),
        hint,
    )
    .into()
}

const AFTER_HELP: &str = "\
Nothing is feigned: the payment is one of the account of `ayni dev`, the money moves at DemoBank. The gateway must be
running. It exits with 1 if the event does not happen.

Examples:
  ayni trigger --list
  ayni trigger payment.done
  ayni trigger refund.paid --amount 2500 --json | jq -r .subject";
