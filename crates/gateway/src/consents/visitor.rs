//! Who is looking at a page of consent, and the proof that a form came from one of this browser's pages.
//!
//! A browser is known by a random token in a cookie that no script can read: Lax, since people come by a link from the
//! client's site; over https its name begins with `__Host-`, so that no neighbouring site can plant one. The token of a form
//! (CSRF) is derived from the cookie by a key that all nodes share.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use ayni_crypto::digest::{hex, sha256};
use ayni_crypto::entropy::Entropy;
use ayni_crypto::keyring::Keyring;
use ayni_domain::lang::Lang;
use cookie::{Cookie, SameSite};
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::refusals::{self, Message, Stop};
use crate::app::Shared;
use crate::http::pages::{FORM_MAX_BYTES, Form, cookie_value, language, language_cookie, query, tell};
use crate::http::serve::ClientAddress;

/// A person's browser at one of the pages.
pub(crate) struct Visitor {
    pub(crate) app: Shared,
    pub(crate) lang: Lang,
    pub(crate) browser: Browser,
    pub(crate) address: Option<IpAddr>,
    pub(super) query: BTreeMap<String, String>,
    pub(super) path: String,
    /// The token in the page's address, if it has one.
    pub(super) token: String,
}

/// A browser, known by its cookie.
pub(crate) struct Browser {
    token: Zeroizing<String>,
    is_new: bool,
}

/// A visitor who sent a form that was on one of this browser's pages.
pub(super) struct Post {
    pub(super) visitor: Visitor,
    pub(super) form: Form,
}

/// What a visitor is answered.
pub(crate) enum Answer {
    /// A page.
    Page(StatusCode, String),
    /// Go to this path of ours, with GET.
    SeeOther(String),
    /// Go back to the client, with GET.
    Back(String),
}

impl Visitor {
    /// The answer with the headers and cookies that every page has.
    pub(crate) fn answer(&self, answer: Result<Answer, Stop>) -> Response {
        let answer = answer.unwrap_or_else(|stop| refusals::page(self, stop));
        let mut response = match answer {
            Answer::Page(status, html) => (status, Html(html)).into_response(),
            Answer::SeeOther(to) | Answer::Back(to) => {
                (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
            }
        };
        let cookies = [self.browser.cookie(self.is_https()), self.language_cookie()];
        tell(&mut response, self.lang, cookies.into_iter().flatten());
        response
    }

    /// The page of a refusal, with a line for the developer where there is one.
    pub(crate) fn refuse(&self, message: Message, for_developers: Option<&'static str>) -> Response {
        self.answer(Ok(refusals::told(self, message, for_developers)))
    }

    /// The token of this page's forms.
    pub(super) fn csrf(&self) -> String {
        self.browser.csrf(&self.app.keyring)
    }

    /// This page in the other language.
    pub(super) fn other_language(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.query.iter().filter(|(name, _)| *name != "lang"));
        let lang = self.lang.pick(Lang::En, Lang::Es);
        format!("{}?{}", self.path, query.append_pair("lang", lang.tag()).finish())
    }

    fn is_https(&self) -> bool {
        self.app.settings.public_url.scheme() == "https"
    }

    fn language_cookie(&self) -> Option<String> {
        self.query.get("lang")?;
        Some(language_cookie(self.lang, "/", self.is_https()))
    }
}

impl Browser {
    fn of(headers: &HeaderMap, is_https: bool, entropy: &Entropy) -> Browser {
        let known = cookie_value(headers, cookie_name(is_https)).filter(|token| token.len() == TOKEN_LENGTH);
        Browser {
            is_new: known.is_none(),
            token: Zeroizing::new(known.unwrap_or_else(|| hex(&entropy.bytes::<{ TOKEN_LENGTH / 2 }>()))),
        }
    }

    /// What the database knows of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        sha256(self.token.as_bytes())
    }

    fn csrf(&self, keyring: &Keyring) -> String {
        keyring.derive_hex("consents-csrf", self.token.as_bytes())
    }

    /// Whether a form was on one of its pages. Digests are compared, so that the time taken tells nothing.
    fn sent(&self, csrf: &str, keyring: &Keyring) -> bool {
        !self.is_new && sha256(csrf.as_bytes()) == sha256(self.csrf(keyring).as_bytes())
    }

    fn cookie(&self, is_https: bool) -> Option<String> {
        let cookie = Cookie::build((cookie_name(is_https), self.token.as_str().to_owned()))
            .path("/")
            .http_only(true)
            .secure(is_https)
            .same_site(SameSite::Lax);
        self.is_new.then(|| cookie.build().to_string())
    }
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Visitor, Response> {
        let query = query(parts);
        let params = RawPathParams::from_request_parts(parts, app).await.ok();
        let token = params
            .iter()
            .flatten()
            .find(|(name, _)| *name == "token")
            .map(|(_, value)| value.to_owned());
        let is_https = app.settings.public_url.scheme() == "https";
        Ok(Visitor {
            app: app.clone(),
            lang: language(parts, &query),
            browser: Browser::of(&parts.headers, is_https, &app.entropy),
            address: parts.extensions.get::<ClientAddress>().map(|address| address.0),
            query,
            path: parts.uri.path().to_owned(),
            token: token.unwrap_or_default(),
        })
    }
}

impl FromRequest<Shared> for Post {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Shared) -> Result<Post, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let Ok(bytes) = to_bytes(body, FORM_MAX_BYTES).await else {
            return Err(visitor.refuse(Message::TooLarge, None));
        };
        let form = Form::read(&bytes);
        if !visitor.browser.sent(form.text("csrf"), &app.keyring) {
            return Err(visitor.refuse(Message::NotThisPage, None));
        }
        Ok(Post { visitor, form })
    }
}

fn cookie_name(is_https: bool) -> &'static str {
    match is_https {
        true => "__Host-ayni-consents",
        false => "ayni-consents",
    }
}

/// 256 bits in hexadecimal digits.
const TOKEN_LENGTH: usize = 64;
