//! `ayni listen`: what happens to an account, as it happens, over a connection that goes out; and its notifications
//! handed to a server that nobody else can reach, signed as the gateway signs them.

mod forward;
mod keyboard;
mod shown;

use std::num::NonZeroU64;

use ayni_client::events::Event;
use ayni_client::stream::{Stream, Told};
use ayni_gateway::events::Kind;
use clap::ValueHint;
use clap::builder::PossibleValuesParser;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use self::forward::Forwarder;
use self::keyboard::Keyboard;
use self::shown::Shown;
use crate::calling::{self, Gateway};
use crate::cli::Common;
use crate::config::Config;
use crate::output::Form;

/// What `ayni listen` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Hand notifications to this address of yours, as the gateway would
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    forward_to: Option<String>,
    /// Hand this earlier event or notification over once more, and end
    #[arg(long, value_name = "ID", requires = "forward_to")]
    resend: Option<String>,
    /// Only events of these kinds, as payment.done; may be repeated
    #[arg(long = "event", value_name = "KIND", value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::as_str)))]
    kinds: Vec<String>,
    /// End after so many events
    #[arg(long, value_name = "N")]
    count: Option<NonZeroU64>,
    #[command(flatten)]
    gateway: Gateway,
}

/// Listens until Ctrl-C, or until there were enough.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    let client = args.gateway.client(&config)?;
    let forwarder = args
        .forward_to
        .as_deref()
        .map(|url| Forwarder::to(&config, url))
        .transpose()?;
    let mut shown = Shown::new(form);
    if let (Some(id), Some(forwarder)) = (&args.resend, &forwarder) {
        let event = client.event(id).await.map_err(calling::failed)?;
        return hand_over_again(forwarder, &mut shown, event).await;
    }
    let keyboard = Keyboard::open(form, forwarder.is_some());
    let mut session = Session {
        stream: client.events(None),
        client,
        forwarder,
        shown,
        keyboard,
        kinds: args.kinds,
        left: args.count.map(NonZeroU64::get),
    };
    session.listen().await
}

struct Session {
    client: ayni_client::Client,
    stream: Stream<Event>,
    forwarder: Option<Forwarder>,
    shown: Shown,
    keyboard: Keyboard,
    kinds: Vec<String>,
    left: Option<u64>,
}

impl Session {
    async fn listen(&mut self) -> anyhow::Result<()> {
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        loop {
            tokio::select! {
                told = self.stream.next() => match told.map_err(calling::failed)? {
                    Told::Item(event) => {
                        if self.take(*event).await {
                            return Ok(());
                        }
                    }
                    Told::Connected => self.shown.connected(&self.client, self.forwarder.as_ref()),
                    Told::Gap => self.shown.gap(),
                    Told::Lost { reason, pause } => self.shown.lost(&reason, pause),
                },
                Some(number) = self.keyboard.asked() => self.again(number).await,
                _ = interrupt.recv() => return Ok(()),
                _ = terminate.recv() => return Ok(()),
            }
        }
    }

    /// Tells an event and hands it over; whether there were enough.
    async fn take(&mut self, event: Event) -> bool {
        if !self.kinds.is_empty() && !self.kinds.contains(&event.kind) {
            return false;
        }
        let outcome = match (&self.forwarder, &event.notice) {
            (Some(forwarder), Some(notice)) => Some(forwarder.forward(notice).await),
            _ => None,
        };
        self.shown.event(&event, outcome.as_ref());
        self.left = self.left.map(|left| left.saturating_sub(1));
        self.left == Some(0)
    }

    /// Hands over once more what stands beside this number, or the last one.
    async fn again(&mut self, number: Option<usize>) {
        let (Some(forwarder), Some(id)) = (&self.forwarder, self.shown.id_of(number)) else {
            return self.shown.nothing_to_resend();
        };
        match self.client.event(&id).await {
            Ok(event) => {
                let outcome = match &event.notice {
                    Some(notice) => Some(forwarder.forward(notice).await),
                    None => None,
                };
                self.shown.event(&event, outcome.as_ref());
            }
            Err(error) => self.shown.not_resent(&error.to_string()),
        }
    }
}

async fn hand_over_again(forwarder: &Forwarder, shown: &mut Shown, event: Event) -> anyhow::Result<()> {
    let Some(notice) = &event.notice else {
        let what = format!(
            "the gateway sends no notification of {} {}",
            event.kind, event.subject
        );
        let hint = "payment.done, settlement.done and operation.callback have one";
        return Err(crate::told::Told::new(what, hint).into());
    };
    let outcome = forwarder.forward(notice).await;
    shown.event(&event, Some(&outcome));
    match outcome.status {
        Some(200) => Ok(()),
        _ => Err(crate::told::Told::new("your server did not acknowledge it", "answer with HTTP 200").into()),
    }
}

/// What JSON says of an event.
fn described(event: &Event, outcome: Option<&forward::Outcome>) -> serde_json::Value {
    json!({
        "id": event.id, "at": event.at, "event": event.kind, "subject": event.subject,
        "notice": event.notice.is_some(), "forwarded": outcome,
    })
}

const AFTER_HELP: &str = "\
Payments need no notify_url for this. Forwarded are the kinds that the gateway notifies: payment.done,
settlement.done, operation.callback; the others are shown only. A lost connection is opened again and goes on where
it was. On a terminal, Enter hands the last one over again, and a number and Enter the one beside that number.
With --json each line is a JSON value of its own. The key is better in AYNI_API_KEY than in --key: others can see
a command's arguments.

Examples:
  ayni listen
  ayni listen --forward-to http://127.0.0.1:3000/notify
  ayni listen --forward-to http://127.0.0.1:3000/notify --resend 0b1c3a52-6d0e-4f5c-9a55-2f6d3a0f6a11
  AYNI_API_KEY=… ayni listen --url https://pay.example.com --json | jq .subject";
