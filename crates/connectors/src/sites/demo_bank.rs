//! DemoBank's site, step by step: log in, choose the account, fill in the transfer, three coordinates of the matrix
//! card. The last form is the one that moves money; up to it every step can be abandoned without a trace.

pub(crate) mod data;
mod hooks;
mod kept_logins;
mod reading;
mod statement_page;
mod transfer;
mod transfer_pages;

use ayni_outbound::site::SiteClient;

use crate::failure::SiteError;
use crate::session::page::{Page, Parsed};
use crate::session::{Browser, Tab};
use crate::sites::{SiteFileError, read_site_file, site_address};
use crate::{Clock, SiteSettings};
use hooks::{Hooks, Known};
use kept_logins::KeptLogins;

/// The connector's name in `banks/*.toml`.
pub(crate) const NAME: &str = "demo-bank";

const SITE_FILE: &str = "demo-bank.toml";

/// DemoBank at one address.
pub(crate) struct DemoBank {
    browser: Browser,
    hooks: Hooks,
    kept: KeptLogins,
}

impl DemoBank {
    /// Reads the site file; `None` if nobody says where the bank is.
    pub(crate) fn load(settings: &SiteSettings, clock: Clock) -> Result<Option<DemoBank>, SiteFileError> {
        let hooks: Hooks = read_site_file(settings, SITE_FILE, include_str!("demo-bank.toml"))?;
        let base = match site_address(settings, NAME, hooks.base_url.as_ref()) {
            Err(SiteFileError::NoAddress { .. }) => return Ok(None),
            base => base?,
        };
        let client = SiteClient::new(vec![base.clone()], settings.limits)?;
        let browser = Browser::new(client, base, clock);
        Ok(Some(DemoBank {
            browser,
            hooks,
            kept: KeptLogins::default(),
        }))
    }

    /// Opens the login page, without logging in.
    async fn open_login(&self) -> Result<(), SiteError> {
        let page = self
            .browser
            .open(&mut Tab::default(), &self.hooks.login.path)
            .await?;
        self.expect(&page.parsed(), Known::Login, "the login page")
    }

    /// Fills in the login; the page that the bank shows then, which may be the login again, with its reason.
    async fn send_login(&self, tab: &mut Tab, rut: &str, password: &str) -> Result<Page, SiteError> {
        let login = &self.hooks.login;
        let page = self.browser.open(tab, &login.path).await?;
        let mut form = {
            let parsed = page.parsed();
            self.expect(&parsed, Known::Login, "the login page")?;
            parsed.form(&login.form.0)?
        };
        for (name, value) in [(&login.rut, rut), (&login.password, password)] {
            form.set(name, value).map_err(|_| SiteError::Unreadable {
                what: "the login form",
            })?;
        }
        self.browser.submit(tab, &form).await
    }

    /// What came of a login: in, or told that it is wrong.
    fn expect_logged_in(&self, page: &Page) -> Result<(), SiteError> {
        let parsed = page.parsed();
        match self.hooks.pages.recognise(&parsed) {
            Some(Known::Accounts) => Ok(()),
            Some(Known::Login) if parsed.has(&self.hooks.login.problem.0) => Err(SiteError::WrongLogin),
            _ => Err(parsed.unknown("the accounts after the login")),
        }
    }

    /// Nothing is read from a page before this. The login in the place of another page means that the session ended.
    fn expect(&self, page: &Parsed<'_>, wanted: Known, what: &'static str) -> Result<(), SiteError> {
        match self.hooks.pages.recognise(page) {
            Some(known) if known == wanted && page.status() == 200 => Ok(()),
            Some(Known::Login) => Err(SiteError::SessionExpired),
            _ => Err(page.unknown(what)),
        }
    }
}
