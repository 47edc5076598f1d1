//! Everything that leaves the process, so that one reviewer sees every way out.
//!
//! Callers name URLs that we connect to (`notify_url`, `picture_url`, …), and a caller may be hostile: it may name our own
//! database, a cloud's metadata service, or a server that never ends its answer. [`Outbound`] is the only way to such a
//! URL. It connects to public addresses and to networks the operator permitted, checks the very address it connects to,
//! follows no redirect, and bounds time and bytes. [`site::SiteClient`] is the way to the operator's own sites, which
//! have a list of their own; [`browser::Chromium`] is the way to those of them that need their scripts. [`mail::Mailer`]
//! is the way to people, by the operator's mail server; [`collector::Collector`] to what takes the operator's traces.

#[cfg(feature = "browser")]
pub mod browser;
pub mod collector;
pub mod error;
pub mod mail;
pub mod names;
pub mod policy;
pub mod site;

mod client;

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Client, Method, Response, header};
use url::Url;

use client::{Body, append_up_to, checked_client, tls_config};
use error::{ClientError, SendError};
use names::Names;
use policy::{Policy, Transport, UrlRefused};

/// Time that one try may take, from looking up the name to the last byte of the answer.
pub const CALLER_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of an answer that are read (and not kept) so that its connection can be used again.
const DRAINED_MAX_BYTES: usize = 64 * 1024;

/// The way to URLs that callers named. Clones share their connections.
///
/// A kept connection leads to an address that was checked when it was opened, so using it again is as safe as opening it.
#[derive(Clone)]
pub struct Outbound {
    policy: Policy,
    encrypted: Client,
    plain: Client,
}

/// A POST to a caller's URL.
#[derive(Clone)]
pub struct CallerRequest<'a> {
    /// Where to; checked again, whatever was checked before.
    pub url: &'a str,
    /// The body's type.
    pub content_type: &'static str,
    /// Further headers: name, value.
    pub headers: Vec<(&'static str, String)>,
    /// Sent byte for byte.
    pub body: Bytes,
    /// Most bytes of the answer that are kept; the rest is cut off.
    pub max_answer_bytes: usize,
    /// Time for the whole exchange, usually [`CALLER_TIMEOUT`].
    pub timeout: Duration,
}

/// What a caller's server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status, redirects included: none is followed.
    pub status: u16,
    /// The beginning of its body.
    pub body: Bytes,
}

/// A document fetched from a caller's URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What the server says it is; not to be trusted.
    pub content_type: Option<String>,
    /// All of it.
    pub bytes: Bytes,
}

impl Outbound {
    /// A way out under this policy, with the system's names.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub fn new(policy: Policy) -> Result<Outbound, ClientError> {
        Outbound::with_names(policy, &Names::system())
    }

    /// The same with other names, as a test gives them.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub fn with_names(policy: Policy, names: &Names) -> Result<Outbound, ClientError> {
        let tls = tls_config()?;
        let encrypted = checked_client(&policy, names, Transport::Encrypted, &tls)?;
        let plain = checked_client(&policy, names, Transport::Plain, &tls)?;
        Ok(Outbound {
            policy,
            encrypted,
            plain,
        })
    }

    /// What can be said of a URL without looking up its name: form, scheme, and an address written out. For the moment
    /// when a caller gives it; it is checked again, with the name's addresses, at each try.
    ///
    /// # Errors
    /// Why we would not connect to it.
    pub fn check_url(&self, text: &str) -> Result<Url, UrlRefused> {
        self.policy.check_url(text).map(|(url, _)| url)
    }

    /// Posts once and gives the answer, whatever its status.
    ///
    /// The status counts as soon as it is here: an answer whose body is too long, too slow or broken off is cut.
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn post(&self, request: CallerRequest<'_>) -> Result<Answer, SendError> {
        let (url, client) = self.route(request.url)?;
        let mut outgoing = client
            .request(Method::POST, url)
            .header(header::CONTENT_TYPE, request.content_type)
            .timeout(request.timeout)
            .body(request.body);
        for (name, value) in request.headers {
            outgoing = outgoing.header(name, value);
        }
        let response = outgoing.send().await.map_err(SendError::from_client)?;
        Ok(Answer {
            status: response.status().as_u16(),
            body: beginning(response, request.max_answer_bytes).await,
        })
    }

    /// Fetches a document of at most `max_bytes`.
    ///
    /// # Errors
    /// When it is not answered with 200, is too large, or does not come in time and whole.
    pub async fn fetch(&self, url: &str, max_bytes: usize, timeout: Duration) -> Result<Fetched, SendError> {
        let (url, client) = self.route(url)?;
        let response = client
            .get(url)
            .timeout(timeout)
            .send()
            .await
            .map_err(SendError::from_client)?;
        match response.status().as_u16() {
            200 => {}
            other => return Err(SendError::Status(other)),
        }
        let content_type = client::header_text(&response, &header::CONTENT_TYPE);
        Ok(Fetched {
            content_type,
            bytes: client::whole_body(response, max_bytes).await?,
        })
    }

    fn route(&self, text: &str) -> Result<(Url, &Client), SendError> {
        match self.policy.check_url(text)? {
            (url, Transport::Encrypted) => Ok((url, &self.encrypted)),
            (url, Transport::Plain) => Ok((url, &self.plain)),
        }
    }
}

/// At most `kept_bytes` of the body. A little more is read, so that the connection can be used again.
async fn beginning(mut response: Response, kept_bytes: usize) -> Bytes {
    let mut kept = Vec::new();
    let mut read_bytes = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read_bytes += chunk.len();
        let fits = append_up_to(&mut kept, &chunk, kept_bytes);
        if fits == Body::Cut && read_bytes > kept_bytes.saturating_add(DRAINED_MAX_BYTES) {
            break;
        }
    }
    kept.into()
}

#[cfg(test)]
mod fake_server;
#[cfg(test)]
mod tests;
