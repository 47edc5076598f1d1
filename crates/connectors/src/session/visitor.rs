//! One visit to a site, whichever driver makes it. Connectors that work with both drivers are written against this:
//! open an address, fill in a form that was read from a [`Page`], send it, read the next page.

use super::form::Form;
use super::page::Page;
use super::{Browser, Tab};
use crate::failure::SiteError;

/// Somebody who visits a site.
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

    /// Sends a form of the open page and lands where it leads.
    pub async fn submit(&mut self, form: &Form) -> Result<Page, SiteError> {
        match self {
            Visitor::Http { browser, tab } => browser.submit(tab, form).await,
        }
    }
}
