//! What every page for people has, whichever capability it belongs to: headers, cookies, forms, a language.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::header::{CONTENT_LANGUAGE, COOKIE, IF_NONE_MATCH, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use ayni_domain::lang::Lang;
use cookie::{Cookie, SameSite, time};
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::RequestLang;

/// What a form carried. It has no `Debug` text and is wiped when dropped: passwords pass through it.
pub(crate) struct Form(BTreeMap<String, Zeroizing<String>>);

impl Form {
    /// The fields of a form's body; further ones than [`FIELDS_MAX`] are not read.
    pub(crate) fn read(body: &[u8]) -> Form {
        let fields = pairs(body).map(|(name, value)| (name, Zeroizing::new(value)));
        Form(fields.collect())
    }

    /// A field's text without blanks around it; empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// All fields by name, as they were typed.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// A field's text as it was typed: blanks may be part of a password.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.0.get(name).map(|text| text.as_str()).unwrap_or_default()
    }
}

/// The fields of a page's query; further ones than [`FIELDS_MAX`] are not read.
pub(crate) fn query(parts: &Parts) -> BTreeMap<String, String> {
    pairs(parts.uri.query().unwrap_or_default().as_bytes()).collect()
}

/// The names and values of a form or a query, further ones than [`FIELDS_MAX`] left out. NUL is no text on every engine, so
/// that one is shown as a replacement character.
pub(crate) fn pairs(text: &[u8]) -> impl Iterator<Item = (String, String)> {
    let plain = |text: Cow<'_, str>| match text.contains('\0') {
        true => text.replace('\0', "\u{fffd}"),
        false => text.into_owned(),
    };
    let fields = form_urlencoded::parse(text).take(FIELDS_MAX);
    fields.map(move |(name, value)| (plain(name), plain(value)))
}

/// The language asked for by the page's link, else the one remembered, else the browser's.
pub(crate) fn language(parts: &Parts, query: &BTreeMap<String, String>) -> Lang {
    let read = |tag: &str| [Lang::Es, Lang::En].into_iter().find(|lang| lang.tag() == tag);
    let asked = query.get("lang").and_then(|tag| read(tag));
    let remembered = || cookie_value(&parts.headers, LANGUAGE_COOKIE).and_then(|tag| read(&tag));
    let browsers = || parts.extensions.get::<RequestLang>().map(|lang| lang.0);
    asked.or_else(remembered).or_else(browsers).unwrap_or_default()
}

/// The cookie that remembers a language for the pages below `path`.
pub(crate) fn language_cookie(lang: Lang, path: &str, is_https: bool) -> String {
    let cookie = Cookie::build((LANGUAGE_COOKIE, lang.tag()))
        .path(path)
        .secure(is_https)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::days(LANGUAGE_LIFE_DAYS));
    cookie.build().to_string()
}

/// Says an answer's language and sets its cookies.
pub(crate) fn tell(response: &mut Response, lang: Lang, cookies: impl IntoIterator<Item = String>) {
    let headers = response.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(SET_COOKIE, value);
        }
    }
}

/// Gives a page its headers: nothing of it is stored, framed, sniffed or told to another site, and nothing of another
/// site runs in it or is sent to.
pub(crate) async fn page_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in PAGE_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether a browser has the very bytes of this strong entity tag already (RFC 9110, 13.1.2).
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let sent = headers.get_all(IF_NONE_MATCH).iter();
    sent.filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// A cookie's value among those that a browser sent.
pub(crate) fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    let sent = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    sent.flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// The longest of our forms is far below it.
pub(crate) const FORM_MAX_BYTES: usize = 16 * 1024;
const FIELDS_MAX: usize = 64;
const LANGUAGE_COOKIE: &str = "ayni-lang";
const LANGUAGE_LIFE_DAYS: i64 = 365;
const PAGE_HEADERS: [(&str, &str); 6] = [
    ("cache-control", "no-store"),
    ("referrer-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=()",
    ),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
];
