//! Why a visit stopped, on the way from what a site showed to what the caller is told. The page goes along, without
//! anybody's data, where the operator may have to mend the site file.

use std::future::Future;

use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use ayni_outbound::error::SendError;

use super::{Failed, KEPT_PAGE_BYTES_MAX, KeptPage};
use crate::failure::SiteError;
use crate::session::page::Parsed;

/// Visits for one operation: a site that ended the session gets one more.
const VISITS_MAX: u32 = 2;

/// Why a visit stopped.
pub(crate) enum Stopped {
    /// The site ended the session; a new visit may come through.
    Expired,
    /// A new visit would end the same way.
    Failed(Box<Failed>),
}

/// Makes the visit, and once more if the site ended its session.
pub(crate) async fn visited<T, V>(visit: impl Fn() -> V) -> Result<T, Failed>
where
    V: Future<Output = Result<T, Stopped>>,
{
    for _ in 0..VISITS_MAX {
        match visit().await {
            Err(Stopped::Expired) => {}
            Err(Stopped::Failed(failed)) => return Err(*failed),
            Ok(brought) => return Ok(brought),
        }
    }
    Err(Code::SiteUnreachable.into())
}

impl Stopped {
    /// Stopped at a page that shows something else than was expected.
    pub(crate) fn at(page: &Parsed<'_>, error: &SiteError, expected: &'static str) -> Stopped {
        match error {
            SiteError::SessionExpired => Stopped::Expired,
            error => Stopped::with_page(page, code_of(error), expected),
        }
    }

    /// Stopped with that code at a page that the operator should see.
    pub(crate) fn with_page(page: &Parsed<'_>, code: Code, expected: &'static str) -> Stopped {
        Stopped::Failed(Box::new(Failed {
            fault: Fault::new(code),
            page: Some(KeptPage {
                expected,
                status: page.status(),
                markup: page.redacted(KEPT_PAGE_BYTES_MAX),
            }),
        }))
    }
}

impl From<SiteError> for Stopped {
    fn from(error: SiteError) -> Stopped {
        match error {
            SiteError::SessionExpired => Stopped::Expired,
            error => code_of(&error).into(),
        }
    }
}

impl From<Code> for Stopped {
    fn from(code: Code) -> Stopped {
        Fault::new(code).into()
    }
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Stopped {
        Stopped::Failed(Box::new(fault.into()))
    }
}

/// What is told of an error whose page is gone: of an unknown one stays what the error quotes of it.
pub(crate) fn failed(error: SiteError) -> Failed {
    let fault = Fault::new(code_of(&error));
    let page = match error {
        SiteError::UnknownPage {
            expected,
            status,
            excerpt,
        } => Some(KeptPage {
            expected,
            status,
            markup: excerpt,
        }),
        _ => None,
    };
    Failed { fault, page }
}

/// What the caller is told of a site's error.
pub(crate) fn code_of(error: &SiteError) -> Code {
    match error {
        SiteError::Unreachable(SendError::Timeout) => Code::OutOfTime,
        SiteError::Unreachable(_) | SiteError::SessionExpired => Code::SiteUnreachable,
        SiteError::UnknownPage { status, .. } if is_unavailable(*status) => Code::SiteUnreachable,
        SiteError::WrongLogin => Code::LoginRefused,
        SiteError::NoSuchAccount => Code::UnknownClient,
        SiteError::NoBrowser { .. } => Code::ComponentMissing,
        SiteError::BrowserFailed { .. } => Code::ComponentAnswerInvalid,
        SiteError::UnknownPage { .. }
        | SiteError::Unreadable { .. }
        | SiteError::TooLarge { .. }
        | SiteError::TooManyRedirects
        | SiteError::FormWantedAgain
        | SiteError::OffSite
        | SiteError::TooManyPages { .. } => Code::UnknownPage,
    }
}

/// A server's own fault, or too many visits: no page of the site's.
fn is_unavailable(status: u16) -> bool {
    status == 429 || status >= 500
}
