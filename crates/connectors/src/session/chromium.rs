//! The same visits as over HTTP, in a real browser: what differs is that scripts run, and that a form is filled in where
//! it stands. A connector sees the same pages and the same errors.

use ayni_outbound::browser::Chromium;
use ayni_outbound::browser::error::BrowserError;
use ayni_outbound::browser::visit::{PageLimits, Visit};
use ayni_outbound::error::SendError;
use ayni_outbound::site::SiteLimits;
use url::Url;
use zeroize::Zeroize;

use super::form::Form;
use super::jar::Jar;
use super::page::Page;
use super::{REDIRECTS_MAX, Tab};
use crate::Clock;
use crate::failure::SiteError;

/// A site that is visited with Chromium.
#[derive(Clone)]
pub(super) struct ChromiumSite {
    chromium: Chromium,
    base: Url,
    limits: PageLimits,
    clock: Clock,
}

/// Somebody who visits it. The browser is asked for a page when the first address is opened.
pub struct ChromiumVisitor {
    site: ChromiumSite,
    tab: Tab,
    visit: Option<Visit>,
}

impl ChromiumSite {
    pub(super) fn new(chromium: Chromium, base: Url, limits: SiteLimits, clock: Clock) -> ChromiumSite {
        let limits = PageLimits {
            timeout: limits.timeout,
            max_page_bytes: limits.max_answer_bytes,
            redirects_max: REDIRECTS_MAX,
        };
        ChromiumSite {
            chromium,
            base,
            limits,
            clock,
        }
    }

    pub(super) fn begin(&self, tab: Tab) -> ChromiumVisitor {
        ChromiumVisitor {
            site: self.clone(),
            tab,
            visit: None,
        }
    }
}

impl ChromiumVisitor {
    pub(super) async fn open(&mut self, address: &str) -> Result<Page, SiteError> {
        let url = self.site.base.join(address).map_err(|_| SiteError::OffSite)?;
        self.get(&url).await
    }

    pub(super) async fn reload(&mut self) -> Result<Page, SiteError> {
        let url = Url::parse(&self.tab.url).map_err(|_| SiteError::OffSite)?;
        self.get(&url).await
    }

    pub(super) async fn submit(&mut self, form: &Form) -> Result<Page, SiteError> {
        let address = form.address()?;
        if self.visit.is_none() {
            // The form was read in another process: its page must be there to fill it in.
            self.reload().await?;
        }
        let loaded = self.visit().await?.submit(&form.filled(&address)).await?;
        Ok(self.landed(Page::shown(loaded)))
    }

    pub(super) async fn into_tab(mut self) -> Result<Tab, SiteError> {
        if let Some(visit) = &mut self.visit {
            self.tab.jar = Jar::from_browser(&visit.cookies().await?);
        }
        Ok(self.tab)
    }

    async fn get(&mut self, url: &Url) -> Result<Page, SiteError> {
        let loaded = self.visit().await?.open(url).await?;
        Ok(self.landed(Page::shown(loaded)))
    }

    async fn visit(&mut self) -> Result<&mut Visit, SiteError> {
        let visit = match self.visit.take() {
            Some(visit) => visit,
            None => {
                let ChromiumSite {
                    chromium,
                    base,
                    limits,
                    clock,
                } = &self.site;
                let cookies = self.tab.jar.to_browser(clock());
                chromium.visit(base, cookies, *limits).await?
            }
        };
        Ok(self.visit.insert(visit))
    }

    fn landed(&mut self, page: Page) -> Page {
        self.tab.url.zeroize();
        self.tab.url = page.url().to_string();
        page
    }
}

impl From<BrowserError> for SiteError {
    fn from(error: BrowserError) -> SiteError {
        match error {
            BrowserError::Missing { reason } => SiteError::NoBrowser { reason },
            BrowserError::Failed { .. } | BrowserError::Busy => SiteError::BrowserFailed {
                reason: error.to_string(),
            },
            BrowserError::Site(SendError::TooLarge { limit_bytes }) => SiteError::TooLarge { limit_bytes },
            BrowserError::Site(error) => SiteError::Unreachable(error),
            BrowserError::TooManyRedirects => SiteError::TooManyRedirects,
            BrowserError::OffSite => SiteError::OffSite,
            BrowserError::FormWantedAgain => SiteError::FormWantedAgain,
            BrowserError::NotText => SiteError::Unreadable {
                what: "the page's text",
            },
            BrowserError::TooManyRequests => SiteError::Unreadable {
                what: "a page with too many files",
            },
            BrowserError::NoSuchForm => SiteError::Unreadable { what: "the form" },
        }
    }
}
