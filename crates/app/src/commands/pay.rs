//! `ayni payment pay`: a payer without a browser. It opens the payer's pages over HTTP, as anybody would, and fills in
//! what they ask; nothing is done behind the pages' back.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use ayni_connectors::failure::SiteError;
use ayni_connectors::session::form::Form as PageForm;
use ayni_connectors::session::page::{Page, Parsed, text_of};
use ayni_connectors::session::{Browser, Tab};
use ayni_domain::ids::PaymentId;
use ayni_domain::privilege::Mode;
use ayni_domain::rut::Rut;
use ayni_gateway::clock::Clock;
use ayni_outbound::site::{SiteClient, SiteLimits};
use scraper::Selector;
use url::Url;

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
    #[arg(long, value_name = "RUT", default_value = "11.111.111-1")]
    rut: String,
    /// What the matrix card is said to show
    #[arg(long, value_name = "COORDINATES", default_value = "11 22 33")]
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
    let answers = Answers::of(args)?;
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
            Outcome::Uncertain => {
                "The bank gave no clear answer: the statement will tell whether the money moved."
            }
        });
    })?;
    Ok(ExitCode::from(ending.outcome.exit_code()))
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
    fn of(args: &Args) -> anyhow::Result<Answers> {
        let rut = Rut::parse(&args.rut).map_err(|error| {
            Told::new(
                format!("«{}» is no RUT", args.rut),
                "try 11.111.111-1 or 44.444.444-4",
            )
            .because(error)
        })?;
        let coordinates: Vec<String> = args.coordinates.split_whitespace().map(str::to_owned).collect();
        let is_pair = |text: &String| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        if coordinates.len() != COORDINATES || !coordinates.iter().all(is_pair) {
            let what = format!("«{}» are not three coordinates of two digits", args.coordinates);
            return Err(Told::new(what, "write them as \"11 22 33\"").into());
        }
        Ok(Answers {
            rut: rut.formatted(),
            coordinates,
        })
    }
}

/// A payer at the pages of one payment.
struct Payer {
    browser: Browser,
    id: PaymentId,
    answers: Answers,
    bank_id: String,
}

/// Where the next page came from.
enum Step {
    Shown(Page),
    Ended(Ending),
}

impl Payer {
    fn at(url: Url, id: PaymentId, answers: Answers, bank_id: String) -> anyhow::Result<Payer> {
        let limits = SiteLimits {
            timeout: STEP_MAX,
            ..SiteLimits::default()
        };
        let client = SiteClient::new(vec![url.clone()], limits)?;
        let browser = Browser::new(client, url, Arc::new(|| Clock::System.now()));
        Ok(Payer {
            browser,
            id,
            answers,
            bank_id,
        })
    }

    async fn pay(&self) -> anyhow::Result<Ending> {
        let mut tab = Tab::default();
        let path = format!("/payment/info/{}", self.id);
        let mut page = self.browser.open(&mut tab, &path).await.map_err(unreachable)?;
        let mut has_authorised = false;
        for _ in 0..PAGES_MAX {
            match self.step(&mut tab, page, &mut has_authorised).await? {
                Step::Shown(next) => page = next,
                Step::Ended(ending) => return Ok(ending),
            }
        }
        Err(Told::new(
            "the pages did not come to an end",
            "look at payment_url in a browser",
        )
        .into())
    }

    /// Reads the page, does what it asks, and returns the one that follows.
    async fn step(&self, tab: &mut Tab, page: Page, has_authorised: &mut bool) -> anyhow::Result<Step> {
        let name = page.parsed().name().unwrap_or_default().to_owned();
        if let Some(outcome) = outcome(&name) {
            return Ok(Step::Ended(ending(outcome, &name, &page.parsed())));
        }
        let next = match name.as_str() {
            // The bank takes long: the page says so until there is an answer.
            "authorising" | "verifying" if *has_authorised => {
                tokio::time::sleep(RELOAD_PAUSE).await;
                self.browser.reload(tab).await
            }
            "info" => {
                self.browser
                    .submit(tab, &chosen(&page.parsed(), "#choose", &self.bank_id, true)?)
                    .await
            }
            "simplified-begin" => {
                self.browser
                    .submit(tab, &chosen(&page.parsed(), "#begin", &self.bank_id, false)?)
                    .await
            }
            "login" | "account" | "coordinates" => {
                let form = match problem(&page.parsed()) {
                    Some(problem) => return Ok(Step::Ended(refused(&name, problem))),
                    None => answered(&page.parsed(), &self.answers)?,
                };
                if name == "coordinates" {
                    *has_authorised = true;
                    return self.authorise(tab, &form).await;
                }
                self.browser.submit(tab, &form).await
            }
            _ => return Err(not_payable(self.id, &page.parsed())),
        };
        match next {
            Ok(next) => Ok(Step::Shown(next)),
            Err(_) if *has_authorised => Ok(Step::Ended(no_answer())),
            Err(error) => Err(unreachable(error)),
        }
    }

    /// Sends the coordinates once; from here on a missing answer is no refusal.
    async fn authorise(&self, tab: &mut Tab, form: &PageForm) -> anyhow::Result<Step> {
        let sent = self.browser.submit_once(tab, form).await;
        let followed = match sent {
            Ok(sent) => self.browser.follow(tab, sent).await,
            Err(error) => Err(error),
        };
        Ok(followed.map_or_else(|_| Step::Ended(no_answer()), Step::Shown))
    }
}

/// What the name of a last page means.
fn outcome(page: &str) -> Option<Outcome> {
    match page {
        "authorised" => Some(Outcome::Authorised),
        "failed" | "bank-unavailable" => Some(Outcome::Refused),
        "uncertain" => Some(Outcome::Uncertain),
        _ => None,
    }
}

fn ending(outcome: Outcome, name: &str, page: &Parsed<'_>) -> Ending {
    let message = text(page, "#status").unwrap_or_default();
    Ending {
        outcome,
        page: name.to_owned(),
        message,
        operation: text(page, "#operation-number"),
    }
}

fn refused(name: &str, problem: String) -> Ending {
    Ending {
        outcome: Outcome::Refused,
        page: name.to_owned(),
        message: problem,
        operation: None,
    }
}

fn no_answer() -> Ending {
    let message = "the gateway did not answer after the coordinates were sent".to_owned();
    Ending {
        outcome: Outcome::Uncertain,
        page: String::new(),
        message,
        operation: None,
    }
}

/// The chooser of a bank, filled in.
fn chosen(page: &Parsed<'_>, form: &str, bank: &str, with_method: bool) -> anyhow::Result<PageForm> {
    let mut form = page
        .form(&selector(form)?)
        .map_err(|error| not_understood(&error))?;
    let offered = form.set("bank", bank).and_then(|()| match with_method {
        true => form.set("method", "simplified_transfer"),
        false => Ok(()),
    });
    offered.map_err(|_| {
        Told::new(
            "the page does not offer the simplified transfer at DemoBank",
            "is the amount at least 200 pesos?",
        )
    })?;
    Ok(form)
}

/// The bank's question, answered: login, the first account, or the card's coordinates.
fn answered(page: &Parsed<'_>, answers: &Answers) -> anyhow::Result<PageForm> {
    let mut form = page
        .form(&selector("#answer")?)
        .map_err(|error| not_understood(&error))?;
    let mut coordinates = answers.coordinates.iter();
    for (of, value) in [
        ("input[autocomplete=username]", answers.rut.as_str()),
        ("input[type=password]", PASSWORD),
    ] {
        for input in page.all(&selector(&format!("#answer {of}"))?) {
            fill(&mut form, input.attr("name"), value)?;
        }
    }
    if let Some(first) = page.all(&selector("#answer input[type=radio]")?).first() {
        fill(
            &mut form,
            first.attr("name"),
            first.attr("value").unwrap_or_default(),
        )?;
    }
    for input in page.all(&selector("#answer input[inputmode=numeric]")?) {
        fill(
            &mut form,
            input.attr("name"),
            coordinates.next().map_or("", String::as_str),
        )?;
    }
    Ok(form)
}

fn fill(form: &mut PageForm, name: Option<&str>, value: &str) -> anyhow::Result<()> {
    let name = name.unwrap_or_default();
    form.set(name, value)
        .map_err(|_| Told::new(format!("the page's field «{name}» can't be filled in"), VERSIONS))?;
    Ok(())
}

fn problem(page: &Parsed<'_>) -> Option<String> {
    text(page, "#problems p")
}

fn text(page: &Parsed<'_>, of: &str) -> Option<String> {
    let found = page
        .all(&selector(of).ok()?)
        .first()
        .map(|element| text_of(*element))?;
    Some(found.trim().trim_end_matches('.').to_owned())
}

fn selector(text: &str) -> anyhow::Result<Selector> {
    Selector::parse(text).map_err(|error| anyhow::anyhow!("the selector {text}: {error}"))
}

fn not_payable(id: PaymentId, page: &Parsed<'_>) -> anyhow::Error {
    let said = text(page, "#status")
        .or_else(|| text(page, "h1"))
        .unwrap_or_else(|| "nothing".to_owned());
    let hint = format!("`ayni payment show {id}` tells its status");
    Told::new(
        format!("payment {id} can't be paid now; its page says: {said}"),
        hint,
    )
    .into()
}

fn not_understood(error: &SiteError) -> anyhow::Error {
    Told::new(format!("the payer's page was not understood: {error}"), VERSIONS).into()
}

fn unreachable(error: SiteError) -> anyhow::Error {
    let hint = "is the gateway running? `ayni dev` starts it; elsewhere: --gateway-url URL";
    Told::new("the gateway's pages could not be read; no money moved", hint)
        .because(error)
        .into()
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

const VERSIONS: &str = "do the gateway and this command have the same version?";
const PASSWORD: &str = "1234";
const COORDINATES: usize = 3;
/// The longest that one page is waited for.
const STEP_MAX: Duration = Duration::from_secs(60);
const RELOAD_PAUSE: Duration = Duration::from_secs(1);
/// More pages than any payment has, reloads while the bank takes long included.
const PAGES_MAX: usize = 120;

/// Printed under the command's help.
pub const AFTER_HELP: &str = "\
Logs in at DemoBank with password 1234. Coordinates 11 22 33 succeed, 99 99 99 are refused by the bank, 66 66 66 give
no clear answer (the money moves if the RUT's check digit is odd).

Exit codes: 0 authorised · 3 refused, no money moved · 4 uncertain, the statement will tell · 1 could not be tried

Examples:
  ayni payment pay gqzdy6chjne9
  ayni payment pay gqzdy6chjne9 --rut 44.444.444-4 --coordinates \"66 66 66\"";
