//! Servipag, step by step: a company's form and its answer, which is a person's debt; the login, with its second factor,
//! and the list of services behind it. Every page is recognised before it is read, and a page about somebody else's
//! debt, or whose sum is not the sum of its rows, is read as little as a page that nobody knows.

mod companies;
mod debt;
mod hooks;
mod login;
mod services;

use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;

use crate::data::declaration::{
    Declaration, LoginField, OperationSpec, Parameter, ParameterKind, VisitLimits,
};
use crate::data::login::{LoggedIn, LoginStep};
use crate::data::stopped::{Stopped, visited};
use crate::data::{Answering, Connector, Reply, Visit};
use crate::session::Tab;
use crate::session::form::Form;
use crate::session::page::{Parsed, text_of};
use crate::session::visitor::Visits;
use crate::sites::watched::Watched;
use crate::sites::{Css, SiteFileError, read_site_file, site_address};
use crate::{Clock, SiteSettings};
use companies::Companies;
use hooks::{Hooks, Known, Meaning, meaning};

/// The connector's name in the settings, and the institution's towards callers.
pub(crate) const NAME: &str = "servipag.com";

const SITE_FILE: &str = "servipag.com.toml";

const CONSULT_DEBT: &str = "consult-debt";
const SERVICE_ACCOUNTS: &str = "service-accounts";
const ENTERPRISE_NAME: &str = "EnterpriseName";
const CLIENT_IDENTIFIER: &str = "ClientIdentifier";

/// Longest company name, in characters.
const NAME_CHARS_MAX: usize = 100;

/// Longest client identifier, in characters.
const IDENTIFIER_CHARS_MAX: usize = 20;

/// Longest message of the site's that is passed on, in characters.
const MESSAGE_CHARS_MAX: usize = 300;

/// Servipag at one address.
pub(crate) struct Servipag {
    declaration: Declaration,
    file: Watched<Site>,
}

/// The site as its file describes it now.
struct Site {
    hooks: Hooks,
    companies: Companies,
    visits: Visits,
}

impl Servipag {
    /// Reads the site file; `None` if nobody says where the site is.
    pub(crate) fn load(settings: &SiteSettings, clock: Clock) -> Result<Option<Servipag>, SiteFileError> {
        let path = settings
            .directory
            .as_ref()
            .map(|directory| directory.join(SITE_FILE));
        let settings = settings.clone();
        let read = move || Site::read(&settings, Clock::clone(&clock));
        let file = match Watched::new(path, read) {
            Err(SiteFileError::NoAddress { .. }) => return Ok(None),
            file => file?,
        };
        let limits = file.current().hooks.limits;
        Ok(Some(Servipag {
            declaration: declaration(limits),
            file,
        }))
    }
}

impl Connector for Servipag {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn run<'a>(&'a self, visit: Visit<'a>) -> Answering<'a, Reply> {
        let site = self.file.current();
        Box::pin(async move {
            let argument = |name: &str| {
                let given = visit.arguments.get(name);
                given.ok_or_else(|| Fault::with_detail(Code::ParameterMissing, name))
            };
            match visit.operation {
                CONSULT_DEBT => {
                    let (company, client) = (argument(ENTERPRISE_NAME)?, argument(CLIENT_IDENTIFIER)?);
                    visited(|| site.consult_debt(company, client)).await
                }
                SERVICE_ACCOUNTS => {
                    let login = visit.login.ok_or(Code::ParameterMissing)?;
                    visited(|| site.service_accounts(login)).await
                }
                _ => Err(Code::NoSuchPath.into()),
            }
        })
    }

    fn log_in(&self, step: LoginStep) -> Answering<'_, LoggedIn> {
        let site = self.file.current();
        Box::pin(async move {
            match step {
                LoginStep::Credentials(login) => visited(|| site.begin_login(&login)).await,
                // The code is good for one session only, so an ended one is not tried again.
                LoginStep::Code { session, code } => match site.finish_login(session, &code).await {
                    Ok(logged_in) => Ok(logged_in),
                    Err(Stopped::Expired) => Err(Code::SiteUnreachable.into()),
                    Err(Stopped::Failed(failed)) => Err(*failed),
                },
            }
        })
    }

    fn probe(&self) -> Answering<'_, ()> {
        let site = self.file.current();
        Box::pin(async move { visited(|| site.open_home()).await })
    }
}

impl Site {
    fn read(settings: &SiteSettings, clock: Clock) -> Result<Site, SiteFileError> {
        let mut hooks: Hooks = read_site_file(settings, SITE_FILE, include_str!("servipag.com.toml"))?;
        let rows = std::mem::take(&mut hooks.companies);
        let companies = Companies::new(rows).map_err(|reason| SiteFileError::Parse {
            place: SITE_FILE.to_owned(),
            reason,
        })?;
        let base = site_address(settings, NAME, hooks.base_url.as_ref())?;
        let driver = settings.drivers.get(NAME).copied().unwrap_or(hooks.driver);
        Ok(Site {
            visits: Visits::new(driver, base, settings, clock)?,
            companies,
            hooks,
        })
    }

    async fn open_home(&self) -> Result<(), Stopped> {
        let page = self
            .visits
            .begin(Tab::default())
            .open(&self.hooks.home.path)
            .await?;
        self.expect(&page.parsed(), Known::Home, "the home page")
    }

    /// Nothing is read from a page before this.
    fn expect(&self, page: &Parsed<'_>, wanted: Known, what: &'static str) -> Result<(), Stopped> {
        match self.hooks.pages.recognise(page) {
            Some(known) if known == wanted => Ok(()),
            known => Err(self.instead(page, known, what)),
        }
    }

    /// What it means that the site shows another page than `what`.
    fn instead(&self, page: &Parsed<'_>, shown: Option<Known>, what: &'static str) -> Stopped {
        match shown {
            Some(Known::Expired) => Stopped::Expired,
            Some(Known::Maintenance) => Code::SiteUnreachable.into(),
            Some(Known::NotPublished) => Code::NotPublished.into(),
            Some(Known::Message) => match page.one(&self.hooks.message.text.0, "the site's message") {
                Ok(message) => site_message(&text_of(message), &[]),
                Err(error) => Stopped::at(page, &error, what),
            },
            _ => Stopped::at(page, &page.unknown(what), what),
        }
    }
}

/// Why the site did not take what was typed: by the meaning of its words, or else in its own words.
fn refused(known: &[Meaning], said: &str, typed: &[&str]) -> Stopped {
    meaning(known, said).map_or_else(|| site_message(said, typed), Stopped::from)
}

/// The site's own words, without what was typed.
fn site_message(said: &str, typed: &[&str]) -> Stopped {
    let mut told: String = said.chars().take(MESSAGE_CHARS_MAX).collect();
    for typed in typed.iter().filter(|typed| !typed.is_empty()) {
        told = told.replace(typed, "…");
    }
    Fault::with_detail(Code::SiteMessage, told).into()
}

/// Fills in a form that the page must have.
fn filled(
    page: &Parsed<'_>,
    form: &Css,
    fields: &[(&str, &str)],
    what: &'static str,
) -> Result<Form, Stopped> {
    let mut form = page
        .form(&form.0)
        .map_err(|error| Stopped::at(page, &error, what))?;
    for (name, value) in fields {
        form.set(name, value)
            .map_err(|_| Stopped::with_page(page, Code::UnknownPage, what))?;
    }
    Ok(form)
}

fn declaration(limits: VisitLimits) -> Declaration {
    let text = |name: &str, max_chars| Parameter {
        name: name.to_owned(),
        kind: ParameterKind::Text { max_chars },
        required: true,
    };
    let field = |name: &str, label: &str, secret| LoginField {
        name: name.to_owned(),
        label: label.to_owned(),
        secret,
    };
    Declaration {
        institution: NAME.to_owned(),
        path: "com/services/servipag.com".to_owned(),
        scope: "com_services_servipag".to_owned(),
        name: "Servipag".to_owned(),
        operations: vec![
            OperationSpec {
                name: CONSULT_DEBT.to_owned(),
                needs_login: false,
                parameters: vec![
                    text(ENTERPRISE_NAME, NAME_CHARS_MAX),
                    text(CLIENT_IDENTIFIER, IDENTIFIER_CHARS_MAX),
                ],
            },
            OperationSpec {
                name: SERVICE_ACCOUNTS.to_owned(),
                needs_login: true,
                parameters: Vec::new(),
            },
        ],
        login_fields: vec![field("Username", "RUT", false), field("Password", "Clave", true)],
        limits,
    }
}
