//! One visit: a browser context of its own with one page. It opens addresses, sends forms, and gives each page's markup
//! once the page has come to rest. Dropping it closes the context, with its cookies.

use std::sync::Arc;
use std::time::Duration;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, sleep_until};
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::answer::{AsRead, Kept, OfCall, OfContext, OfSession, OfTarget, OfWorld};
use super::error::BrowserError;
use super::event::Event;
use super::process::{NO_PROXY_THERE, Running};
use super::script::{READ_PAGE, SEND_FORM};
use super::watch::{Do, Watch};
use super::wire::Pending;
use crate::error::SendError;

/// A page is at rest when nothing was asked for or came for so long after it had loaded.
const QUIET: Duration = Duration::from_millis(100);

/// The same after a form that a script sends, which may think before it asks.
const QUIET_AFTER_SCRIPT: Duration = Duration::from_millis(500);

/// A page that keeps asking for something is taken as it stands so long after it was shown.
const RESTLESS_MAX: Duration = Duration::from_secs(8);

/// What one page may cost.
#[derive(Debug, Clone, Copy)]
pub struct PageLimits {
    /// Time from the request to the page's rest.
    pub timeout: Duration,
    /// Longest page; its files together may be eight times as long.
    pub max_page_bytes: usize,
    /// Redirects that are followed.
    pub redirects_max: u32,
}

/// A cookie of the visit's site.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SiteCookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The path that it is for.
    pub path: String,
    /// When it expires, in Unix seconds; with the session where there is none.
    pub expires_at_s: Option<i64>,
    /// Only by https.
    pub secure: bool,
    /// Not for scripts.
    pub http_only: bool,
}

/// A page at rest.
pub struct LoadedPage {
    /// Its address, after all redirects.
    pub url: Url,
    /// The HTTP status of its document.
    pub status: u16,
    /// The document as it stands, scripts' changes included.
    pub markup: Zeroizing<String>,
}

/// A form of the open page, and what is to be filled in.
pub struct FilledForm<'a> {
    /// Which form of the page, from 0.
    pub nth: usize,
    /// Where it is sent.
    pub address: &'a Url,
    /// Whether with POST.
    pub is_post: bool,
    /// Names and values of what was typed, chosen, ticked or pressed; all else stays as the page has it.
    pub fields: Vec<(&'a str, &'a str)>,
}

/// A visit under way.
pub struct Visit {
    running: Arc<Running>,
    context: String,
    session: String,
    main_frame: String,
    events: mpsc::Receiver<Event>,
    watch: Watch,
    site: Url,
    limits: PageLimits,
    _place: OwnedSemaphorePermit,
}

impl Visit {
    pub(super) async fn begin(
        running: Arc<Running>,
        place: OwnedSemaphorePermit,
        site: &Url,
        cookies: &[SiteCookie],
        limits: PageLimits,
    ) -> Result<Visit, BrowserError> {
        let wire = running.wire();
        let context = json!({
            "disposeOnDetach": true,
            "proxyServer": NO_PROXY_THERE,
            "proxyBypassList": format!("<-loopback>;{}", site.origin().ascii_serialization()),
        });
        let OfContext { context } = wire.call(None, "Target.createBrowserContext", context).await?;
        let deny = json!({ "behavior": "deny", "browserContextId": context });
        let denied = wire.send(None, "Browser.setDownloadBehavior", deny)?;
        let set = json!({ "browserContextId": context, "cookies": written(cookies, site) });
        let set = wire.send(None, "Storage.setCookies", set)?;
        let page = json!({ "url": "about:blank", "browserContextId": context });
        let OfTarget { target } = wire.call(None, "Target.createTarget", page).await?;
        let attach = json!({ "targetId": target, "flatten": true });
        let OfSession { session } = wire.call(None, "Target.attachToTarget", attach).await?;
        let events = wire.listen(&session);
        let main_frame = target;
        let watch = Watch::new(
            site,
            main_frame.clone(),
            limits.max_page_bytes,
            limits.redirects_max,
            Instant::now(),
        );
        let visit = Visit {
            running: Arc::clone(&running),
            context,
            session,
            main_frame,
            events,
            watch,
            site: site.clone(),
            limits,
            _place: place,
        };
        let everything = json!({ "patterns": [{ "urlPattern": "*" }] });
        let enabled = [
            visit.send("Page.enable", json!({}))?,
            visit.send("Network.enable", json!({}))?,
            visit.send("Fetch.enable", everything)?,
            visit.send("Inspector.enable", json!({}))?,
        ];
        for pending in [denied, set].into_iter().chain(enabled) {
            pending.answer::<IgnoredAny>().await?;
        }
        Ok(visit)
    }

    /// Opens an address of the site.
    ///
    /// # Errors
    /// When no page comes to rest within the limits.
    pub async fn open(&mut self, url: &Url) -> Result<LoadedPage, BrowserError> {
        if url.origin() != self.site.origin() {
            return Err(BrowserError::OffSite);
        }
        let deadline = self.start();
        let left = self.watch.loader().to_owned();
        let navigate = self.send("Page.navigate", json!({ "url": url.as_str() }))?;
        drop(navigate);
        self.rest(Some(&left), QUIET, deadline).await?;
        self.read(deadline).await
    }

    /// Fills in a form of the open page, sends it, and gives the page that it leads to.
    ///
    /// # Errors
    /// When the form is not there, or no page comes to rest within the limits. The site may have acted on it all the same.
    pub async fn submit(&mut self, form: &FilledForm<'_>) -> Result<LoadedPage, BrowserError> {
        let deadline = self.start();
        let left = self.watch.loader().to_owned();
        let wanted = json!({
            "nth": form.nth,
            "address": form.address.as_str(),
            "isPost": form.is_post,
            "fields": form.fields,
        });
        let sent: String = self.evaluate(SEND_FORM, &wanted, deadline).await?;
        match sent.as_str() {
            "navigates" => self.rest(Some(&left), QUIET, deadline).await?,
            "scripted" => self.rest(None, QUIET_AFTER_SCRIPT, deadline).await?,
            _ => return Err(BrowserError::NoSuchForm),
        }
        self.read(deadline).await
    }

    /// The cookies that the site has given so far.
    ///
    /// # Errors
    /// When Chromium does not answer.
    pub async fn cookies(&mut self) -> Result<Vec<SiteCookie>, BrowserError> {
        let deadline = Instant::now() + self.limits.timeout;
        let of_context = json!({ "browserContextId": self.context });
        let pending = self.running.wire().send(None, "Storage.getCookies", of_context)?;
        let kept: Kept = self.answer(pending, deadline).await?;
        Ok(kept.cookies.into_iter().map(SiteCookie::from).collect())
    }

    fn start(&mut self) -> Instant {
        let now = Instant::now();
        self.watch.begin(now);
        now + self.limits.timeout
    }

    /// The page as it stands. If a script leads elsewhere meanwhile, that page is waited for.
    async fn read(&mut self, deadline: Instant) -> Result<LoadedPage, BrowserError> {
        if self.watch.failure().is_some() {
            // A status came, but nothing that Chromium shows.
            return Ok(LoadedPage {
                url: self.watch.url().unwrap_or(&self.site).clone(),
                status: self.watch.status(),
                markup: Zeroizing::new(String::new()),
            });
        }
        loop {
            let loader = self.watch.loader().to_owned();
            match self
                .evaluate::<AsRead>(READ_PAGE, &json!(self.limits.max_page_bytes), deadline)
                .await
            {
                Ok(page) if self.watch.is_shown() && loader == self.watch.loader() => {
                    return self.loaded(page);
                }
                Err(error) if self.watch.is_shown() && loader == self.watch.loader() => return Err(error),
                _ => self.rest(None, QUIET, deadline).await?,
            }
        }
    }

    fn loaded(&self, page: AsRead) -> Result<LoadedPage, BrowserError> {
        let max_bytes = self.limits.max_page_bytes;
        let markup = Zeroizing::new(page.markup);
        if page.is_too_long || markup.len() > max_bytes {
            return Err(SendError::TooLarge {
                limit_bytes: max_bytes,
            }
            .into());
        }
        // What is not UTF-8 would be guessed at; U+FFFD stands where the guess failed.
        if (page.encoding != "UTF-8" && !markup.is_ascii()) || markup.contains(char::REPLACEMENT_CHARACTER) {
            return Err(BrowserError::NotText);
        }
        let url = Url::parse(&page.url).map_err(|_| BrowserError::OffSite)?;
        if url.origin() != self.site.origin() {
            return Err(BrowserError::OffSite);
        }
        Ok(LoadedPage {
            url,
            status: self.watch.status(),
            markup,
        })
    }

    /// Waits until the page has left `left`, if it will, and has come to rest.
    async fn rest(
        &mut self,
        left: Option<&str>,
        quiet: Duration,
        deadline: Instant,
    ) -> Result<(), BrowserError> {
        let mut shown_at = None;
        loop {
            if let Some(why) = self.watch.stopped() {
                self.halt();
                return Err(why);
            }
            let has_left = left.is_none_or(|left| left != self.watch.loader());
            if has_left && let Some(reason) = self.watch.failure() {
                return came_to_nothing(reason, self.watch.status());
            }
            let now = Instant::now();
            let is_shown = has_left && self.watch.is_shown();
            let taken_at = is_shown.then(|| *shown_at.get_or_insert(now) + RESTLESS_MAX);
            let at_rest_at = self
                .watch
                .at_rest_since()
                .filter(|_| has_left)
                .map(|since| since + quiet);
            let until = [at_rest_at, taken_at]
                .into_iter()
                .flatten()
                .fold(deadline, Instant::min);
            if until <= now {
                let is_late = deadline <= now;
                if is_late {
                    self.halt();
                }
                return if is_late {
                    Err(SendError::Timeout.into())
                } else {
                    Ok(())
                };
            }
            tokio::select! {
                event = self.events.recv() => self.see(event)?,
                () = sleep_until(until) => {}
            }
        }
    }

    /// Runs a function in the page's document, but apart from its scripts.
    async fn evaluate<A: for<'a> Deserialize<'a>>(
        &mut self,
        function: &str,
        argument: &serde_json::Value,
        deadline: Instant,
    ) -> Result<A, BrowserError> {
        let world = json!({ "frameId": self.main_frame, "worldName": "ayni" });
        let pending = self.send("Page.createIsolatedWorld", world)?;
        let world: OfWorld = self.answer(pending, deadline).await?;
        let call = json!({
            "functionDeclaration": function,
            "executionContextId": world.execution_context_id,
            "arguments": [{ "value": argument }],
            "returnByValue": true,
        });
        let pending = self.send("Runtime.callFunctionOn", call)?;
        let done: OfCall<A> = self.answer(pending, deadline).await?;
        done.result
            .value
            .ok_or_else(|| BrowserError::failed("a function in the page gave nothing"))
    }

    /// Waits for an answer and sees to the page meanwhile: it may wait for us to close a dialog.
    async fn answer<A: for<'a> Deserialize<'a>>(
        &mut self,
        pending: Pending,
        deadline: Instant,
    ) -> Result<A, BrowserError> {
        let mut answering = std::pin::pin!(pending.answer());
        loop {
            tokio::select! {
                answer = &mut answering => return answer,
                event = self.events.recv() => self.see(event)?,
                () = sleep_until(deadline) => {
                    self.halt();
                    return Err(SendError::Timeout.into());
                }
            }
            if let Some(why) = self.watch.stopped() {
                self.halt();
                return Err(why);
            }
        }
    }

    fn see(&mut self, event: Option<Event>) -> Result<(), BrowserError> {
        let event = event.ok_or_else(|| BrowserError::failed("the page ended while it was needed"))?;
        let pending = match self.watch.see(event, Instant::now()) {
            Do::Nothing => return Ok(()),
            Do::Allow(pause) => self.send("Fetch.continueRequest", json!({ "requestId": pause })),
            Do::Refuse(pause) => {
                let refusal = json!({ "requestId": pause, "errorReason": "BlockedByClient" });
                self.send("Fetch.failRequest", refusal)
            }
            Do::Close(accept) => self.send("Page.handleJavaScriptDialog", json!({ "accept": accept })),
        };
        pending.map(drop)
    }

    /// Stops what still loads; nobody waits for it.
    fn halt(&self) {
        drop(self.send("Page.stopLoading", json!({})));
    }

    fn send(&self, method: &str, params: impl Serialize) -> Result<Pending, BrowserError> {
        self.running.wire().send(Some(&self.session), method, params)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let wire = self.running.wire();
        wire.forget(&self.session);
        drop(wire.send(
            None,
            "Target.disposeBrowserContext",
            json!({ "browserContextId": self.context }),
        ));
    }
}

/// A load that showed nothing is still an answer if a status came: 204, a download, an error without a body.
fn came_to_nothing(reason: &str, status: u16) -> Result<(), BrowserError> {
    match reason {
        "net::ERR_HTTP_RESPONSE_CODE_FAILURE" => Ok(()),
        "net::ERR_ABORTED" if status == 204 || status == 205 => Ok(()),
        "net::ERR_ABORTED" if status != 0 => Err(BrowserError::NotText),
        _ => Err(BrowserError::from_network(reason)),
    }
}

fn written(cookies: &[SiteCookie], site: &Url) -> Vec<serde_json::Value> {
    let write = |cookie: &SiteCookie| {
        json!({
            "url": site.as_str(),
            "name": cookie.name,
            "value": cookie.value,
            "path": cookie.path,
            "secure": cookie.secure,
            "httpOnly": cookie.http_only,
            "expires": cookie.expires_at_s.unwrap_or(-1),
        })
    };
    cookies.iter().map(write).collect()
}
