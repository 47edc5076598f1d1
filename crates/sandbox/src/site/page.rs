//! What all pages have in common, and the pages for when something is wrong.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use ayni_domain::rut::Rut;

use super::Site;
use super::visitor::{SESSION_COOKIE, Visitor};
use crate::cookies::cookie;
use crate::customer;
use crate::error::SandboxError;

/// What stands around a page: the customer's bar, or the way to the login.
#[derive(Default)]
pub struct Frame {
    /// Who is logged in.
    pub customer: Option<Customer>,
}

/// The customer's bar.
pub struct Customer {
    /// Name for people.
    pub name: String,
    /// RUT for people.
    pub rut: String,
    /// The hidden field of the forms.
    pub csrf: String,
}

impl Frame {
    /// Around the pages of a customer.
    pub fn of(visitor: &Visitor) -> Frame {
        Frame {
            customer: Some(bar(visitor.customer, visitor.csrf.clone())),
        }
    }

    /// Around pages that anyone may see.
    pub fn of_anyone(site: &Site, headers: &HeaderMap) -> Frame {
        let token = cookie(headers, SESSION_COOKIE);
        let live = token.and_then(|token| {
            let customer = site.sessions.customer(&token, site.bank.now())?;
            Some(bar(customer, site.csrf.field(&token)))
        });
        Frame { customer: live }
    }
}

fn bar(customer: Rut, csrf: String) -> Customer {
    Customer {
        name: customer::name(customer),
        rut: customer.formatted(),
        csrf,
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Problem {
    frame: Frame,
    page: &'static str,
    title: &'static str,
    text: &'static str,
}

/// Renders a page with its status.
pub fn render(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// No such page, or not this customer's.
pub async fn not_found(State(site): State<Site>, headers: HeaderMap) -> Response {
    missing(Frame::of_anyone(&site, &headers))
}

/// There is such a page, but not for this method.
pub async fn not_allowed(State(site): State<Site>, headers: HeaderMap) -> Response {
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        Frame::of_anyone(&site, &headers),
        "not-allowed",
        (
            "Así no se puede",
            "Esta dirección no se puede abrir de esa manera.",
        ),
    )
}

/// No such page, or not this customer's.
pub fn missing(frame: Frame) -> Response {
    let text = ("Página no encontrada", "La página no existe o no es tuya.");
    problem(StatusCode::NOT_FOUND, frame, "not-found", text)
}

/// A form that did not come from our page, or from one of before a restart.
pub fn forged(frame: Frame) -> Response {
    let text = (
        "El formulario venció",
        "Por seguridad no lo procesamos. Vuelve a abrir la página e inténtalo de nuevo.",
    );
    problem(StatusCode::FORBIDDEN, frame, "forbidden", text)
}

/// A form that can't be read.
pub fn unreadable(frame: Frame, status: StatusCode) -> Response {
    problem(
        status,
        frame,
        "bad-request",
        (
            "No pudimos leer el formulario",
            "Vuelve a abrir la página e inténtalo de nuevo.",
        ),
    )
}

/// Every session is taken.
pub fn full(frame: Frame) -> Response {
    let text = (
        "Hay demasiadas personas conectadas",
        "Inténtalo de nuevo en unos minutos.",
    );
    problem(StatusCode::SERVICE_UNAVAILABLE, frame, "unavailable", text)
}

/// The bank itself failed: said here once in the log, and to the customer without details.
impl IntoResponse for SandboxError {
    fn into_response(self) -> Response {
        let cause = std::error::Error::source(&self).map(ToString::to_string);
        tracing::error!(error = %self, cause, "a request failed");
        let status = match self {
            SandboxError::Overloaded | SandboxError::Closed => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let text = (
            "El banco no está disponible",
            "Tuvimos un problema. Antes de repetir una transferencia revisa tu cartola.",
        );
        problem(status, Frame::default(), "unavailable", text)
    }
}

fn problem(
    status: StatusCode,
    frame: Frame,
    page: &'static str,
    (title, text): (&'static str, &'static str),
) -> Response {
    render(
        status,
        &Problem {
            frame,
            page,
            title,
            text,
        },
    )
}
