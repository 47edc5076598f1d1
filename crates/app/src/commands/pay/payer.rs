//! The payer at work: one page after the other, until one of them is the last.

use std::sync::Arc;
use std::time::Duration;

use ayni_connectors::session::form::Form as PageForm;
use ayni_connectors::session::page::{Page, Parsed};
use ayni_connectors::session::{Browser, Tab};
use ayni_domain::ids::PaymentId;
use ayni_gateway::clock::Clock;
use ayni_outbound::site::{SiteClient, SiteLimits};
use url::Url;

use super::pages::{answered, chosen, decline_form, not_payable, problem, text, unreachable};
use super::{Answers, Ending, Outcome};
use crate::told::Told;

/// A payer at the pages of one payment.
pub(super) struct Payer {
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

/// Declines a payment by its page's own form.
pub(super) async fn decline(url: Url, id: PaymentId, path: &str) -> anyhow::Result<()> {
    let (browser, mut tab) = (browser_at(url)?, Tab::default());
    let address = format!("/payment/{path}/{id}");
    let page = browser.open(&mut tab, &address).await.map_err(unreachable)?;
    let form = decline_form(&page.parsed(), id)?;
    browser.submit(&mut tab, &form).await.map_err(unreachable)?;
    Ok(())
}

/// What a payment's page calls itself.
pub(super) async fn page_of(url: Url, id: PaymentId) -> anyhow::Result<String> {
    let address = format!("/payment/info/{id}");
    let page = browser_at(url)?
        .open(&mut Tab::default(), &address)
        .await
        .map_err(unreachable)?;
    Ok(page.parsed().name().unwrap_or_default().to_owned())
}

fn browser_at(url: Url) -> anyhow::Result<Browser> {
    let limits = SiteLimits {
        timeout: STEP_MAX,
        ..SiteLimits::default()
    };
    let client = SiteClient::new(vec![url.clone()], limits)?;
    Ok(Browser::new(client, url, Arc::new(|| Clock::System.now())))
}

impl Payer {
    pub(super) fn at(url: Url, id: PaymentId, answers: Answers, bank_id: String) -> anyhow::Result<Payer> {
        Ok(Payer {
            browser: browser_at(url)?,
            id,
            answers,
            bank_id,
        })
    }

    pub(super) async fn pay(&self) -> anyhow::Result<Ending> {
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
        let operation = text(&page.parsed(), "#operation-number");
        if let Some(outcome) = outcome(&name, *has_authorised, operation.is_some()) {
            return Ok(Step::Ended(ending(outcome, &name, &page.parsed(), operation)));
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

/// What the bank answered, by the name of a last page and whether it tells the bank's number.
fn outcome(page: &str, has_authorised: bool, has_number: bool) -> Option<Outcome> {
    match page {
        "authorised" => Some(Outcome::Authorised),
        // The money was seen before the page was shown: what the bank answered is told by its number.
        "done" if has_authorised && has_number => Some(Outcome::Authorised),
        "done" if has_authorised => Some(Outcome::Uncertain),
        "failed" | "bank-unavailable" => Some(Outcome::Refused),
        "uncertain" => Some(Outcome::Uncertain),
        _ => None,
    }
}

fn ending(outcome: Outcome, name: &str, page: &Parsed<'_>, operation: Option<String>) -> Ending {
    let message = text(page, "#status").unwrap_or_default();
    Ending {
        outcome,
        page: name.to_owned(),
        message,
        operation,
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

/// The longest that one page is waited for.
const STEP_MAX: Duration = Duration::from_secs(60);
const RELOAD_PAUSE: Duration = Duration::from_secs(1);
/// More pages than any payment has, reloads while the bank takes long included.
const PAGES_MAX: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bank_answered_does_not_depend_on_how_fast_the_statement_is_read() {
        for (page, has_number, expected) in [
            ("authorised", true, Outcome::Authorised),
            ("done", true, Outcome::Authorised),
            ("uncertain", false, Outcome::Uncertain),
            ("done", false, Outcome::Uncertain),
            ("failed", false, Outcome::Refused),
        ] {
            assert_eq!(outcome(page, true, has_number), Some(expected), "{page}");
        }
        assert_eq!(outcome("done", false, false), None, "it was paid before");
    }
}
