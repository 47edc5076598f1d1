//! In and out.

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::Site;
use super::form::{Posted, Signed};
use super::page::{self, Frame, render};
use super::visitor::{SESSION_COOKIE, VISIT_COOKIE};
use crate::cookies::{clear_cookie, cookie, set_cookie};
use crate::customer;

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    frame: Frame,
    csrf: String,
    rut: String,
    notice: &'static str,
    problem: &'static str,
}

/// Why the login page is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Reason {
    expired: Option<String>,
    left: Option<String>,
}

/// The login form, bound to this browser by a cookie.
pub async fn show(State(site): State<Site>, Query(reason): Query<Reason>, headers: HeaderMap) -> Response {
    let notice = match (reason.expired, reason.left) {
        (Some(_), _) => "Tu sesión terminó por inactividad. Ingresa de nuevo.",
        (_, Some(_)) => "Cerraste tu sesión.",
        _ => "",
    };
    let known = cookie(&headers, VISIT_COOKIE);
    let visit = known
        .clone()
        .unwrap_or_else(|| site.bank.randomness().hex::<16>());
    let csrf = site.csrf.field(&visit);
    let login = Login {
        frame: Frame::default(),
        csrf,
        rut: String::new(),
        notice,
        problem: "",
    };
    let page = render(StatusCode::OK, &login);
    match known {
        Some(_) => page,
        None => (set_cookie(VISIT_COOKIE, &visit), page).into_response(),
    }
}

/// What a person types to log in.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Credentials {
    csrf: String,
    rut: String,
    password: String,
}

/// Begins a session under a new token, or shows the form again.
pub async fn enter(
    State(site): State<Site>,
    headers: HeaderMap,
    form: Result<Form<Credentials>, FormRejection>,
) -> Response {
    let Form(typed) = match form {
        Ok(form) => form,
        Err(unread) => return page::unreadable(Frame::default(), unread.status()),
    };
    let visit = cookie(&headers, VISIT_COOKIE).unwrap_or_default();
    if !site.csrf.fits(&visit, &typed.csrf) {
        return page::forged(Frame::default());
    }
    let Some(customer) = customer::log_in(&typed.rut, &typed.password) else {
        let login = Login {
            frame: Frame::default(),
            csrf: typed.csrf,
            rut: typed.rut,
            notice: "",
            problem: "El RUT o la clave no son correctos.",
        };
        return render(StatusCode::UNAUTHORIZED, &login);
    };
    let token = site.bank.randomness().hex::<32>();
    if !site.sessions.begin(token.clone(), customer, site.bank.now()) {
        return page::full(Frame::default());
    }
    (set_cookie(SESSION_COOKIE, &token), Redirect::to("/accounts")).into_response()
}

/// The form of the button that logs out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Leaving {
    csrf: String,
}

impl Signed for Leaving {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Ends the session.
pub async fn leave(State(site): State<Site>, form: Posted<Leaving>) -> Response {
    site.sessions.end(&form.visitor.token);
    (clear_cookie(SESSION_COOKIE), Redirect::to("/login?left=1")).into_response()
}
