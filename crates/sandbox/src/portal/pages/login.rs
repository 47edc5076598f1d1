//! In and out.

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use ayni_domain::rut::Rut;
use serde::Deserialize;

use super::code::{self, HALFWAY_COOKIE};
use super::frame::{FormToken, Frame, SESSION_COOKIE, render, returned};
use super::{notice, trouble};
use crate::cookies::{clear_cookie, set_cookie};
use crate::portal::Portal;
use crate::portal::effect::{LoginEffect, Trouble};
use crate::portal::magic::{self, PASSWORD};

#[derive(Template)]
#[template(path = "portal/login.html")]
struct Login<'a> {
    frame: Frame,
    token: &'a str,
    rut: &'a str,
    notice: &'static str,
    error: &'static str,
}

/// Why the login page is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Reason {
    expirada: Option<String>,
    cerrada: Option<String>,
}

/// What a person types to log in.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Credentials {
    #[serde(rename = "_token")]
    token: String,
    rut: String,
    clave: String,
}

/// The form of the button that logs out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Leaving {
    #[serde(rename = "_token")]
    token: String,
}

/// The login page.
pub async fn show(
    State(portal): State<Portal>,
    Query(reason): Query<Reason>,
    headers: HeaderMap,
) -> Response {
    let notice = match (reason.expirada, reason.cerrada) {
        (Some(_), _) => "Su sesión ha expirado. Ingrese otra vez.",
        (_, Some(_)) => "Cerró su sesión.",
        _ => "",
    };
    shown(&portal, Frame::default(), &headers, notice)
}

/// The login page, in place of another page.
pub fn form(portal: &Portal, frame: Frame, headers: &HeaderMap) -> Response {
    shown(portal, frame, headers, "")
}

/// Begins a session, asks for the code, or says why not.
pub async fn enter(
    State(portal): State<Portal>,
    headers: HeaderMap,
    form: Result<Form<Credentials>, FormRejection>,
) -> Response {
    portal.0.counts.login();
    let frame = Frame::default();
    let Form(typed) = match form {
        Ok(form) => form,
        Err(unread) => return notice::unreadable(frame, unread.status()),
    };
    if let Some(refusal) = notice::refused(frame.clone(), returned(&portal, &headers, &typed.token)) {
        return refusal;
    }
    let refuse = |error| {
        let (frame, token, rut) = (Frame::default(), typed.token.as_str(), typed.rut.as_str());
        let login = Login {
            frame,
            token,
            rut,
            notice: "",
            error,
        };
        render(StatusCode::OK, &login)
    };
    let Some(rut) = Rut::parse(&typed.rut).ok().filter(|_| typed.clave == PASSWORD) else {
        return refuse("El RUT o la clave no son correctos.");
    };
    match magic::login_effect(rut) {
        Some(LoginEffect::Blocked) => refuse("Su cuenta está bloqueada. Llame al servicio al cliente."),
        Some(LoginEffect::SecondFactor) if !code::is_remembered(&headers, rut) => code::ask(&portal, rut),
        Some(LoginEffect::Trouble(Trouble::ExpiresAlways | Trouble::NotPublished)) => begin(&portal, rut),
        Some(LoginEffect::Trouble(kind)) => {
            trouble::answer(&portal, kind, &rut.plain(), frame, || begin(&portal, rut)).await
        }
        _ => begin(&portal, rut),
    }
}

/// Begins a session under a new token.
pub fn begin(portal: &Portal, rut: Rut) -> Response {
    let session = portal.0.randomness.hex::<32>();
    if !portal.0.sessions.begin(session.clone(), rut, portal.now()) {
        return notice::full(Frame::default());
    }
    let entered = Redirect::to("/mis-servicios");
    (set_cookie(SESSION_COOKIE, &session), entered).into_response()
}

/// Ends the session.
pub async fn leave(
    State(portal): State<Portal>,
    frame: Frame,
    form: Result<Form<Leaving>, FormRejection>,
) -> Response {
    let Some(person) = &frame.person else {
        return Redirect::to("/ingresar").into_response();
    };
    match form {
        Err(unread) => notice::unreadable(frame, unread.status()),
        Ok(Form(leaving)) if leaving.token == person.token => {
            portal.0.sessions.end(&person.session);
            let left = Redirect::to("/ingresar?cerrada=1");
            (clear_cookie(SESSION_COOKIE), clear_cookie(HALFWAY_COOKIE), left).into_response()
        }
        Ok(_) => notice::forged(frame),
    }
}

fn shown(portal: &Portal, frame: Frame, headers: &HeaderMap, notice: &'static str) -> Response {
    let token = FormToken::of(portal, headers);
    let login = Login {
        frame,
        token: &token.field,
        rut: "",
        notice,
        error: "",
    };
    token.with(render(StatusCode::OK, &login))
}
