//! Institutions whose data can be asked for: billers' portals and banks, each behind one [`Connector`].
//!
//! A connector turns one operation into visits to a site and one typed answer. It declares what it can do as plain
//! data ([`declaration::Declaration`]), so that routes, field checks, the list of institutions and the login form are
//! the same code for all, for connectors of other processes too. What a connector does not recognise is
//! [`Code::UnknownPage`], never a guess.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::note::Note;
use serde_json::value::RawValue;

use declaration::Declaration;
use login::{LoggedIn, Login, LoginStep};

pub mod declaration;
pub mod login;
pub(crate) mod stopped;

/// One institution, driven by visits to its site.
///
/// None of the calls keeps a time budget of its own: the caller drops the future when the time is over, and a visit
/// holds nothing that outlives it.
pub trait Connector: Send + Sync {
    /// What it can do.
    fn declaration(&self) -> &Declaration;

    /// Runs one operation. The arguments were checked against the declaration.
    fn run<'a>(&'a self, visit: Visit<'a>) -> Answering<'a, Reply>;

    /// Logs a person in, step by step, and tells the accounts found: for consent pages and account links.
    fn log_in(&self, step: LoginStep) -> Answering<'_, LoggedIn>;

    /// Opens the site's first page, as a health probe.
    fn probe(&self) -> Answering<'_, ()>;
}

/// An answer to come.
pub type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failed>> + Send + 'a>>;

/// What is to be done at the site.
pub struct Visit<'a> {
    /// A name of the declaration's operations, e.g. `consult-debt`.
    pub operation: &'a str,
    /// The parameters by their wire names; optional ones may be absent.
    pub arguments: &'a BTreeMap<String, String>,
    /// The person's login, where the operation needs one.
    pub login: Option<&'a Login>,
}

/// What a visit brought.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// `Data` of the envelope, or nothing where there is none to have.
    pub data: Option<Box<RawValue>>,
    /// What the caller should know about it.
    pub note: Option<Note>,
}

/// Why a visit brought nothing.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{fault}")]
pub struct Failed {
    /// What the caller is told.
    pub fault: Fault,
    /// The page that was not understood, without anybody's data, for the operator.
    pub page: Option<KeptPage>,
}

/// A page that a connector did not know, fit to be kept: texts masked, only its markup is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPage {
    /// What was expected.
    pub expected: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The markup, redacted, at most [`KEPT_PAGE_BYTES_MAX`].
    pub markup: String,
}

/// Most bytes of a page kept for the operator.
pub const KEPT_PAGE_BYTES_MAX: usize = 64 * 1024;

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Failed {
        Failed { fault, page: None }
    }
}

impl From<Code> for Failed {
    fn from(code: Code) -> Failed {
        Fault::new(code).into()
    }
}
