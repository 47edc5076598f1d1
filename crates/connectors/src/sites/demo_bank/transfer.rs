//! A transfer at DemoBank: each step sends the payer's answers and reads what the bank asks next; the last sends the
//! one request that moves money.

use ayni_domain::rut::Rut;
use zeroize::Zeroize;

use super::DemoBank;
use super::hooks::Known;
use super::transfer_pages::{ACCOUNT, PASSWORD, RUT, account_prompt, card_prompt, login_prompt};
use crate::failure::{Failure, SiteError};
use crate::prompt::{Answers, Problem, Prompt};
use crate::session::Tab;
use crate::session::form::{FieldRefused, Form};
use crate::transfer::{Authorised, Next, Session, Step, TransferOrder};

/// Wrong logins of one transfer; banks lock a customer out who goes on.
const WRONG_LOGINS_MAX: u32 = 3;

/// Digits of a coordinate.
const COORDINATE_DIGITS: usize = 2;

/// What a step led to, when it led on.
enum Led {
    Ask(Prompt),
    Ready,
}

/// Why a step led nowhere.
pub(super) enum Stopped {
    Site(SiteError),
    Failed(Failure),
}

impl From<SiteError> for Stopped {
    fn from(error: SiteError) -> Stopped {
        Stopped::Site(error)
    }
}

impl DemoBank {
    /// Asks for the login.
    pub(crate) fn begin(&self, order: TransferOrder) -> Next {
        Next::Ask(login_prompt(None), Session::begin(order))
    }

    /// Gives the answers, and tells what the bank asks next.
    pub(crate) async fn answer(&self, mut session: Session, answers: Answers) -> Next {
        let answers = Typed(answers);
        let step = std::mem::replace(&mut session.step, Step::Login);
        let led = match step {
            Step::Login => self.log_in(&mut session, &answers).await,
            Step::Account { form, offered } => {
                let chosen = answers.get(ACCOUNT);
                match chosen.filter(|chosen| offered.iter().any(|choice| choice.value == *chosen)) {
                    Some(origin) => self.fill_in(&mut session, form, origin).await,
                    None => {
                        let problem = chosen.map_or(Problem::AnswerMissing, |_| Problem::NotOffered);
                        let prompt = account_prompt(&offered, Some(problem));
                        session.step = Step::Account { form, offered };
                        Ok(Led::Ask(prompt))
                    }
                }
            }
            Step::Card { cells } => self.fill_in_card(&mut session, cells, &answers).await,
            Step::Ready { .. } => Err(Stopped::Failed(Failure::WrongStep)),
        };
        match led {
            Ok(Led::Ask(prompt)) => Next::Ask(prompt, session),
            Ok(Led::Ready) => Next::Authorise(session),
            Err(Stopped::Site(SiteError::SessionExpired)) => {
                session.start_over();
                Next::Ask(login_prompt(Some(Problem::LoginExpired)), session)
            }
            Err(Stopped::Failed(failure)) => Next::Failed(failure),
            Err(Stopped::Site(error)) => Next::Failed(told(&error)),
        }
    }

    async fn log_in(&self, session: &mut Session, answers: &Typed) -> Result<Led, Stopped> {
        let (Some(rut), Some(password)) = (answers.get(RUT), answers.get(PASSWORD)) else {
            return Ok(Led::Ask(login_prompt(Some(Problem::AnswerMissing))));
        };
        session.tab = Tab::default();
        let page = self.send_login(&mut session.tab, rut, password).await?;
        match self.expect_logged_in(&page) {
            Err(SiteError::WrongLogin) if session.wrong_logins + 1 < WRONG_LOGINS_MAX => {
                session.wrong_logins += 1;
                return Ok(Led::Ask(login_prompt(Some(Problem::WrongLogin))));
            }
            Err(SiteError::WrongLogin) => return Err(Stopped::Failed(Failure::WrongLogin)),
            entered => entered?,
        }
        session.payer_identifier = Rut::parse(rut).map_or_else(|_| rut.to_owned(), Rut::formatted);
        let page = self
            .browser
            .open(&mut session.tab, &self.hooks.transfer.path)
            .await?;
        let (form, offered) = self.read_transfer_form(&page.parsed(), session.order.currency)?;
        if offered.is_empty() {
            return Err(Stopped::Failed(Failure::NoAccount));
        }
        let prompt = account_prompt(&offered, None);
        session.step = Step::Account { form, offered };
        Ok(Led::Ask(prompt))
    }

    async fn fill_in(&self, session: &mut Session, mut form: Form, origin: &str) -> Result<Led, Stopped> {
        let hooks = &self.hooks.transfer;
        let order = &session.order;
        let amount = order.amount.plain();
        for (name, value) in [
            (&hooks.origin, origin),
            (&hooks.bank, &order.destination.bank_name),
            (&hooks.number, &order.destination.number),
            (&hooks.holder, &order.destination.holder_name),
            (&hooks.identifier, &order.destination.holder_identifier),
            (&hooks.email, &order.destination.email),
            (&hooks.amount, &amount),
            (&hooks.comment, &order.comment),
        ] {
            form.set(name, value).map_err(|refused| match refused {
                FieldRefused::NotOffered if *name == hooks.bank => {
                    Stopped::Failed(Failure::DestinationRefused)
                }
                _ => SiteError::Unreadable {
                    what: "the transfer form",
                }
                .into(),
            })?;
        }
        let page = self.browser.submit(&mut session.tab, &form).await?;
        origin.clone_into(&mut session.payer_account);
        let cells = self.read_card(&page.parsed(), session)?.cells;
        let prompt = card_prompt(&cells, None);
        session.step = Step::Card { cells };
        Ok(Led::Ask(prompt))
    }

    /// Opens the card's page again, so that a session that ended meanwhile is noticed while it can still be mended.
    async fn fill_in_card(
        &self,
        session: &mut Session,
        cells: Vec<(String, String)>,
        answers: &Typed,
    ) -> Result<Led, Stopped> {
        let missing = cells.iter().any(|(name, _)| answers.get(name).is_none());
        let right =
            |text: &str| text.len() == COORDINATE_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        let malformed = cells
            .iter()
            .any(|(name, _)| !answers.get(name).is_some_and(right));
        if missing || malformed {
            let problem = if missing {
                Problem::AnswerMissing
            } else {
                Problem::CoordinateMalformed
            };
            let prompt = card_prompt(&cells, Some(problem));
            session.step = Step::Card { cells };
            return Ok(Led::Ask(prompt));
        }
        let page = self.browser.reload(&mut session.tab).await?;
        let mut card = self.read_card(&page.parsed(), session)?;
        if card.cells != cells {
            return Err(SiteError::Unreadable {
                what: "a card that asks for other coordinates",
            }
            .into());
        }
        for (name, _) in &cells {
            let typed = answers.get(name).unwrap_or_default();
            card.form.set(name, typed).map_err(|_| SiteError::Unreadable {
                what: "the card's form",
            })?;
        }
        session.step = Step::Ready { form: card.form };
        Ok(Led::Ready)
    }

    /// Sends the form that moves money, once, and reads what the bank says. Where nothing was sent the transfer is
    /// refused; where the bank's words are not a receipt or a refusal that we know, nobody knows.
    pub(crate) async fn authorise(&self, mut session: Session) -> Authorised {
        let step = std::mem::replace(&mut session.step, Step::Login);
        let Step::Ready { form } = step else {
            return Authorised::Refused(Failure::WrongStep);
        };
        let sent = match self.browser.submit_once(&mut session.tab, &form).await {
            Ok(sent) => sent,
            Err(error) if error.was_never_sent() => return Authorised::Refused(told(&error)),
            Err(error) => return unclear(&error),
        };
        let page = match self.browser.follow(&mut session.tab, sent).await {
            Ok(page) => page,
            Err(error) => return unclear(&error),
        };
        let parsed = page.parsed();
        let known = self
            .hooks
            .pages
            .recognise(&parsed)
            .filter(|_| page.status() == 200);
        match known {
            Some(Known::Receipt) => match self.read_receipt(&parsed, &session) {
                Ok(receipt) => Authorised::Accepted(receipt),
                Err(error) => unclear(&error),
            },
            Some(Known::Refused) => match self.read_refusal(&parsed) {
                Some(failure) => Authorised::Refused(failure),
                None => Authorised::Unclear(
                    "the bank refused for a reason that the site file does not know".to_owned(),
                ),
            },
            _ => unclear(&parsed.unknown("a receipt or a refusal")),
        }
    }
}

/// What was typed; it leaves memory with the step.
struct Typed(Answers);

impl Typed {
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }
}

impl Drop for Typed {
    fn drop(&mut self) {
        self.0.values_mut().for_each(Zeroize::zeroize);
    }
}

fn unclear(error: &SiteError) -> Authorised {
    Authorised::Unclear(chain(error))
}

/// What a site's error means to the payer; the operator finds it in the log.
fn told(error: &SiteError) -> Failure {
    tracing::warn!(error = chain(error), "a transfer stopped before money could move");
    match error {
        SiteError::Unreachable(_) => Failure::Unreachable,
        SiteError::WrongLogin => Failure::WrongLogin,
        SiteError::SessionExpired => Failure::SessionExpired,
        _ => Failure::UnknownPage,
    }
}

fn chain(error: &SiteError) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
