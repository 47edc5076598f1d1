//! The sentence that is said on the next page after an act: «Se creó la llave». It travels in a cookie of a minute, marked
//! with a digest that only this session's gateway can make, so that no neighbouring site can put words into our mouth.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ayni_crypto::digest::sha256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use cookie::{Cookie, SameSite, time};

use super::seat::Seat;

/// What is said, and in which tone. Never a secret: that is shown on the page of the act itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Flash {
    /// It was done.
    Done(String),
    /// It was not done, and why.
    Failed(String),
}

impl Flash {
    /// The sentence.
    pub(crate) fn text(&self) -> &str {
        match self {
            Flash::Done(text) | Flash::Failed(text) => text,
        }
    }

    /// Whether it was done.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Flash::Done(_))
    }
}

/// Goes to a path of ours with GET, where the sentence is said.
pub(crate) fn see_other(seat: &Seat, to: &str, flash: &Flash) -> Response {
    let cookie = build(write(seat, flash), seat.is_https()).max_age(time::Duration::seconds(LIFE_S));
    let headers = [
        (header::LOCATION, to.to_owned()),
        (header::SET_COOKIE, cookie.build().to_string()),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// What the cookie of a session says; nothing where it was not written for this session.
pub(super) fn read(value: &str, session_key: &str) -> Option<Flash> {
    let (text, mark) = value.split_once('.')?;
    if sha256(mark.as_bytes()) != sha256(mark_of(text, session_key).as_bytes()) {
        return None;
    }
    let text = String::from_utf8(BASE64URL.decode(text).ok()?).ok()?;
    let rest = text.get(1..)?.to_owned();
    match text.as_bytes().first()? {
        b'+' => Some(Flash::Done(rest)),
        b'-' => Some(Flash::Failed(rest)),
        _ => None,
    }
}

/// The cookie that takes it away.
pub(super) fn gone(is_https: bool) -> String {
    let cookie = build(String::new(), is_https).max_age(time::Duration::ZERO);
    cookie.build().to_string()
}

fn write(seat: &Seat, flash: &Flash) -> String {
    let sign = if flash.is_done() { '+' } else { '-' };
    let said: String = flash.text().chars().take(TEXT_LENGTH_MAX).collect();
    let text = BASE64URL.encode(format!("{sign}{said}"));
    let mark = mark_of(&text, &seat.session_key);
    format!("{text}.{mark}")
}

fn mark_of(text: &str, session_key: &str) -> String {
    BASE64URL.encode(sha256(format!("{session_key}.{text}.{session_key}").as_bytes()))
}

fn build(value: String, is_https: bool) -> cookie::CookieBuilder<'static> {
    Cookie::build((COOKIE, value))
        .path("/console")
        .http_only(true)
        .secure(is_https)
        .same_site(SameSite::Strict)
}

pub(super) const COOKIE: &str = "ayni-console-said";
/// The redirect is followed at once.
const LIFE_S: i64 = 60;
/// A sentence; with its encoding it stays far below a cookie's 4 KiB.
const TEXT_LENGTH_MAX: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_read_by_its_own_session_only() {
        let text = BASE64URL.encode("+Se creó la llave");
        let cookie = format!("{text}.{}", mark_of(&text, "key"));
        assert_eq!(read(&cookie, "key"), Some(Flash::Done("Se creó la llave".into())));
        assert_eq!(read(&cookie, "other"), None);
        let forged = BASE64URL.encode("-Transfiera a esta otra cuenta");
        assert_eq!(read(&cookie.replace(&text, &forged), "key"), None);
        assert_eq!(read("", "key"), None);
        assert_eq!(read("a.b", "key"), None);
    }
}
