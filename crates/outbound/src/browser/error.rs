//! What can go wrong between us, Chromium and a site, so that an operator knows whose turn it is. No error quotes a page,
//! a form or an address.

use thiserror::Error;

use crate::error::SendError;

/// Why a visit brought no page.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BrowserError {
    /// There is no Chromium that can be started here.
    #[error("{reason}")]
    Missing {
        /// What is missing and how to provide it.
        reason: String,
    },
    /// Chromium died, or said something that it should not.
    #[error("Chromium failed: {reason}")]
    Failed {
        /// What happened.
        reason: String,
    },
    /// As many visits as permitted were under way all the time.
    #[error("every place for a visit with Chromium was taken for too long")]
    Busy,
    /// The site gave no page, as with any other client.
    #[error(transparent)]
    Site(#[from] SendError),
    /// More redirects than permitted.
    #[error("the site redirected too often")]
    TooManyRedirects,
    /// A redirect, a form or a script led to another origin.
    #[error("the site led to another site")]
    OffSite,
    /// A sent form was answered with a redirect that wants it sent again.
    #[error("the site wanted the form sent again")]
    FormWantedAgain,
    /// What came is no page of text in UTF-8.
    #[error("the site answered no page of text")]
    NotText,
    /// The page asked for more than `REQUESTS_MAX` files.
    #[error("the page asked for too many files")]
    TooManyRequests,
    /// The form is not in the page as it was read from it.
    #[error("the form is not in the page any more")]
    NoSuchForm,
}

impl BrowserError {
    pub(super) fn failed(reason: &str) -> BrowserError {
        BrowserError::Failed {
            reason: reason.to_owned(),
        }
    }

    /// A load's failure as the network stack names it, e.g. `net::ERR_CONNECTION_REFUSED`.
    pub(super) fn from_network(name: &str) -> BrowserError {
        let name = name.strip_prefix("net::").unwrap_or(name);
        let reason = || name.to_owned();
        match name {
            "ERR_TOO_MANY_REDIRECTS" => BrowserError::TooManyRedirects,
            // Nothing but another origin meets the proxy; a redirect that the page's own policy forbids is aborted.
            "ERR_PROXY_CONNECTION_FAILED"
            | "ERR_TUNNEL_CONNECTION_FAILED"
            | "ERR_ABORTED"
            | "ERR_UNSAFE_REDIRECT"
            | "ERR_INVALID_REDIRECT"
            | "ERR_INVALID_URL"
            | "ERR_UNKNOWN_URL_SCHEME"
            | "ERR_DISALLOWED_URL_SCHEME" => BrowserError::OffSite,
            "ERR_TIMED_OUT" => SendError::Timeout.into(),
            _ if name.starts_with("ERR_BLOCKED_BY") => BrowserError::OffSite,
            _ if name.starts_with("ERR_NAME_") => SendError::Dns(reason()).into(),
            _ if name.starts_with("ERR_CERT_") || name.starts_with("ERR_SSL_") => {
                SendError::Tls(reason()).into()
            }
            "ERR_CONNECTION_REFUSED"
            | "ERR_CONNECTION_FAILED"
            | "ERR_CONNECTION_TIMED_OUT"
            | "ERR_ADDRESS_UNREACHABLE"
            | "ERR_INTERNET_DISCONNECTED"
            | "ERR_UNSAFE_PORT" => SendError::Connect(reason()).into(),
            _ => SendError::Broken(reason()).into(),
        }
    }
}
