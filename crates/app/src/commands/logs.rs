//! `ayni logs`: the requests of an account as the gateway answers them, over a connection that goes out.

mod filter;
mod shown;

use std::num::NonZeroU64;

use ayni_client::requests::Requests;
use ayni_client::stream::Told;
use jiff::{SignedDuration, Timestamp};
use tokio::signal::unix::{SignalKind, signal};

use self::filter::{Filter, Statuses};
use self::shown::Shown;
use crate::calling::{self, Gateway};
use crate::cli::Common;
use crate::config::Config;
use crate::output::Form;
use crate::told::Told as Problem;

/// What `ayni logs` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Only answers of this status, as 404 or 4xx; may be repeated
    #[arg(long = "status", value_name = "STATUS")]
    statuses: Vec<Statuses>,
    /// Only requests of this method; may be repeated
    #[arg(long = "method", value_name = "METHOD")]
    methods: Vec<String>,
    /// Only requests whose path begins so, as /v3/payments; may be repeated
    #[arg(long = "path", value_name = "PATH")]
    paths: Vec<String>,
    /// Begin so long ago, as 10m or 2h: a day at most
    #[arg(long, value_name = "DURATION")]
    since: Option<SignedDuration>,
    /// End after so many requests
    #[arg(long, value_name = "N")]
    count: Option<NonZeroU64>,
    #[command(flatten)]
    gateway: Gateway,
}

/// Tails until Ctrl-C, or until there were enough.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    let client = args.gateway.client(&config)?;
    let begins = args.since.map(begin).transpose()?;
    let mut stream = client.requests(begins.map(|at| at.as_millisecond().to_string()));
    let mut tailing = Tailing {
        filter: Filter {
            statuses: args.statuses,
            methods: args.methods,
            paths: args.paths,
        },
        begins,
        shown: Shown::new(form),
        left: args.count.map(NonZeroU64::get),
    };
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    loop {
        tokio::select! {
            told = stream.next() => match told.map_err(calling::failed)? {
                Told::Item(requests) => {
                    if tailing.take(&requests) {
                        return Ok(());
                    }
                }
                Told::Connected => tailing.shown.connected(&client),
                Told::Gap => tailing.shown.gap(),
                Told::Lost { reason, pause } => tailing.shown.lost(&reason, pause),
            },
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
        }
    }
}

struct Tailing {
    filter: Filter,
    begins: Option<Timestamp>,
    shown: Shown,
    left: Option<u64>,
}

impl Tailing {
    /// Shows what passes the filter; whether there were enough.
    fn take(&mut self, told: &Requests) -> bool {
        for request in &told.requests {
            let answered_at = request.at.parse::<Timestamp>().ok();
            // The gateway tells some of what was before, since nodes' clocks differ.
            let is_early = (self.begins).is_some_and(|begins| answered_at.is_some_and(|at| at < begins));
            if is_early || !self.filter.passes(request) {
                continue;
            }
            self.shown.request(request);
            self.left = self.left.map(|left| left.saturating_sub(1));
            if self.left == Some(0) {
                return true;
            }
        }
        if told.left_out > 0 {
            self.shown.left_out(told);
        }
        false
    }
}

fn begin(since: SignedDuration) -> anyhow::Result<Timestamp> {
    let now = ayni_gateway::clock::Clock::System.now();
    match since.is_negative() || since > ayni_gateway::requests::KEPT_FOR {
        true => Err(Problem::new(
            format!("requests of {since:#} ago are not kept"),
            "--since 24h at most",
        )
        .into()),
        false => Ok(now.saturating_sub(since).unwrap_or(now)),
    }
}

const AFTER_HELP: &str = "\
Each line tells time (UTC), status, method, path, duration, what opened it (a key's alias) and the request's id; a
refused one also the fields that were wrong. Nothing else of a request is kept. Requests are recorded while somebody
tails the account and for a day after; each is kept for a day. A lost connection is opened again and goes on where it
was. With --json each line is a JSON value of its own. The key is better in AYNI_API_KEY than in --key: others can see
a command's arguments.

Examples:
  ayni logs
  ayni logs --status 4xx --status 5xx
  ayni logs --method POST --path /v3/payments --since 2h
  AYNI_API_KEY=… ayni logs --url https://pay.example.com --json | jq .refusal";
