//! Who is looking at a page: the payment it is about, the language, the browser. A handler that takes [`Visitor`] has
//! all of it; one that takes [`Post`] knows besides that the form came from a page of this browser.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use ayni_domain::ids::PaymentId;
use ayni_domain::lang::Lang;

use super::browser::Browser;
use super::refusals;
use super::stop::Stop;
use crate::app::Shared;
use crate::http::pages::{FORM_MAX_BYTES, Form, language, language_cookie, query, tell};
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
        let cookies = [
            self.browser.cookie(self.id, self.is_https()),
            self.language_cookie(),
        ];
        tell(&mut response, self.lang, cookies.into_iter().flatten());
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
        Some(language_cookie(self.lang, "/payment", self.is_https()))
    }
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Visitor, Response> {
        let query = query(parts);
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
        let form = Form::read(&bytes);
        if !visitor.browser.sent(form.text("csrf"), &app.keyring, visitor.id) {
            return Err(visitor.answer(Err(Stop::Refused(Refusal::NotThisPage))));
        }
        Ok(Post { visitor, form })
    }
}
