//! What the console does not do, and the page that says so.
//!
//! Extractors and handlers return a [`Refused`]; it travels in the answer to `console::around`, which knows the reader's
//! language.

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use ayni_domain::lang::Lang;
use ayni_store::error::StoreError;
use tracing::error;

use crate::http::error::ApiError;
use crate::merchants::MerchantError;
use crate::payer::page::Frame;
use crate::texts::console::refused::Texts;

/// Why a page was not shown or an act not done.
#[derive(Clone, Debug)]
pub enum Refused {
    /// Nobody is signed in: go there, with the way back.
    SignIn(String),
    /// 403: the person's role does not go so far.
    Forbidden,
    /// 403: an operator disabled the account.
    AccountDisabled,
    /// 403: the form was not on one of this session's pages of this account.
    NotThisPage,
    /// 404: nothing there that this account may see.
    NotFound,
    /// 413: the form is longer than any of ours.
    TooLarge,
    /// 503: more people want to sign in than can be served; later.
    Busy,
    /// 503: the database takes no more work now; nothing was done.
    Unavailable,
    /// 503: the connection to the database was lost while it committed: it may have been done.
    OutcomeUnknown,
    /// 500: our own fault, with its causes for the log.
    Internal(String),
}

#[derive(Template)]
#[template(path = "console/refused.html")]
struct Page {
    frame: Frame,
    heading: &'static str,
    what_now: &'static str,
    home: &'static str,
}

impl Refused {
    /// An internal fault with its chain of causes.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Refused {
        match ApiError::internal(error) {
            ApiError::Internal(chain) => Refused::Internal(chain),
            other => Refused::Internal(other.to_string()),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Refused::SignIn(_) => StatusCode::SEE_OTHER,
            Refused::Forbidden | Refused::AccountDisabled | Refused::NotThisPage => StatusCode::FORBIDDEN,
            Refused::NotFound => StatusCode::NOT_FOUND,
            Refused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refused::Busy | Refused::Unavailable | Refused::OutcomeUnknown => StatusCode::SERVICE_UNAVAILABLE,
            Refused::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Refused {
        match error {
            StoreError::OutcomeUnknown => Refused::OutcomeUnknown,
            temporary if temporary.is_temporary() => Refused::Unavailable,
            other => Refused::internal(&other),
        }
    }
}

impl From<MerchantError> for Refused {
    fn from(error: MerchantError) -> Refused {
        match error {
            MerchantError::Store(error) => error.into(),
            other => Refused::internal(&other),
        }
    }
}

impl From<askama::Error> for Refused {
    fn from(error: askama::Error) -> Refused {
        Refused::internal(&error)
    }
}

/// Leaves it for `console::around`. An answer that leads elsewhere is complete as it is.
impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        if let Refused::SignIn(to) = self {
            return (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The page that says it, with the headers that the answer had already.
pub(super) fn page(refused: &Refused, answered: &Response, lang: Lang, path: &str) -> Response {
    if let Refused::Internal(chain) = refused {
        error!(error = %chain, "a page of the console failed");
    }
    let t = Texts::of(lang);
    let (name, heading, what_now) = t.say(refused);
    let other = lang.pick(Lang::En, Lang::Es).tag();
    let page = Page {
        frame: Frame::alone(lang, name, heading).in_other_language(format!("{path}?lang={other}")),
        heading,
        what_now,
        home: t.home,
    };
    let html = page.render().unwrap_or_default();
    let mut response = (refused.status(), Html(html)).into_response();
    let kept = answered.headers().iter();
    let kept: Vec<(HeaderName, HeaderValue)> = kept
        .filter(|(name, _)| *name == header::SET_COOKIE)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in kept {
        response.headers_mut().append(name, value);
    }
    response
}
