//! How things go wrong at a bank, as values. A transfer that failed is an outcome that the payer is told of, not an
//! exception; an error while reading says where the site stopped being understood, and quotes no person's data.

use ayni_outbound::error::SendError;
use serde::{Deserialize, Serialize};

/// Why a transfer ended without moving money. Certain: no money left the payer's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The login was wrong too many times.
    WrongLogin,
    /// The payer has no account in the order's currency at this bank.
    NoAccount,
    /// The balance does not cover the amount.
    InsufficientFunds,
    /// The coordinates were not those of the card.
    WrongCoordinates,
    /// The bank does not pay to this account: unknown, of another holder or of another currency.
    DestinationRefused,
    /// The bank does not transfer this amount.
    AmountRefused,
    /// The bank refused the transfer and gave no reason that we know.
    RefusedByBank,
    /// The bank ended the session before the transfer could be ordered.
    SessionExpired,
    /// The bank could not be reached, or did not answer, before money could move.
    Unreachable,
    /// The site showed something that this connector does not know, before money could move.
    UnknownPage,
    /// The session is at another step than the one asked for: a fault of the caller's.
    WrongStep,
}

impl Failure {
    /// The name in events and texts, e.g. `wrong-coordinates`.
    pub fn as_str(self) -> &'static str {
        match self {
            Failure::WrongLogin => "wrong-login",
            Failure::NoAccount => "no-account",
            Failure::InsufficientFunds => "insufficient-funds",
            Failure::WrongCoordinates => "wrong-coordinates",
            Failure::DestinationRefused => "destination-refused",
            Failure::AmountRefused => "amount-refused",
            Failure::RefusedByBank => "refused-by-bank",
            Failure::SessionExpired => "session-expired",
            Failure::Unreachable => "unreachable",
            Failure::UnknownPage => "unknown-page",
            Failure::WrongStep => "wrong-step",
        }
    }
}

/// Why a site could not be read. No variant carries a credential, a RUT or a balance.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// No connection, no answer in time, or an answer cut short.
    #[error("the site could not be reached")]
    Unreachable(#[source] SendError),
    /// The page is longer than permitted.
    #[error("the page is longer than {limit_bytes} bytes")]
    TooLarge {
        /// Most bytes that are read.
        limit_bytes: usize,
    },
    /// The page is none of those that the connector knows at this point.
    #[error("expected {expected}, but the site showed an unknown page (status {status}): {excerpt}")]
    UnknownPage {
        /// What was to be read.
        expected: &'static str,
        /// The HTTP status.
        status: u16,
        /// The page's `data-page` and title with digits and addresses masked.
        excerpt: String,
    },
    /// A line, a form or a value of a known page could not be understood; nothing of it is used.
    #[error("{what} could not be understood")]
    Unreadable {
        /// Which part of the page.
        what: &'static str,
    },
    /// The bank does not know this login.
    #[error("the bank refused the login")]
    WrongLogin,
    /// The bank ended the session.
    #[error("the bank ended the session")]
    SessionExpired,
    /// This login has no such account.
    #[error("the bank shows no such account for this login")]
    NoSuchAccount,
    /// More redirects than [`crate::session::REDIRECTS_MAX`].
    #[error("the site redirected too often")]
    TooManyRedirects,
    /// The site answered a form with a redirect that wants it sent again (307, 308).
    #[error("the site wanted the form sent again")]
    FormWantedAgain,
    /// A redirect or a form led to another site.
    #[error("the site led to another site")]
    OffSite,
    /// The site is visited with Chromium, and there is none that can be started here.
    #[error("Chromium, which this site needs, can't be used: {reason}")]
    NoBrowser {
        /// What is missing, and how to provide it.
        reason: String,
    },
    /// Chromium ended, or answered something that it should not.
    #[error("the browser failed: {reason}")]
    BrowserFailed {
        /// What happened, without anything of the page.
        reason: String,
    },
    /// More pages of a statement than the limit of one reading.
    #[error("the known part of the statement was not reached within {pages_max} pages")]
    TooManyPages {
        /// The limit that was reached.
        pages_max: u32,
    },
}

impl SiteError {
    /// Whether it is certain that the last request never reached the site.
    pub fn was_never_sent(&self) -> bool {
        matches!(self, SiteError::Unreachable(error) if !error.may_have_arrived())
    }
}
