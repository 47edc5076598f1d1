//! One visit to a site, whichever driver makes it. Connectors that work with both drivers are written against this:
//! open an address, fill in a form that was read from a [`Page`], send it, read the next page. What the site gave
//! meanwhile, its cookies and the open page, comes and goes as a [`Tab`], so that a visit which has to wait for a
//! person goes on in another process, with either driver.

use serde::Deserialize;
use url::Url;

use super::form::Form;
use super::page::Page;
use super::{Browser, Tab};
use crate::failure::SiteError;
use crate::sites::SiteFileError;
use crate::{Clock, SiteSettings};
use ayni_outbound::site::SiteClient;

/// How a site is visited: `driver` of its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SiteDriver {
    /// Over HTTP: by far the cheaper one.
    #[default]
    Http,
    /// In headless Chromium, for a site that needs its scripts.
    Chromium,
}

/// Begins visits to one site.
pub struct Visits {
    browser: Browser,
}

impl Visits {
    /// Visits to the site at `base`.
    ///
    /// # Errors
    /// When no client can be made. A Chromium that is missing shows at the first page ([`SiteError::NoBrowser`]).
    pub fn new(
        _driver: SiteDriver,
        base: Url,
        settings: &SiteSettings,
        clock: Clock,
    ) -> Result<Visits, SiteFileError> {
        let client = SiteClient::new(vec![base.clone()], settings.limits)?;
        Ok(Visits {
            browser: Browser::new(client, base, clock),
        })
    }

    /// A visitor who goes on where the tab was left, or begins with an empty one. Nothing is sent yet.
    pub fn begin(&self, tab: Tab) -> Visitor {
        Visitor::Http {
            browser: self.browser.clone(),
            tab,
        }
    }
}

/// Somebody who visits a site. What it holds at the site is given up when it is dropped.
pub enum Visitor {
    /// Over HTTP, with cookies and HTML forms.
    Http {
        /// Its connections.
        browser: Browser,
        /// Its cookies and open page.
        tab: Tab,
    },
}

impl Visitor {
    /// Opens an address of the site, relative to its base.
    pub async fn open(&mut self, address: &str) -> Result<Page, SiteError> {
        match self {
            Visitor::Http { browser, tab } => browser.open(tab, address).await,
        }
    }

    /// Opens the tab's page anew.
    pub async fn reload(&mut self) -> Result<Page, SiteError> {
        match self {
            Visitor::Http { browser, tab } => browser.reload(tab).await,
        }
    }

    /// Sends a form of the open page and lands where it leads.
    pub async fn submit(&mut self, form: &Form) -> Result<Page, SiteError> {
        match self {
            Visitor::Http { browser, tab } => browser.submit(tab, form).await,
        }
    }

    /// The cookies and the open page, to go on with later.
    pub async fn into_tab(self) -> Result<Tab, SiteError> {
        match self {
            Visitor::Http { tab, .. } => Ok(tab),
        }
    }
}
