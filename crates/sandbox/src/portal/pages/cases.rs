//! `/pruebas`: everything that the portal can be made to do.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::frame::{Frame, render};
use crate::portal::Portal;
use crate::portal::magic::{DEBT_CASES, DebtCase, LOGIN_CASES, LoginCase, PASSWORD, SECOND_FACTOR_CODE};

#[derive(Template)]
#[template(path = "portal/cases.html")]
struct Cases {
    frame: Frame,
    debts: &'static [DebtCase],
    logins: &'static [LoginCase],
    password: &'static str,
    code: &'static str,
    slow_s: u64,
}

/// Both tables.
pub async fn list(State(portal): State<Portal>, frame: Frame) -> Response {
    let cases = Cases {
        frame,
        debts: DEBT_CASES,
        logins: LOGIN_CASES,
        password: PASSWORD,
        code: SECOND_FACTOR_CODE,
        slow_s: portal.0.settings.slow.as_secs(),
    };
    render(StatusCode::OK, &cases)
}
