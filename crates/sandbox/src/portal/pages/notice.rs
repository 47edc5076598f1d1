//! The pages that say one thing: maintenance, an ended session, something wrong.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::frame::{Frame, Returned, render};

#[derive(Template)]
#[template(path = "portal/notice.html")]
struct Notice {
    frame: Frame,
    page: &'static str,
    id: &'static str,
    title: &'static str,
    text: String,
}

/// The session has ended, status 200 as on many such sites.
pub fn expired(frame: Frame) -> Response {
    say(
        StatusCode::OK,
        frame,
        ("expired", "sesion-expirada"),
        "Su sesión ha expirado",
        "Por seguridad cerramos las consultas que quedan abiertas. Vuelva a la página de la empresa e inténtelo otra vez.",
    )
}

/// The site is being worked on.
pub fn maintenance(status: StatusCode) -> Response {
    say(
        status,
        Frame::default(),
        ("maintenance", "mantencion"),
        "Sitio en mantención",
        "Estamos haciendo mejoras. Vuelva a intentarlo en unas horas.",
    )
}

/// What was asked for is not there yet.
pub fn not_published(frame: Frame) -> Response {
    say(
        StatusCode::OK,
        frame,
        ("not-published", "no-publicada"),
        "Información aún no publicada",
        "La empresa todavía no publica los datos de este período. Consulte nuevamente mañana.",
    )
}

/// Something that the site wants to tell.
pub fn site_message(frame: Frame) -> Response {
    say(
        StatusCode::OK,
        frame,
        ("site-message", "mensaje-sitio"),
        "Información importante",
        "Debe acercarse a una sucursal para regularizar los datos de su contrato.",
    )
}

/// No such page.
pub async fn not_found(frame: Frame) -> Response {
    missing(frame)
}

/// There is such a page, but not for this method.
pub async fn not_allowed(frame: Frame) -> Response {
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        frame,
        "Así no se puede",
        "Esta dirección no se puede abrir de esa manera.",
    )
}

/// No such page.
pub fn missing(frame: Frame) -> Response {
    let text = "La dirección no existe. Vuelva al inicio y busque su empresa.";
    problem(StatusCode::NOT_FOUND, frame, "Página no encontrada", text)
}

/// A form that can't be read.
pub fn unreadable(frame: Frame, status: StatusCode) -> Response {
    let text = "Vuelva a abrir la página e inténtelo otra vez.";
    problem(status, frame, "No pudimos leer el formulario", text)
}

/// Every session is taken.
pub fn full(frame: Frame) -> Response {
    let text = "Inténtelo otra vez en unos minutos.";
    problem(
        StatusCode::SERVICE_UNAVAILABLE,
        frame,
        "Hay demasiadas personas conectadas",
        text,
    )
}

/// A form that did not come from our page.
pub fn forged(frame: Frame) -> Response {
    let text = "Por seguridad no lo procesamos. Vuelva a abrir la página e inténtelo otra vez.";
    problem(StatusCode::FORBIDDEN, frame, "El formulario no es válido", text)
}

/// What to answer to a form that did not come back rightly.
pub fn refused(frame: Frame, returned: Returned) -> Option<Response> {
    match returned {
        Returned::Rightly => None,
        Returned::TooLate => Some(expired(frame)),
        Returned::Forged => Some(forged(frame)),
    }
}

fn problem(status: StatusCode, frame: Frame, title: &'static str, text: &str) -> Response {
    say(status, frame, ("problem", "problema"), title, text)
}

fn say(
    status: StatusCode,
    frame: Frame,
    (page, id): (&'static str, &'static str),
    title: &'static str,
    text: &str,
) -> Response {
    let notice = Notice {
        frame,
        page,
        id,
        title,
        text: text.to_owned(),
    };
    render(status, &notice)
}
