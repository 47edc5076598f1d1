//! `ayni mcp`: the API as tools for assistants that speak the Model Context Protocol, over standard input and output.
//!
//! It reads and does nothing else unless it is started with `--allow-writes`: who may move money is said by whoever starts
//! it, never by an assistant. A key opens it like any other program, so it can do what the key's account may do and no more.

mod protocol;
mod schema;
mod tools;

use std::io::BufRead as _;

use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use self::protocol::Server;
use self::tools::Tools;
use crate::calling::Gateway;
use crate::cli::Common;
use crate::config::Config;
use crate::output;

/// What `ayni mcp` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Offer the tools that change something, too: making, deleting and refunding payments
    #[arg(long)]
    allow_writes: bool,
    #[command(flatten)]
    gateway: Gateway,
}

/// Serves until standard input ends. Standard output carries the protocol only; notes go to standard error.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let config = Config::of(common)?;
    let client = args.gateway.client(&config)?;
    let server = Server::of(Tools::new(client, args.allow_writes));
    let mut terminate = signal(SignalKind::terminate())?;
    let mut lines = lines();
    loop {
        let line = tokio::select! {
            line = lines.recv() => line,
            _ = terminate.recv() => None,
        };
        let Some(line) = line else { return Ok(()) };
        if let Some(answer) = server.answer(&line).await {
            output::line(&Value::to_string(&answer));
        }
    }
}

/// The lines of standard input, read on a thread of its own, which ends with the process.
fn lines() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(LINES_MAX);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// Requests that wait for the one before them.
const LINES_MAX: usize = 64;

const AFTER_HELP: &str = "\
It speaks MCP over standard input and output: name it as the command of an MCP server in your assistant's settings.
Without --allow-writes there is no tool that changes anything. Each tool says what it does and whether it destroys.

Examples:
  ayni mcp
  AYNI_API_KEY=… ayni mcp --url https://pay.example.com --allow-writes
  { \"mcpServers\": { \"ayni\": { \"command\": \"ayni\", \"args\": [\"mcp\", \"--data-dir\", \"/home/ana/ayni-data\"] } } }";
