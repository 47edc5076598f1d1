//! One visit to a site, whichever driver makes it. Connectors that work with both drivers are written against this:
//! open an address, fill in a form that was read from a [`Page`], send it, read the next page. What the site gave
//! meanwhile, its cookies and the open page, comes and goes as a [`Tab`], so that a visit which has to wait for a
//! person goes on in another process, with either driver.

use std::str::FromStr;

use serde::Deserialize;
use url::Url;

#[cfg(feature = "browser")]
use super::chromium::{ChromiumSite, ChromiumVisitor};
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

impl FromStr for SiteDriver {
    type Err = NoSuchDriver;

    fn from_str(text: &str) -> Result<SiteDriver, NoSuchDriver> {
        match text {
            "http" => Ok(SiteDriver::Http),
            "chromium" => Ok(SiteDriver::Chromium),
            _ => Err(NoSuchDriver),
        }
    }
}

/// A driver that is neither `http` nor `chromium`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a site's driver is http or chromium")]
pub struct NoSuchDriver;

/// Begins visits to one site.
pub struct Visits(By);

enum By {
    Http(Browser),
    #[cfg(feature = "browser")]
    Chromium(ChromiumSite),
    #[cfg(not(feature = "browser"))]
    NoBrowser,
}

impl Visits {
    /// Visits to the site at `base`.
    ///
    /// # Errors
    /// When no client can be made. A Chromium that is missing shows at the first page ([`SiteError::NoBrowser`]).
    pub fn new(
        driver: SiteDriver,
        base: Url,
        settings: &SiteSettings,
        clock: Clock,
    ) -> Result<Visits, SiteFileError> {
        Ok(Visits(match driver {
            SiteDriver::Http => {
                let client = SiteClient::new(vec![base.clone()], settings.limits)?;
                By::Http(Browser::new(client, base, clock))
            }
            #[cfg(feature = "browser")]
            SiteDriver::Chromium => {
                let chromium = settings.chromium.clone();
                chromium.expect_visits();
                By::Chromium(ChromiumSite::new(chromium, base, settings.limits, clock))
            }
            #[cfg(not(feature = "browser"))]
            SiteDriver::Chromium => By::NoBrowser,
        }))
    }

    /// A visitor who goes on where the tab was left, or begins with an empty one. Nothing is sent yet.
    pub fn begin(&self, tab: Tab) -> Visitor {
        match &self.0 {
            By::Http(browser) => Visitor::Http {
                browser: Box::new(browser.clone()),
                tab,
            },
            #[cfg(feature = "browser")]
            By::Chromium(site) => Visitor::Chromium(Box::new(site.begin(tab))),
            #[cfg(not(feature = "browser"))]
            By::NoBrowser => Visitor::NoBrowser,
        }
    }
}

/// Somebody who visits a site. What it holds at the site is given up when it is dropped.
pub enum Visitor {
    /// Over HTTP, with cookies and HTML forms.
    Http {
        /// Its connections.
        browser: Box<Browser>,
        /// Its cookies and open page.
        tab: Tab,
    },
    /// In headless Chromium.
    #[cfg(feature = "browser")]
    Chromium(Box<ChromiumVisitor>),
    /// A build without Chromium, at a site that needs it.
    #[cfg(not(feature = "browser"))]
    NoBrowser,
}

impl Visitor {
    /// Opens an address of the site, relative to its base.
    pub async fn open(&mut self, address: &str) -> Result<Page, SiteError> {
        match self {
            Visitor::Http { browser, tab } => browser.open(tab, address).await,
            #[cfg(feature = "browser")]
            Visitor::Chromium(visitor) => visitor.open(address).await,
            #[cfg(not(feature = "browser"))]
            Visitor::NoBrowser => Err(built_without()),
        }
    }

    /// Opens the tab's page anew.
    pub async fn reload(&mut self) -> Result<Page, SiteError> {
        match self {
            Visitor::Http { browser, tab } => browser.reload(tab).await,
            #[cfg(feature = "browser")]
            Visitor::Chromium(visitor) => visitor.reload().await,
            #[cfg(not(feature = "browser"))]
            Visitor::NoBrowser => Err(built_without()),
        }
    }

    /// Sends a form of the open page and lands where it leads.
    pub async fn submit(&mut self, form: &Form) -> Result<Page, SiteError> {
        match self {
            Visitor::Http { browser, tab } => browser.submit(tab, form).await,
            #[cfg(feature = "browser")]
            Visitor::Chromium(visitor) => visitor.submit(form).await,
            #[cfg(not(feature = "browser"))]
            Visitor::NoBrowser => Err(built_without()),
        }
    }

    /// The cookies and the open page, to go on with later.
    pub async fn into_tab(self) -> Result<Tab, SiteError> {
        match self {
            Visitor::Http { tab, .. } => Ok(tab),
            #[cfg(feature = "browser")]
            Visitor::Chromium(visitor) => visitor.into_tab().await,
            #[cfg(not(feature = "browser"))]
            Visitor::NoBrowser => Err(built_without()),
        }
    }
}

#[cfg(not(feature = "browser"))]
fn built_without() -> SiteError {
    SiteError::NoBrowser {
        reason: "this ayni was built without it (feature `browser`)".to_owned(),
    }
}
