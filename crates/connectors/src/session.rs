//! A small browser over HTTP. Banks offer people pages, not an interface for programs, so a connector needs what a
//! browser does of itself: cookies, redirects, and forms whose hidden fields go back with what was typed.
//!
//! A [`Browser`] holds nothing but the connections; what a site gave us lies in a [`Tab`], a value that can be sealed,
//! stored and continued by another process. A [`Page`] can only be read by [`Page::parsed`], which stays within one
//! function: what is read out of it are plain values.

use ayni_outbound::error::SendError;
use ayni_outbound::site::{SiteAnswer, SiteClient, SiteRequest};
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Clock;
use crate::failure::SiteError;
use form::Form;
use jar::Jar;
use page::Page;

#[cfg(feature = "browser")]
pub mod chromium;
pub mod form;
pub mod jar;
pub mod page;
mod redacted;
pub mod visitor;

/// Redirects followed for one request; browsers take 20, no bank needs more than a few.
pub const REDIRECTS_MAX: u32 = 5;

/// Opens pages and sends forms of one site.
#[derive(Clone)]
pub struct Browser {
    client: SiteClient,
    base: Url,
    clock: Clock,
}

/// What a site gave us: its cookies, and the address of the page that is open.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Tab {
    jar: Jar,
    url: String,
}

impl std::fmt::Debug for Tab {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tab(…)")
    }
}

impl Tab {
    /// The value of the cookie of that name, for a site that remembers a device by it.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.value(name)
    }

    /// A tab that has one cookie already, for the whole site; a value that is no cookie's is left out.
    pub fn with_cookie(name: &str, value: &str) -> Tab {
        let mut tab = Tab::default();
        tab.jar.put(name, value);
        tab
    }
}

impl Browser {
    /// A browser for the site at `base`; `client` must list that site.
    pub fn new(client: SiteClient, base: Url, clock: Clock) -> Browser {
        Browser { client, base, clock }
    }

    /// Opens an address of the site, relative to its base, and follows its redirects.
    pub async fn open(&self, tab: &mut Tab, address: &str) -> Result<Page, SiteError> {
        let url = self.base.join(address).map_err(|_| SiteError::OffSite)?;
        self.get(tab, url).await
    }

    /// Opens the tab's page anew.
    pub async fn reload(&self, tab: &mut Tab) -> Result<Page, SiteError> {
        let url = Url::parse(&tab.url).map_err(|_| SiteError::OffSite)?;
        self.get(tab, url).await
    }

    /// Sends a form and follows where it leads with GET; a redirect that wants the form sent again is an error.
    pub async fn submit(&self, tab: &mut Tab, form: &Form) -> Result<Page, SiteError> {
        if form.is_get() {
            return self.get(tab, form.address_with_fields()?).await;
        }
        let sent = self.post(tab, form, false).await?;
        self.follow(tab, sent).await
    }

    /// Sends a form exactly once, on a connection of its own, and returns the bare answer, a redirect included: for
    /// the request that moves money. [`Browser::follow`] then opens where it leads.
    pub async fn submit_once(&self, tab: &mut Tab, form: &Form) -> Result<Sent, SiteError> {
        self.post(tab, form, true).await
    }

    /// The page of a sent form's answer, with GET if it is a redirect.
    pub async fn follow(&self, tab: &mut Tab, sent: Sent) -> Result<Page, SiteError> {
        match next_address(&sent)? {
            Some(_) if matches!(sent.answer.status, 307 | 308) => Err(SiteError::FormWantedAgain),
            Some(url) => self.get(tab, url).await,
            None => landed(tab, sent),
        }
    }

    async fn post(&self, tab: &mut Tab, form: &Form, fresh_connection: bool) -> Result<Sent, SiteError> {
        let fields = Zeroizing::new(form.pairs());
        self.exchange(tab, form.address()?, Some(&fields), fresh_connection)
            .await
    }

    async fn get(&self, tab: &mut Tab, mut url: Url) -> Result<Page, SiteError> {
        for _ in 0..=REDIRECTS_MAX {
            let sent = self.exchange(tab, url, None, false).await?;
            match next_address(&sent)? {
                Some(next) => url = next,
                None => return landed(tab, sent),
            }
        }
        Err(SiteError::TooManyRedirects)
    }

    async fn exchange(
        &self,
        tab: &mut Tab,
        url: Url,
        form: Option<&[(String, String)]>,
        fresh_connection: bool,
    ) -> Result<Sent, SiteError> {
        let cookies = Zeroizing::new(tab.jar.header(&url, (self.clock)()));
        let headers = [
            ("accept", "text/html"),
            ("accept-language", "es"),
            ("cookie", cookies.as_str()),
        ];
        let headers = if cookies.is_empty() {
            &headers[..2]
        } else {
            &headers[..]
        };
        let request = SiteRequest {
            url: &url,
            form,
            headers,
            fresh_connection,
        };
        let answer = self.client.send(request).await.map_err(no_answer)?;
        tracing::debug!(status = answer.status, post = form.is_some(), "a site answered");
        for line in &answer.set_cookies {
            tab.jar.store(line, &url, (self.clock)());
        }
        Ok(Sent { url, answer })
    }
}

/// A form's bare answer.
pub struct Sent {
    url: Url,
    answer: SiteAnswer,
}

fn next_address(sent: &Sent) -> Result<Option<Url>, SiteError> {
    let Some(location) = &sent.answer.location else {
        return Ok(None);
    };
    if !matches!(sent.answer.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let next = sent.url.join(location).map_err(|_| SiteError::OffSite)?;
    if next.origin() == sent.url.origin() {
        Ok(Some(next))
    } else {
        Err(SiteError::OffSite)
    }
}

fn landed(tab: &mut Tab, sent: Sent) -> Result<Page, SiteError> {
    tab.url.zeroize();
    tab.url = sent.url.to_string();
    Page::new(sent.url, sent.answer.status, &sent.answer.body)
}

fn no_answer(error: SendError) -> SiteError {
    match error {
        SendError::TooLarge { limit_bytes } => SiteError::TooLarge { limit_bytes },
        error => SiteError::Unreachable(error),
    }
}
