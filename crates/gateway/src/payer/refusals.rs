//! Pages that say why something was not done.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use ayni_domain::lang::Lang;

use super::page::Frame;
use super::stop::Stop;
use super::visitor::{Answer, Visitor};
use crate::texts::pages::refusals::{Message, Refusal};

#[derive(Template)]
#[template(path = "payer/refusal.html")]
struct RefusalPage {
    frame: Frame,
    message: &'static Message,
    info_href: Option<String>,
}

/// The page of a handler that stopped; faults of ours are logged here.
pub(super) fn page(visitor: &Visitor, stop: Stop) -> Answer {
    let refusal = match stop {
        Stop::Stale => return Answer::SeeOther(visitor.to("end")),
        // Two tabs began the same attempt, or two browsers the same verification: one of them did it.
        Stop::Store(error) if error.is_conflict() => return Answer::SeeOther(visitor.to("end")),
        Stop::Refused(refusal) => refusal,
        Stop::Store(error) if error.is_temporary() => {
            tracing::warn!(payment = %visitor.id, error = %error, "a payer's page could not be served");
            Refusal::Unavailable
        }
        other => {
            let error: &dyn std::error::Error = &other;
            tracing::error!(payment = %visitor.id, error, "a payer's page failed");
            Refusal::Internal
        }
    };
    let info_href = (refusal != Refusal::NotFound).then(|| visitor.to("info"));
    Answer::Page(status(refusal), html(refusal, visitor.lang, info_href))
}

/// The page of an address that names no payment.
pub(super) fn without_payment(refusal: Refusal, lang: Lang) -> Response {
    let mut response = (status(refusal), Html(html(refusal, lang, None))).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    response
}

/// The page itself. Its template has nothing that could fail; if it does, the heading is better than nothing.
pub(super) fn html(refusal: Refusal, lang: Lang, info_href: Option<String>) -> String {
    let message = refusal.message(lang);
    let heading = message.heading;
    let frame = Frame::alone(lang, refusal.name(), heading);
    RefusalPage {
        frame,
        message,
        info_href,
    }
    .render()
    .unwrap_or_else(|_| heading.to_owned())
}

fn status(refusal: Refusal) -> StatusCode {
    match refusal {
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::NotThisPage | Refusal::OtherBrowser => StatusCode::FORBIDDEN,
        Refusal::TooManyLogins | Refusal::TooManyAttempts | Refusal::TooManyClaims => {
            StatusCode::TOO_MANY_REQUESTS
        }
        Refusal::BeingPaid => StatusCode::CONFLICT,
        Refusal::NotOffered | Refusal::ContractNotAccepted => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
