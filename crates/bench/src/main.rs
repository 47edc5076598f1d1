//! `cargo xtask bench`: how fast it is, told as ratios.
//!
//! A time on a shared machine says little; a ratio of two things measured side by side in one run, in alternating
//! rounds, says much. Everything is started here, on loopback, bounded in time and count, and ended by its id. The
//! load generator runs on the same cores as what it measures.

#![expect(clippy::float_arithmetic, reason = "figures of a report, no money")]
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]
#![expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]

mod echo;
mod load;
mod process;
mod rows;
mod scenarios;
mod table;
mod wire;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

use crate::scenarios::{
    Plan, api, browser, console, data, delivery, latency, postgres, process as whole, reconciliation,
};
use crate::table::Table;

/// Measures the gateway and prints one table of ratios.
#[derive(Parser)]
struct Arguments {
    /// The release binary of `ayni`
    #[arg(long, default_value = "target/release/ayni")]
    ayni: PathBuf,
    /// Only these
    #[arg(long, value_delimiter = ',', value_name = "SCENARIO", value_parser = PossibleValuesParser::new(SCENARIOS))]
    only: Vec<String>,
    /// Short rounds and small databases: to try the harness, not to quote
    #[arg(long)]
    quick: bool,
    /// Stored payments of the middle and the large database [default: 100000,1000000; quick: 10000,50000]
    #[arg(long, value_delimiter = ',', value_name = "MIDDLE,LARGE")]
    stored: Option<Vec<u64>>,
    /// A PostgreSQL server's superuser URL; `cargo xtask bench` starts one and gives it
    #[arg(long, env = "AYNI_TEST_POSTGRES")]
    postgres: Option<String>,
    #[command(subcommand)]
    peer: Option<Peer>,
}

#[derive(Subcommand)]
enum Peer {
    /// The echo server, as the harness starts it
    Echo {
        port: u16,
        created: String,
        read: String,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(Peer::Echo { port, created, read }) = arguments.peer {
        return echo::serve(port, created, read).await;
    }
    let mut plan = match arguments.quick {
        true => Plan {
            rounds: 3,
            time: Duration::from_secs(1),
            connections: 64,
            stored: [10_000, 50_000],
        },
        false => Plan {
            rounds: 5,
            time: Duration::from_secs(3),
            connections: 64,
            stored: [100_000, 1_000_000],
        },
    };
    if let Some(&[middle, large]) = arguments.stored.as_deref() {
        plan.stored = [middle, large];
    }
    let wanted = |name: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == name);
    let (ayni, mut table) = (arguments.ayni.as_path(), Table::default());
    if wanted("process") {
        whole::start_and_memory(ayni, plan, &mut table).await?;
    }
    if wanted("echo") {
        api::against_echo(ayni, plan, &mut table).await?;
    }
    if wanted("notices") {
        delivery::notifications(ayni, plan, &mut table).await?;
    }
    if wanted("latency") {
        latency::authorise_to_notification(ayni, plan, &mut table).await?;
    }
    if wanted("size") {
        api::against_size(ayni, plan, &mut table).await?;
    }
    if wanted("reconciliation") {
        reconciliation::against_raw(plan, arguments.postgres.is_some(), &mut table).await?;
    }
    if wanted("postgres") {
        match &arguments.postgres {
            Some(server) => postgres::against_hand_written(ayni, server, plan, &mut table).await?,
            None => println!("PostgreSQL is not measured: run `cargo xtask bench`, which starts a server"),
        }
    }
    if wanted("browser") {
        browser::against_http(ayni, plan, &mut table).await?;
    }
    if wanted("data") {
        data::debts(ayni, plan, &mut table).await?;
        data::accepted(ayni, plan, &mut table).await?;
    }
    if wanted("console") {
        console::pages(plan, arguments.postgres.is_some(), &mut table).await?;
    }
    println!("{}", table.text());
    Ok(())
}

/// What can be measured alone.
const SCENARIOS: [&str; 10] = [
    "process",
    "echo",
    "notices",
    "latency",
    "size",
    "reconciliation",
    "postgres",
    "browser",
    "data",
    "console",
];

/// The present, for rows that the harness writes itself.
fn now_ms() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
