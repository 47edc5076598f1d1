//! Pages that say why something was not done, and what to do now.

use askama::Template;
use axum::http::StatusCode;
use ayni_crypto::keyring::KeyringError;
use ayni_domain::lang::Lang;
use ayni_domain::oauth::progress::Decided;
use ayni_store::error::StoreError;
use thiserror::Error;

use super::ConsentError;
use super::frame::Frame;
use super::visitor::{Answer, Visitor};
use crate::merchants::MerchantError;
use crate::texts::pages::consents::{Told, told as text_of};

/// What a person is told in place of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// The client's request is wrong: the person can do nothing.
    BadRequest,
    /// No such page, or its time is over.
    Gone,
    /// The form did not come from a page of this browser.
    NotThisPage,
    /// Another browser took it up.
    OtherBrowser,
    /// Too many logins from this address.
    TooMany,
    /// The form is longer than any of ours.
    TooLarge,
    /// Our own database does not answer.
    Unavailable,
    /// Our own fault.
    Internal,
}

/// What a handler ends with when it can't go on.
#[derive(Debug, Error)]
pub(crate) enum Stop {
    /// The person is told why.
    #[error("refused: {0:?}")]
    Refused(Message),
    /// Something else came first (another tab): the person is shown what is now.
    #[error("something else came first")]
    Stale,
    /// The database.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// What was sealed.
    #[error("what was sealed could not be sealed or opened")]
    Keyring(#[from] KeyringError),
    /// The account that asks.
    #[error("the account that asks could not be read")]
    Account(#[from] MerchantError),
    /// A consent's login.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// What was sealed is not what this program seals, or a template could not be filled in.
    #[error("{0}")]
    Broken(String),
}

impl From<askama::Error> for Stop {
    fn from(error: askama::Error) -> Stop {
        Stop::Broken(format!("a page could not be rendered: {error}"))
    }
}

impl From<Decided> for Stop {
    fn from(_: Decided) -> Stop {
        Stop::Stale
    }
}

#[derive(Template)]
#[template(path = "consents/refusal.html")]
struct RefusalPage {
    frame: Frame,
    told: &'static Told,
    for_developers: Option<&'static str>,
}

/// The page of a handler that stopped; faults of ours are logged here.
pub(super) fn page(visitor: &Visitor, stop: Stop) -> Answer {
    let message = match stop {
        Stop::Stale => return Answer::SeeOther(visitor.path.clone()),
        Stop::Refused(message) => message,
        Stop::Store(error) if error.is_temporary() || error.is_conflict() => {
            tracing::warn!(error = %error, "a page of consent could not be served");
            Message::Unavailable
        }
        other => {
            let error: &dyn std::error::Error = &other;
            tracing::error!(error, "a page of consent failed");
            Message::Internal
        }
    };
    told(visitor, message, None)
}

/// The page of a message. Its template has nothing that could fail; if it does, the heading is better than nothing.
pub(super) fn told(visitor: &Visitor, message: Message, for_developers: Option<&'static str>) -> Answer {
    let told = text_of(message, visitor.lang);
    let html = RefusalPage {
        frame: Frame::of(visitor, message.name(), told.heading),
        told,
        for_developers,
    }
    .render()
    .unwrap_or_else(|_| told.heading.to_owned());
    Answer::Page(message.status(), html)
}

impl Message {
    fn name(self) -> &'static str {
        match self {
            Message::BadRequest => "bad-request",
            Message::Gone => "gone",
            Message::NotThisPage => "not-this-page",
            Message::OtherBrowser => "other-browser",
            Message::TooMany => "too-many",
            Message::TooLarge => "too-large",
            Message::Unavailable => "unavailable",
            Message::Internal => "internal",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Message::BadRequest => StatusCode::BAD_REQUEST,
            Message::Gone => StatusCode::NOT_FOUND,
            Message::NotThisPage | Message::OtherBrowser => StatusCode::FORBIDDEN,
            Message::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Message::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Message::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Message::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl Frame {
    /// The language of the header's link.
    pub(super) fn other_lang(&self) -> Lang {
        self.lang.pick(Lang::En, Lang::Es)
    }
}
