//! `/payment/receipt/{token}/verify`: where a receipt's QR leads. It tells what is known now, so that a forged PDF, or one
//! of a payment that was given back since, is found out.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use ayni_domain::lang::Lang;
use ayni_domain::payment::state::{Detail, State as PaymentState};
use ayni_domain::time::wire;

use super::facts::{self, Facts};
use super::sheet::{self, Sheet};
use super::{token, url, verify_url};
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::pages::{language, language_cookie, query, tell};
use crate::payer::page::Frame;
use crate::refunds::told;
use crate::texts::dates;
use crate::texts::pages::verify::{Told, Verify};

#[derive(Template)]
#[template(path = "receipts/verify.html")]
struct VerifyPage {
    frame: Frame,
    t: &'static Verify,
    told: &'static Told,
    is_whole: bool,
    now: String,
    now_machine: String,
    sheet: Sheet,
    receipt_href: String,
    contract_href: String,
    given_back: String,
}

#[derive(Template)]
#[template(path = "receipts/unknown.html")]
struct UnknownPage {
    frame: Frame,
    told: &'static Told,
}

/// Who looks: the address, and the language.
struct Reader {
    app: Shared,
    lang: Lang,
    token: String,
    asked: BTreeMap<String, String>,
}

/// The page; a token that is none of ours has one too.
pub(super) async fn verify(State(app): State<Shared>, request: Request) -> Result<Response, ApiError> {
    let reader = reader(app, request).await;
    let facts = match token::open(&reader.app, &reader.token) {
        Some(payment) => facts::load(&reader.app, payment)
            .await
            .map_err(|error| ApiError::internal(&error))?,
        None => None,
    };
    let (status, page) = match facts {
        Some(facts) => (
            StatusCode::OK,
            known(&reader, &facts).and_then(|page| page.render()),
        ),
        None => (StatusCode::NOT_FOUND, unknown(&reader).render()),
    };
    let html = page.map_err(|error| ApiError::internal(&error))?;
    let mut response = (status, Html(html)).into_response();
    let is_https = reader.app.settings.public_url.scheme() == "https";
    let cookie = reader
        .asked
        .contains_key("lang")
        .then(|| language_cookie(reader.lang, "/payment", is_https));
    tell(&mut response, reader.lang, cookie);
    Ok(response)
}

async fn reader(app: Shared, request: Request) -> Reader {
    let (mut parts, _) = request.into_parts();
    let asked = query(&parts);
    let lang = language(&parts, &asked);
    let path = Path::<String>::from_request_parts(&mut parts, &app).await;
    Reader {
        app,
        lang,
        token: path.map(|Path(token)| token).unwrap_or_default(),
        asked,
    }
}

fn known(reader: &Reader, facts: &Facts) -> Result<VerifyPage, askama::Error> {
    let (app, lang, payment) = (&reader.app, reader.lang, facts.payment.id);
    let (name, told) = told(facts.payment.state, Verify::of(lang));
    let now = app.clock.now();
    let receipt = url(app, payment, facts.settled.conciliated_at);
    Ok(VerifyPage {
        frame: frame(reader, name, told),
        t: Verify::of(lang),
        told,
        is_whole: name == "receipt-paid",
        now: dates::shown(now, lang),
        now_machine: wire(now),
        sheet: sheet::of(facts, &verify_url(app, payment), lang),
        receipt_href: match lang {
            Lang::Es => receipt,
            Lang::En => format!("{receipt}?lang=en"),
        },
        contract_href: format!("/payment/contract/{payment}"),
        given_back: told::section(&facts.given_back, lang)?,
    })
}

fn unknown(reader: &Reader) -> UnknownPage {
    let told = &Verify::of(reader.lang).unknown;
    UnknownPage {
        frame: frame(reader, "receipt-unknown", told),
        told,
    }
}

fn frame(reader: &Reader, page: &'static str, told: &'static Told) -> Frame {
    let other = reader.lang.pick(Lang::En, Lang::Es);
    let other_language = format!(
        "/payment/receipt/{}/verify?lang={}",
        escaped(&reader.token),
        other.tag()
    );
    Frame {
        other_language: Some(other_language),
        ..Frame::alone(reader.lang, page, told.heading)
    }
}

/// The page's name, and what it says of a payment whose money was seen.
fn told(state: PaymentState, t: &'static Verify) -> (&'static str, &'static Told) {
    match state {
        PaymentState::Done(Detail::Reversed | Detail::FullyRefunded) => ("receipt-refunded", &t.refunded),
        PaymentState::Done(Detail::PartiallyRefunded) => {
            ("receipt-partially-refunded", &t.partially_refunded)
        }
        _ => ("receipt-paid", &t.paid),
    }
}

/// A token of ours needs no escape; another's text does, in a path.
fn escaped(token: &str) -> String {
    url::form_urlencoded::byte_serialize(token.as_bytes()).collect()
}
