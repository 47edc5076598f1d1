//! What stands around every page, and who looks at it.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use ayni_domain::rut::Rut;

use crate::cookies::{cookie, set_cookie};
use crate::portal::Portal;
use crate::portal::visit::VISIT_COOKIE;

/// The cookie of a person who is logged in.
pub const SESSION_COOKIE: &str = "portal_sesion";

/// What stands around a page.
#[derive(Clone, Default)]
pub struct Frame {
    /// `/app` on the pages that need scripts, nothing on the others.
    pub prefix: &'static str,
    /// Who is logged in.
    pub person: Option<Person>,
}

/// A person with a live session.
#[derive(Clone)]
pub struct Person {
    /// Who.
    pub rut: Rut,
    /// The RUT for people.
    pub shown: String,
    /// The hidden field of this person's forms.
    pub token: String,
    /// The session's cookie.
    pub session: String,
}

impl Frame {
    /// Whether scripts fill in this page.
    pub fn needs_scripts(&self) -> bool {
        !self.prefix.is_empty()
    }
}

impl FromRequestParts<Portal> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Frame, Infallible> {
        let with_scripts = parts.uri.path().starts_with("/app/");
        Ok(Frame {
            prefix: if with_scripts { "/app" } else { "" },
            person: person(portal, &parts.headers),
        })
    }
}

fn person(portal: &Portal, headers: &HeaderMap) -> Option<Person> {
    let session = cookie(headers, SESSION_COOKIE)?;
    let rut = portal.0.sessions.customer(&session, portal.now())?;
    Some(Person {
        rut,
        shown: rut.formatted(),
        token: portal.0.csrf.field(&session),
        session,
    })
}

/// The hidden field of a form that anyone may fill in.
pub struct FormToken {
    /// What stands in the form.
    pub field: String,
    /// The visit's cookie, if it has to be set.
    begun: Option<String>,
}

impl FormToken {
    /// For this browser's visit, or for one that begins now.
    pub fn of(portal: &Portal, headers: &HeaderMap) -> FormToken {
        let now = portal.now();
        let under_way = cookie(headers, VISIT_COOKIE).filter(|visit| portal.0.visit_key.is_young(visit, now));
        match under_way {
            Some(visit) => FormToken {
                field: portal.0.csrf.field(&visit),
                begun: None,
            },
            None => {
                let visit = portal.0.visit_key.begin(now, &portal.0.randomness.hex::<8>());
                FormToken {
                    field: portal.0.csrf.field(&visit),
                    begun: Some(visit),
                }
            }
        }
    }

    /// The page, with the cookie that its form needs.
    pub fn with(&self, page: Response) -> Response {
        match &self.begun {
            Some(visit) => (set_cookie(VISIT_COOKIE, visit), page).into_response(),
            None => page,
        }
    }
}

/// How a form that anyone may fill in came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// In its own visit.
    Rightly,
    /// After its visit had expired, or without one.
    TooLate,
    /// Not from the page that we showed to this browser.
    Forged,
}

/// Looks at the visit's cookie and the hidden field.
pub fn returned(portal: &Portal, headers: &HeaderMap, field: &str) -> Returned {
    let visit = cookie(headers, VISIT_COOKIE).filter(|visit| portal.0.visit_key.is_live(visit, portal.now()));
    match visit {
        None => Returned::TooLate,
        Some(visit) if portal.0.csrf.fits(&visit, field) => Returned::Rightly,
        Some(_) => Returned::Forged,
    }
}

/// Renders a page with its status.
pub fn render(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the portal could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
