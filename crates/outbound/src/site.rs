//! The way to the operator's own sites: banks that a connector drives as a browser would.
//!
//! They are not a caller's, so they may lie anywhere, by http too; but only the sites that the operator listed are
//! reached, so a page that sends its form elsewhere leads nowhere. A connector sees each redirect and each cookie itself.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Client, Method, Response, header};
use url::Url;

use crate::client::{build, header_text, limited_builder, tls_config, whole_body};
use crate::error::{ClientError, SendError};
use crate::policy::UrlRefused;

/// What one exchange with a site may cost.
#[derive(Debug, Clone, Copy)]
pub struct SiteLimits {
    /// Time for the whole exchange.
    pub timeout: Duration,
    /// Longest page.
    pub max_answer_bytes: usize,
}

impl Default for SiteLimits {
    /// 30 s and 4 MiB: banks are slow, and their pages heavy.
    fn default() -> SiteLimits {
        SiteLimits {
            timeout: Duration::from_secs(30),
            max_answer_bytes: 4 * 1024 * 1024,
        }
    }
}

/// Speaks with the operator's sites. Clones share their connections.
#[derive(Clone)]
pub struct SiteClient {
    sites: Vec<Url>,
    limits: SiteLimits,
    pooled: Client,
    fresh: Client,
}

/// One request to a site: a GET, or a POST of a form.
#[derive(Clone, Copy)]
pub struct SiteRequest<'a> {
    /// Where to.
    pub url: &'a Url,
    /// The form's fields in their order; a GET where there are none to send.
    pub form: Option<&'a [(String, String)]>,
    /// Further headers: name, value (`cookie`, `accept-language`, …).
    pub headers: &'a [(&'a str, &'a str)],
    /// Sends it on a connection of its own, so that no connection which the site closed meanwhile leaves it unclear
    /// whether the request arrived. For the request that moves money.
    pub fresh_connection: bool,
}

/// A site's answer, whatever its status.
#[derive(Clone)]
pub struct SiteAnswer {
    /// The HTTP status, redirects included.
    pub status: u16,
    /// Where a redirect leads, as written.
    pub location: Option<String>,
    /// Each `Set-Cookie` header, as written.
    pub set_cookies: Vec<String>,
    /// The body's type, as written.
    pub content_type: Option<String>,
    /// The whole body.
    pub body: Bytes,
}

impl SiteClient {
    /// A client for these sites: scheme, host and port of each count.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub fn new(sites: Vec<Url>, limits: SiteLimits) -> Result<SiteClient, ClientError> {
        let tls = tls_config()?;
        let pooled = build(limited_builder(&tls))?;
        let fresh = build(limited_builder(&tls).pool_max_idle_per_host(0))?;
        Ok(SiteClient {
            sites,
            limits,
            pooled,
            fresh,
        })
    }

    /// Sends once.
    ///
    /// # Errors
    /// When there is no complete answer; [`SendError::may_have_arrived`] tells whether the site may have acted.
    pub async fn send(&self, request: SiteRequest<'_>) -> Result<SiteAnswer, SendError> {
        self.check(request.url)?;
        let client = if request.fresh_connection {
            &self.fresh
        } else {
            &self.pooled
        };
        let method = if request.form.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let mut outgoing = client
            .request(method, request.url.clone())
            .timeout(self.limits.timeout);
        for (name, value) in request.headers {
            outgoing = outgoing.header(*name, *value);
        }
        if let Some(fields) = request.form {
            outgoing = outgoing.header(header::CONTENT_TYPE, FORM).body(encode(fields));
        }
        let response = outgoing.send().await.map_err(SendError::from_client)?;
        self.read(response).await
    }

    /// Posts a body that is no form, once; its type is among the headers. For connectors of other processes.
    ///
    /// # Errors
    /// When there is no complete answer.
    pub async fn post(
        &self,
        url: &Url,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<SiteAnswer, SendError> {
        self.check(url)?;
        let mut outgoing = self
            .pooled
            .request(Method::POST, url.clone())
            .timeout(self.limits.timeout)
            .body(body);
        for (name, value) in headers {
            outgoing = outgoing.header(*name, *value);
        }
        let response = outgoing.send().await.map_err(SendError::from_client)?;
        self.read(response).await
    }

    fn check(&self, url: &Url) -> Result<(), SendError> {
        let listed = self.sites.iter().any(|site| site.origin() == url.origin());
        listed.then_some(()).ok_or(UrlRefused::OtherSite.into())
    }

    async fn read(&self, response: Response) -> Result<SiteAnswer, SendError> {
        let cookies = response.headers().get_all(header::SET_COOKIE);
        Ok(SiteAnswer {
            status: response.status().as_u16(),
            location: header_text(&response, &header::LOCATION),
            set_cookies: cookies
                .iter()
                .filter_map(|v| v.to_str().ok())
                .map(str::to_owned)
                .collect(),
            content_type: header_text(&response, &header::CONTENT_TYPE),
            body: whole_body(response, self.limits.max_answer_bytes).await?,
        })
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn encode(fields: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

#[cfg(test)]
mod tests;
