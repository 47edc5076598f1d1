//! `ayni payment pay`: a payer without a browser. It opens the payer's pages over HTTP, as anybody would, and fills in
//! what they ask; nothing is done behind the pages' back.

mod pages;
mod payer;

use std::process::ExitCode;

use anyhow::Context as _;
use ayni_domain::ids::PaymentId;
use ayni_domain::privilege::Mode;
use ayni_domain::rut::Rut;
use url::Url;

use self::payer::Payer;
use super::payment::{owner, paid};
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};
use crate::told::Told;

/// What `ayni payment pay` takes.
#[derive(clap::Args)]
pub struct Args {
    /// The payment's id
    #[arg(value_name = "ID")]
    id: String,
    /// The payer's RUT at DemoBank
    #[arg(long, value_name = "RUT", default_value = USUAL_RUT)]
    rut: String,
    /// What the matrix card is said to show
    #[arg(long, value_name = "COORDINATES", default_value = USUAL_COORDINATES)]
    coordinates: String,
    /// Where the gateway answers [default: that of ayni dev]
    #[arg(long, value_name = "URL")]
    gateway_url: Option<String>,
}

/// How it ended, for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Authorised,
    Refused,
    Uncertain,
}

/// What the last page said.
struct Ending {
    outcome: Outcome,
    page: String,
    message: String,
    operation: Option<String>,
}

/// Pays, and says how it went in words and exit code.
pub async fn run(config: &Config, args: &Args, form: Form) -> anyhow::Result<ExitCode> {
    let id = PaymentId::parse(&args.id).with_context(|| format!("«{}» is no payment id", args.id))?;
    let answers = Answers::parse(&args.rut, &args.coordinates)?;
    let account = owner(config, id).await?;
    if account.mode != Mode::Developer {
        let what = format!(
            "payment {id} is of the live account {}: only developer accounts' payments are paid so",
            account.id
        );
        return Err(Told::new(what, "open its payment_url in a browser").into());
    }
    let payer = Payer::at(gateway_url(config, args)?, id, answers, demo_bank_id(config)?)?;
    let ending = payer.pay().await?;
    let said = paid(
        id,
        ending.outcome.word(),
        &ending.page,
        &ending.message,
        ending.operation.as_deref(),
    );
    output::result(form, &said, || {
        let operation = ending
            .operation
            .as_ref()
            .map(|number| format!(" Operation {number}."))
            .unwrap_or_default();
        output::line(&format!(
            "{id}: {}. The page says: {}.{operation}",
            ending.outcome.word(),
            ending.message
        ));
        output::line(match ending.outcome {
            Outcome::Authorised => "Its status turns to done when the money is seen on the statement.",
            Outcome::Refused => "No money moved; the payment can be tried again.",
            Outcome::Uncertain if ending.page == "done" => {
                "The bank gave no clear answer, and the statement has told: the money moved."
            }
            Outcome::Uncertain => {
                "The bank gave no clear answer: the statement will tell whether the money moved."
            }
        });
    })?;
    Ok(ExitCode::from(ending.outcome.exit_code()))
}

/// Pays a developer account's payment as the usual person does; what the last page said. Anything but an authorised
/// transfer is an error.
pub async fn as_usual(config: &Config, gateway: &Url, id: PaymentId) -> anyhow::Result<String> {
    let answers = Answers::parse(USUAL_RUT, USUAL_COORDINATES)?;
    let payer = Payer::at(gateway.clone(), id, answers, demo_bank_id(config)?)?;
    let ending = payer.pay().await?;
    match ending.outcome {
        Outcome::Authorised => Ok(ending.message),
        other => {
            let what = format!(
                "DemoBank did not transfer it ({}): {}",
                other.word(),
                ending.message
            );
            Err(Told::new(what, format!("`ayni payment events {id}` tells more")).into())
        }
    }
}

/// Declines a payment as its payer would: by the form of `/payment/reject/{id}` or `/payment/abuse/{id}`.
pub async fn decline(gateway: &Url, id: PaymentId, path: &str) -> anyhow::Result<()> {
    payer::decline(gateway.clone(), id, path).await
}

/// The name of the page that a payment's address shows now.
pub async fn page_of(gateway: &Url, id: PaymentId) -> anyhow::Result<String> {
    payer::page_of(gateway.clone(), id).await
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Outcome::Authorised => "authorised",
            Outcome::Refused => "refused",
            Outcome::Uncertain => "uncertain",
        }
    }

    fn exit_code(self) -> u8 {
        match self {
            Outcome::Authorised => 0,
            Outcome::Refused => 3,
            Outcome::Uncertain => 4,
        }
    }
}

/// What the payer types.
struct Answers {
    rut: String,
    coordinates: Vec<String>,
}

impl Answers {
    fn parse(rut: &str, coordinates: &str) -> anyhow::Result<Answers> {
        let known = Rut::parse(rut).map_err(|error| {
            Told::new(format!("«{rut}» is no RUT"), "try 11.111.111-1 or 44.444.444-4").because(error)
        })?;
        let said = coordinates;
        let coordinates: Vec<String> = coordinates.split_whitespace().map(str::to_owned).collect();
        let is_pair = |text: &String| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        if coordinates.len() != COORDINATES || !coordinates.iter().all(is_pair) {
            let what = format!("«{said}» are not three coordinates of two digits");
            return Err(Told::new(what, "write them as \"11 22 33\"").into());
        }
        Ok(Answers {
            rut: known.formatted(),
            coordinates,
        })
    }
}

fn gateway_url(config: &Config, args: &Args) -> anyhow::Result<Url> {
    let written = config.dev_file.as_ref().map(|file| &file.gateway_url);
    let known = args
        .gateway_url
        .as_ref()
        .or(written)
        .or(config.values.edge.public_url.as_ref());
    let Some(text) = known else {
        return Err(Told::new(
            "where the gateway answers is not known",
            "say it with --gateway-url URL",
        )
        .into());
    };
    Url::parse(text).with_context(|| format!("«{text}» is no URL"))
}

fn demo_bank_id(config: &Config) -> anyhow::Result<String> {
    let banks = gateway::banks(config)?;
    let mut seen = banks.seen_by(Mode::Developer);
    let bank = seen.find(|bank| bank.connector.as_deref() == Some(gateway::DEMO_BANK));
    Ok(bank.context("none of the banks is DemoBank")?.id.clone())
}

const COORDINATES: usize = 3;
const USUAL_RUT: &str = "11.111.111-1";
const USUAL_COORDINATES: &str = "11 22 33";

/// Printed under the command's help.
pub const AFTER_HELP: &str = "\
Logs in at DemoBank with password 1234. Coordinates 11 22 33 succeed, 99 99 99 are refused by the
bank, 66 66 66 give no clear answer (the money moves if the RUT's check digit is odd).

Exit codes: 0 authorised · 3 refused, no money moved · 4 uncertain, the statement will tell
            1 could not be tried

Examples:
  ayni payment pay gqzdy6chjne9
  ayni payment pay gqzdy6chjne9 --rut 44.444.444-4 --coordinates \"66 66 66\"";
