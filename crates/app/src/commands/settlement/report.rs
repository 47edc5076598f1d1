//! `ayni settlement report`: the settlements of a day for the books, however many they are.

use std::io::{self, Write as _};

use ayni_gateway::settlement::Settlement;
use ayni_gateway::settlement::commands::{self, Filter};

use super::{day_of, described};
use crate::config::Config;
use crate::output::Form;
use crate::place;

/// What `ayni settlement report` takes.
#[derive(clap::Args)]
pub struct Args {
    /// The business day
    #[arg(long, value_name = "DAY")]
    day: String,
}

/// Prints it, a portion at a time.
pub async fn run(config: &Config, args: Args, form: Form) -> anyhow::Result<()> {
    let filter = Filter {
        day: Some(day_of(&args.day)?),
        ..Filter::default()
    };
    let db = place::open_db(config, place::small())?;
    let mut out = io::BufWriter::new(io::stdout());
    let written = match form {
        Form::Json => {
            commands::each(&db, filter, |page| {
                page.iter()
                    .try_for_each(|one| writeln!(out, "{}", described(one)))
            })
            .await?
        }
        Form::Text => {
            let mut csv = csv::Writer::from_writer(&mut out);
            let mut written = csv.write_record(HEADER).map_err(io::Error::other);
            if written.is_ok() {
                written = commands::each(&db, filter, |page| {
                    page.iter()
                        .try_for_each(|one| csv.write_record(record(one)).map_err(io::Error::other))
                })
                .await?;
            }
            written.and_then(|()| csv.flush())
        }
    };
    match written.and_then(|()| out.flush()) {
        // A closed pipe (`| head`) is no error.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn record(one: &Settlement) -> [String; 14] {
    let totals = &one.totals;
    [
        one.id.clone(),
        one.day.clone(),
        one.account.to_string(),
        one.collecting_id.to_string(),
        one.currency.code().to_owned(),
        totals.payments.to_string(),
        totals.amount.plain(),
        totals.fee.plain(),
        totals.integrator_fee.plain(),
        totals.refunded.plain(),
        one.carried.plain(),
        one.paid_out.plain(),
        one.order.clone(),
        one.state.as_str().to_owned(),
    ]
}

const HEADER: [&str; 14] = [
    "settlement_id",
    "day",
    "receiver_id",
    "collecting_id",
    "currency",
    "payments",
    "amount",
    "fee",
    "integrator_fee",
    "refunded",
    "carried",
    "paid_out",
    "payout_id",
    "state",
];

/// What `--help` says at the end.
pub const AFTER_HELP: &str = "\
Examples:
  ayni settlement report --day 2030-12-31 > 2030-12-31.csv
  ayni settlement report --day 2030-12-31 --json | jq -s 'map(.paid_out | tonumber) | add'";
