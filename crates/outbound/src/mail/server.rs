//! The operator's mail server: where it is, how the way to it is protected, who we are to it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use thiserror::Error;
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::client::tls_config_with;
use crate::error::ClientError;

/// How the conversation is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// TLS after STARTTLS, which the server must offer (RFC 3207).
    Starttls,
    /// None: to this machine itself, or where the operator said so.
    Plain,
}

/// A server's address as operators write it: `smtps://user@host:465`, `smtp://user@host:587`. A login stands in it without
/// its password. `smtp` means STARTTLS, but nothing for a server on this machine without a login; `?tls=starttls` and
/// `?tls=none` say it outright.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    /// Name or address.
    pub host: Host,
    /// Its port.
    pub port: u16,
    /// How it is protected.
    pub protection: Protection,
    /// Who logs in, if anybody.
    pub user: Option<String>,
}

/// Why a text is no server's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SmtpUrlError {
    /// Not `smtp://…` or `smtps://…` with a host.
    #[error("is no URL of a mail server")]
    Malformed,
    /// It holds a password.
    #[error("holds a password")]
    Password,
    /// Another parameter than `tls`, or another value, or a path.
    #[error("has something after the port that is not ?tls=starttls or ?tls=none")]
    Parameter,
    /// A login would be spoken in clear.
    #[error("has a login, which is never sent without TLS")]
    PlainLogin,
}

/// How long each step of a conversation may take.
#[derive(Debug, Clone, Copy)]
pub struct SmtpLimits {
    /// Looking up the name and connecting; and once more for TLS.
    pub connect: Duration,
    /// Each answer.
    pub answer: Duration,
    /// The answer to the mail's last byte, for which servers scan it.
    pub end: Duration,
}

impl Default for SmtpLimits {
    /// 10 s, 60 s and 120 s.
    fn default() -> SmtpLimits {
        SmtpLimits {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(60),
            end: Duration::from_secs(120),
        }
    }
}

/// What is set about a server beside its address.
#[derive(Default)]
pub struct SmtpSettings {
    /// The password of the address's user.
    pub password: Option<Zeroizing<String>>,
    /// PEM of certificates that are believed beside the machine's own roots.
    pub more_roots_pem: Option<Vec<u8>>,
    /// Who we say we are in EHLO: our public host.
    pub hello: Option<Host>,
    /// How long each step may take.
    pub limits: SmtpLimits,
}

/// Why a server can't be used.
#[derive(Debug, Error)]
pub enum SmtpServerError {
    /// TLS can't be set up.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The file of further roots is no PEM of certificates.
    #[error("the file of certificates can't be read: {0}")]
    Roots(String),
    /// A login without a password.
    #[error("the login {0} has no password")]
    NoPassword(String),
}

/// The operator's server, ready to be spoken to. It has no `Debug` text beyond its address: it holds the password.
pub struct SmtpServer {
    pub(super) url: SmtpUrl,
    pub(super) password: Option<Zeroizing<String>>,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) hello: ClientId,
    pub(super) limits: SmtpLimits,
}

impl SmtpUrl {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong; the text is not repeated.
    pub fn parse(text: &str) -> Result<SmtpUrl, SmtpUrlError> {
        let url = Url::parse(text).map_err(|_| SmtpUrlError::Malformed)?;
        let is_encrypted = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            _ => return Err(SmtpUrlError::Malformed),
        };
        if url.password().is_some() {
            return Err(SmtpUrlError::Password);
        }
        // The parser leaves hosts of schemes that it does not know as they are.
        let host = url.host_str().and_then(|host| Host::parse(host).ok());
        let host = host.ok_or(SmtpUrlError::Malformed)?;
        let user = decoded(url.username()).ok_or(SmtpUrlError::Malformed)?;
        let user = (!user.is_empty()).then_some(user);
        let is_bare = matches!(url.path(), "" | "/") && url.fragment().is_none();
        let protection = match (is_encrypted, url.query()) {
            _ if !is_bare => return Err(SmtpUrlError::Parameter),
            (true, None) => Protection::Tls,
            (false, Some("tls=starttls")) => Protection::Starttls,
            (false, Some("tls=none")) => Protection::Plain,
            (false, None) if is_this_machine(&host) && user.is_none() => Protection::Plain,
            (false, None) => Protection::Starttls,
            _ => return Err(SmtpUrlError::Parameter),
        };
        if protection == Protection::Plain && user.is_some() {
            return Err(SmtpUrlError::PlainLogin);
        }
        let port = url.port().unwrap_or(match protection {
            Protection::Tls => PORT_TLS,
            Protection::Starttls => PORT_SUBMISSION,
            Protection::Plain => PORT_PLAIN,
        });
        Ok(SmtpUrl {
            host,
            port,
            protection,
            user,
        })
    }
}

impl SmtpServer {
    /// The server at this address.
    ///
    /// # Errors
    /// When TLS can't be set up, or the login has no password.
    pub fn new(url: SmtpUrl, settings: SmtpSettings) -> Result<SmtpServer, SmtpServerError> {
        if let (Some(user), None) = (&url.user, &settings.password) {
            return Err(SmtpServerError::NoPassword(user.clone()));
        }
        let more_roots = settings.more_roots_pem.as_deref().map_or(Ok(Vec::new()), roots)?;
        Ok(SmtpServer {
            url,
            password: settings.password,
            tls: Arc::new(tls_config_with(more_roots)?),
            hello: match settings.hello {
                Some(Host::Domain(name)) => ClientId::Domain(name),
                Some(Host::Ipv4(address)) => ClientId::Ipv4(address),
                Some(Host::Ipv6(address)) => ClientId::Ipv6(address),
                None => ClientId::default(),
            },
            limits: settings.limits,
        })
    }
}

impl fmt::Display for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protection = match self.url.protection {
            Protection::Tls => "TLS",
            Protection::Starttls => "STARTTLS",
            Protection::Plain => "without TLS",
        };
        write!(f, "{}:{} ({protection})", self.url.host, self.url.port)
    }
}

fn roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, SmtpServerError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(certificates) if certificates.is_empty() => {
            Err(SmtpServerError::Roots("it holds none".to_owned()))
        }
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(SmtpServerError::Roots(error.to_string())),
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// A part of a URL without its percent signs; `None` where it is not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = (*first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        bytes.push(hex.unwrap_or(*first));
        rest = if hex.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).ok()
}

const PORT_TLS: u16 = 465;
const PORT_SUBMISSION: u16 = 587;
const PORT_PLAIN: u16 = 25;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_it_is_protected() {
        for (text, port, protection, user) in [
            ("smtps://mail.example.com", 465, Protection::Tls, None),
            ("smtp://mail.example.com", 587, Protection::Starttls, None),
            (
                "smtp://u%40x.cl@mail.example.com:25",
                25,
                Protection::Starttls,
                Some("u@x.cl"),
            ),
            ("smtp://127.0.0.1:1025", 1025, Protection::Plain, None),
            ("smtp://localhost", 25, Protection::Plain, None),
            ("smtp://[::1]:2525", 2525, Protection::Plain, None),
            ("smtp://u@127.0.0.1", 587, Protection::Starttls, Some("u")),
            ("smtp://127.0.0.1:25?tls=starttls", 25, Protection::Starttls, None),
            ("smtp://relay.internal?tls=none", 25, Protection::Plain, None),
        ] {
            let read = SmtpUrl::parse(text).unwrap();
            let found = (read.port, read.protection, read.user.as_deref());
            assert_eq!(found, (port, protection, user), "{text}");
        }
    }

    #[test]
    fn an_address_that_would_be_careless_is_refused() {
        for (text, error) in [
            ("http://mail.example.com", SmtpUrlError::Malformed),
            ("mail.example.com:25", SmtpUrlError::Malformed),
            ("smtp://u:secret@mail.example.com", SmtpUrlError::Password),
            ("smtp://u@mail.example.com?tls=none", SmtpUrlError::PlainLogin),
            ("smtp://u@127.0.0.1?tls=none", SmtpUrlError::PlainLogin),
            ("smtps://mail.example.com?tls=none", SmtpUrlError::Parameter),
            ("smtp://mail.example.com?tls=maybe", SmtpUrlError::Parameter),
            ("smtp://mail.example.com/inbox", SmtpUrlError::Parameter),
        ] {
            assert_eq!(SmtpUrl::parse(text), Err(error), "{text}");
        }
    }
}
