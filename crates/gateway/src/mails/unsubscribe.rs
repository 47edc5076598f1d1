//! `/mails/unsubscribe/{token}`: where a reader ends a merchant's reminders, and takes that back.
//!
//! The token is all that it takes, since mail clients end reminders by themselves, without a browser's cookies
//! (RFC 8058). Looking at the page changes nothing: programs that follow a mail's links to scan them end nobody's
//! reminders.

use askama::Template;
use axum::body::to_bytes;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use ayni_domain::lang::Lang;
use ayni_store::tx::Tx;

use super::readers::{self, Reader};
use super::sql;
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::pages::{FORM_MAX_BYTES, Form, language, query, tell};
use crate::merchants::{MerchantError, accounts};
use crate::payer::page::Frame;
use crate::texts::mails::{Unsubscribe, filled};

#[derive(Template)]
#[template(path = "mails/unsubscribe.html")]
struct UnsubscribePage {
    frame: Frame,
    t: &'static Unsubscribe,
    seal: &'static str,
    heading: String,
    paragraphs: Vec<String>,
    form: Option<Choice>,
}

/// The page's one form.
struct Choice {
    action: String,
    choice: &'static str,
    label: &'static str,
}

/// Who opened the page, by what, in which language.
struct Visitor {
    app: Shared,
    lang: Lang,
    token: String,
}

/// What a page says beside what is so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Looking,
    Choosing,
}

/// The page: asks, or says that it is done.
pub(super) async fn show(State(app): State<Shared>, request: Request) -> Result<Response, ApiError> {
    let (visitor, _) = read(app, request).await?;
    page(&visitor, After::Looking).await
}

/// Does what was chosen. A mail client's one click has no choice to make: it ends them, and is answered without a
/// redirect.
pub(super) async fn choose(State(app): State<Shared>, request: Request) -> Result<Response, ApiError> {
    let (visitor, form) = read(app, request).await?;
    let declined_at = (form.text("choice") != RESUME).then(|| visitor.app.clock.now());
    let hash = readers::token_hash(&visitor.token);
    visitor
        .app
        .db
        .write("mails.decline", move |tx| {
            sql::update_declined(tx, &hash, declined_at)
        })
        .await?;
    page(&visitor, After::Choosing).await
}

async fn read(app: Shared, request: Request) -> Result<(Visitor, Form), ApiError> {
    let (mut parts, body) = request.into_parts();
    let lang = language(&parts, &query(&parts));
    let token = Path::<String>::from_request_parts(&mut parts, &app).await;
    let bytes = to_bytes(body, FORM_MAX_BYTES).await.unwrap_or_default();
    let visitor = Visitor {
        app,
        lang,
        token: token.map(|Path(token)| token).unwrap_or_default(),
    };
    Ok((visitor, Form::read(&bytes)))
}

async fn page(visitor: &Visitor, after: After) -> Result<Response, ApiError> {
    let hash = readers::token_hash(&visitor.token);
    let work = move |tx: &mut Tx<'_>| -> Result<Option<(Reader, String)>, MerchantError> {
        let Some(reader) = sql::select_reader(tx, &hash)? else {
            return Ok(None);
        };
        let account = accounts::read(tx, reader.account)?;
        Ok(Some((reader, account.name)))
    };
    let found = visitor.app.db.read("mails.reader", work).await;
    let found = found.map_err(|error| ApiError::internal(&error))?;
    let (status, template) = match found {
        Some((reader, payee)) => (StatusCode::OK, known(visitor, &reader, &payee, after)),
        None => (StatusCode::NOT_FOUND, unknown(visitor)),
    };
    let html = template.render().map_err(|error| ApiError::internal(&error))?;
    let mut response = (status, Html(html)).into_response();
    tell(&mut response, visitor.lang, None);
    Ok(response)
}

fn known(visitor: &Visitor, reader: &Reader, payee: &str, after: After) -> UnsubscribePage {
    let t = Unsubscribe::of(visitor.lang);
    let fill = |text: &str| filled(text, payee, &reader.masked_address());
    let (seal, heading, paragraphs) = match (reader.has_declined, after) {
        (true, _) => ("good", t.stopped, vec![t.stopped_means]),
        (false, After::Choosing) => ("good", t.resumed, Vec::new()),
        (false, After::Looking) => ("", t.asks, vec![t.what_happens, t.what_stays]),
    };
    let form = match reader.has_declined {
        true => (RESUME, t.resume),
        false => (STOP, t.stop),
    };
    let page = match reader.has_declined {
        true => "reminders-stopped",
        false => "reminders-wanted",
    };
    let heading = fill(heading);
    UnsubscribePage {
        frame: frame(visitor, page, &heading),
        t,
        seal,
        heading,
        paragraphs: paragraphs.into_iter().map(fill).collect(),
        form: Some(Choice {
            action: format!("{}?lang={}", path(&visitor.token), visitor.lang.tag()),
            choice: form.0,
            label: form.1,
        }),
    }
}

fn unknown(visitor: &Visitor) -> UnsubscribePage {
    let t = Unsubscribe::of(visitor.lang);
    UnsubscribePage {
        frame: frame(visitor, "reminders-unknown", t.unknown),
        t,
        seal: "bad",
        heading: t.unknown.to_owned(),
        paragraphs: vec![t.unknown_means.to_owned()],
        form: None,
    }
}

fn frame(visitor: &Visitor, page: &'static str, title: &str) -> Frame {
    let other = visitor.lang.pick(Lang::En, Lang::Es).tag();
    Frame {
        other_language: Some(format!("{}?lang={other}", path(&visitor.token))),
        ..Frame::alone(visitor.lang, page, title)
    }
}

/// The page's own path. A token of ours needs no escape; another's text does.
fn path(token: &str) -> String {
    let escaped: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    format!("/mails/unsubscribe/{escaped}")
}

const STOP: &str = "stop";
const RESUME: &str = "resume";
