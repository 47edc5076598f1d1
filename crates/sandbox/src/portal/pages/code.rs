//! The second factor: a code that the portal would send to the person's telephone, unless it knows the device.

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use ayni_domain::rut::Rut;
use serde::Deserialize;

use super::frame::{Frame, render};
use super::{login, notice};
use crate::cookies::{cookie, set_cookie, set_lasting_cookie};
use crate::csrf::CsrfKey;
use crate::portal::Portal;
use crate::portal::magic::SECOND_FACTOR_CODE;

/// The cookie of a person who gave the password and still owes the code.
pub const HALFWAY_COOKIE: &str = "portal_clave";

/// The cookie of a device that needs no code.
pub const DEVICE_COOKIE: &str = "portal_dispositivo";

/// How long a device is remembered, in seconds: a year.
const DEVICE_S: i64 = 365 * 24 * 60 * 60;

/// So many wrong codes end the login.
const WRONG_CODES_MAX: u32 = 3;

/// The key of remembered devices. It is no secret: devices have to survive a restart of a portal that stores nothing,
/// and there is nothing behind them but invented services.
const DEVICE_KEY: [u8; 32] = *b"dispositivos de Cuentas al Dia 1";

#[derive(Template)]
#[template(path = "portal/code.html")]
struct Code<'a> {
    frame: Frame,
    token: &'a str,
    error: &'static str,
}

/// What a person types.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Given {
    #[serde(rename = "_token")]
    token: String,
    codigo: String,
    recordar: String,
}

/// Whether this browser was remembered for that person.
pub fn is_remembered(headers: &HeaderMap, rut: Rut) -> bool {
    cookie(headers, DEVICE_COOKIE).is_some_and(|device| CsrfKey::new(DEVICE_KEY).fits(&rut.plain(), &device))
}

/// Sends the person on to the page that asks for the code.
pub fn ask(portal: &Portal, rut: Rut) -> Response {
    let halfway = portal.0.randomness.hex::<32>();
    if !portal.0.halfway.begin(halfway.clone(), rut, portal.now()) {
        return notice::full(Frame::default());
    }
    let asking = Redirect::to("/ingresar/codigo");
    (set_cookie(HALFWAY_COOKIE, &halfway), asking).into_response()
}

/// The page that asks for the code.
pub async fn show(State(portal): State<Portal>, headers: HeaderMap) -> Response {
    match halfway(&portal, &headers) {
        Some((halfway, _)) => shown(&portal, &halfway, ""),
        None => Redirect::to("/ingresar").into_response(),
    }
}

/// Begins the session, and remembers the device if that is wanted; a wrong code can be typed again, but
/// not [`WRONG_CODES_MAX`] times.
pub async fn enter(
    State(portal): State<Portal>,
    headers: HeaderMap,
    form: Result<Form<Given>, FormRejection>,
) -> Response {
    let frame = Frame::default();
    let Form(given) = match form {
        Ok(form) => form,
        Err(unread) => return notice::unreadable(frame, unread.status()),
    };
    let Some((halfway, rut)) = halfway(&portal, &headers) else {
        return notice::expired(frame);
    };
    if !portal.0.csrf.fits(&halfway, &given.token) {
        return notice::forged(frame);
    }
    if given.codigo.trim() != SECOND_FACTOR_CODE {
        if portal.0.counts.fails(&halfway, WRONG_CODES_MAX - 1) {
            return shown(&portal, &halfway, "El código no es correcto.");
        }
        portal.0.halfway.end(&halfway);
        return notice::expired(frame);
    }
    portal.0.halfway.end(&halfway);
    let entered = login::begin(&portal, rut);
    if given.recordar.is_empty() {
        return entered;
    }
    let device = CsrfKey::new(DEVICE_KEY).field(&rut.plain());
    let mut remembered = entered;
    for (name, value) in set_lasting_cookie(DEVICE_COOKIE, &device, DEVICE_S) {
        if let Ok(value) = value.parse() {
            remembered.headers_mut().append(name, value);
        }
    }
    remembered
}

fn halfway(portal: &Portal, headers: &HeaderMap) -> Option<(String, Rut)> {
    let halfway = cookie(headers, HALFWAY_COOKIE)?;
    let rut = portal.0.halfway.customer(&halfway, portal.now())?;
    Some((halfway, rut))
}

fn shown(portal: &Portal, halfway: &str, error: &'static str) -> Response {
    let code = Code {
        frame: Frame::default(),
        token: &portal.0.csrf.field(halfway),
        error,
    };
    render(StatusCode::OK, &code)
}
