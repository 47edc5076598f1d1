//! Who is looking at a page: the payment it is about, the language, the browser. A handler that takes [`Visitor`] has
//! all of it; one that takes [`Post`] knows besides that the form came from a page of this browser.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use ayni_domain::ids::PaymentId;
use ayni_domain::lang::Lang;
use cookie::{Cookie, SameSite, time};
use url::form_urlencoded;

use super::browser::Browser;
use super::refusals;
use super::stop::Stop;
use crate::app::Shared;
use crate::http::RequestLang;
use crate::http::pages::cookie_value;
use crate::http::serve::ClientAddress;
use crate::texts::pages::refusals::Refusal;

/// A person's browser at one of a payment's pages.
pub(super) struct Visitor {
    pub(super) app: Shared,
    pub(super) lang: Lang,
    pub(super) id: PaymentId,
    pub(super) browser: Browser,
    pub(super) query: BTreeMap<String, String>,
    pub(super) path: String,
    pub(super) address: Option<IpAddr>,
}

/// What a form carried. It has no `Debug` text: passwords pass through it.
pub(super) struct Form(BTreeMap<String, String>);

/// A visitor who sent a form that was on one of this browser's pages.
pub(super) struct Post {
    pub(super) visitor: Visitor,
    pub(super) form: Form,
}

/// What a visitor is answered.
pub(super) enum Answer {
    /// A page.
    Page(StatusCode, String),
    /// Go to this path of ours, with GET.
    SeeOther(String),
}

impl Visitor {
    /// The answer with the headers and cookies that every page has.
    pub(super) fn answer(&self, answer: Result<Answer, Stop>) -> Response {
        let answer = answer.unwrap_or_else(|stop| refusals::page(self, stop));
        let mut response = match answer {
            Answer::Page(status, html) => (status, Html(html)).into_response(),
            Answer::SeeOther(path) => (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(self.lang.tag()),
        );
        let cookies = [
            self.browser.cookie(self.id, self.is_https()),
            self.language_cookie(),
        ];
        for cookie in cookies.into_iter().flatten() {
            if let Ok(value) = HeaderValue::from_str(&cookie) {
                headers.append(header::SET_COOKIE, value);
            }
        }
        response
    }

    /// The token of this page's forms.
    pub(super) fn csrf(&self) -> String {
        self.browser.csrf(&self.app.keyring, self.id)
    }

    /// The path of one of the payment's pages.
    pub(super) fn to(&self, page: &str) -> String {
        format!("/payment/{page}/{}", self.id)
    }

    fn is_https(&self) -> bool {
        self.app.settings.public_url.scheme() == "https"
    }

    fn language_cookie(&self) -> Option<String> {
        self.query.get("lang")?;
        let cookie = Cookie::build((LANGUAGE_COOKIE, self.lang.tag()))
            .path("/payment")
            .secure(self.is_https())
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::days(LANGUAGE_LIFE_DAYS));
        Some(cookie.build().to_string())
    }
}

impl Form {
    /// A field's text without blanks around it; empty where it was not sent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map(|text| text.trim()).unwrap_or_default()
    }

    /// A field's text as it was typed: blanks may be part of a password.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Visitor, Response> {
        let query: BTreeMap<String, String> =
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let lang = language(parts, &query);
        let path = Path::<String>::from_request_parts(parts, app).await.ok();
        let Some(id) = path.and_then(|Path(id)| PaymentId::parse(&id).ok()) else {
            return Err(refusals::without_payment(Refusal::NotFound, lang));
        };
        let is_https = app.settings.public_url.scheme() == "https";
        Ok(Visitor {
            app: app.clone(),
            lang,
            id,
            browser: Browser::of(&parts.headers, id, is_https, &app.entropy),
            query,
            path: parts.uri.path().to_owned(),
            address: parts.extensions.get::<ClientAddress>().map(|address| address.0),
        })
    }
}

impl FromRequest<Shared> for Post {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Shared) -> Result<Post, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let Ok(bytes) = to_bytes(body, FORM_MAX_BYTES).await else {
            return Err(visitor.answer(Err(Stop::Refused(Refusal::TooLarge))));
        };
        let form = Form(
            form_urlencoded::parse(&bytes)
                .into_owned()
                .take(FIELDS_MAX)
                .collect(),
        );
        if !visitor.browser.sent(form.text("csrf"), &app.keyring, visitor.id) {
            return Err(visitor.answer(Err(Stop::Refused(Refusal::NotThisPage))));
        }
        Ok(Post { visitor, form })
    }
}

/// The language asked for by the page's link, else the one remembered, else the browser's.
fn language(parts: &Parts, query: &BTreeMap<String, String>) -> Lang {
    let read = |tag: &str| [Lang::Es, Lang::En].into_iter().find(|lang| lang.tag() == tag);
    let asked = query.get("lang").and_then(|tag| read(tag));
    let remembered = || cookie_value(&parts.headers, LANGUAGE_COOKIE).and_then(|tag| read(&tag));
    let browsers = || parts.extensions.get::<RequestLang>().map(|lang| lang.0);
    asked.or_else(remembered).or_else(browsers).unwrap_or_default()
}

/// The longest of our forms is far below it.
const FORM_MAX_BYTES: usize = 16 * 1024;
const FIELDS_MAX: usize = 32;
const LANGUAGE_COOKIE: &str = "ayni-lang";
const LANGUAGE_LIFE_DAYS: i64 = 365;
