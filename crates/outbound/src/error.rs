//! What can go wrong on the way out, told so that an operator knows whose turn it is and a caller's secret stays secret:
//! no error shows a URL's path or query.

use std::error::Error;
use std::io;
use std::net::IpAddr;

use thiserror::Error;

use crate::policy::UrlRefused;

/// The clients could not be made.
#[derive(Debug, Error)]
#[error("the client could not be set up: {reason}")]
pub struct ClientError {
    /// What the library says.
    pub reason: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SendError {
    /// The URL is not one that we connect to.
    #[error("the URL was refused: {0}")]
    Url(#[from] UrlRefused),
    /// The URL's name leads to an address that is neither public nor permitted.
    #[error("the name leads to {0}, which is not permitted (see outbound_allow)")]
    Address(IpAddr),
    /// The name could not be looked up.
    #[error("the name could not be looked up: {0}")]
    Dns(String),
    /// No connection was made.
    #[error("no connection: {0}")]
    Connect(String),
    /// The server's certificate was refused, or TLS failed.
    #[error("no TLS connection: {0}")]
    Tls(String),
    /// The request itself could not be written down, because of a header's value.
    #[error("the request could not be made: {0}")]
    Request(String),
    /// The answer did not come in time.
    #[error("no complete answer in time")]
    Timeout,
    /// The connection broke, or what came was not HTTP.
    #[error("the answer broke off: {0}")]
    Broken(String),
    /// The answer's body is longer than permitted.
    #[error("the answer is longer than {limit_bytes} bytes")]
    TooLarge {
        /// Most bytes that are permitted.
        limit_bytes: usize,
    },
    /// A document was answered with another status than 200.
    #[error("the answer has status {0}")]
    Status(u16),
}

impl SendError {
    /// Whether the server may have acted on the request: false only where certainly nothing was sent.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        match self {
            SendError::Url(_)
            | SendError::Address(_)
            | SendError::Dns(_)
            | SendError::Connect(_)
            | SendError::Tls(_)
            | SendError::Request(_) => false,
            SendError::Timeout | SendError::Broken(_) | SendError::TooLarge { .. } | SendError::Status(_) => {
                true
            }
        }
    }

    pub(crate) fn from_client(error: reqwest::Error) -> SendError {
        let error = error.without_url();
        if let Some(NameRefused(address)) = find(&error) {
            return SendError::Address(*address);
        }
        let reason = root_cause(&error);
        match () {
            () if error.is_dns() => SendError::Dns(reason),
            () if error.is_connect() && is_tls(&error) => SendError::Tls(reason),
            () if error.is_connect() => SendError::Connect(reason),
            () if error.is_timeout() => SendError::Timeout,
            () if error.is_builder() => SendError::Request(reason),
            () => SendError::Broken(reason),
        }
    }
}

/// A name none of whose addresses is permitted; found again in the client's error.
#[derive(Debug, Error)]
#[error("the name leads to {0}, which is not permitted")]
pub(crate) struct NameRefused(pub(crate) IpAddr);

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |e| -> Option<&'a (dyn Error + 'static)> {
        (*e).source()
    })
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|e| e.downcast_ref())
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// A TLS error comes wrapped in I/O errors, which do not count it among their sources.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    fn wraps_tls(error: &io::Error) -> bool {
        error
            .get_ref()
            .is_some_and(|inner| inner.is::<rustls::Error>() || inner.downcast_ref().is_some_and(wraps_tls))
    }
    chain(error).filter_map(|e| e.downcast_ref()).any(wraps_tls)
}
