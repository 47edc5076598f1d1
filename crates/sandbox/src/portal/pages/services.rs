//! The person's registered services.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ayni_domain::rut::Rut;
use serde::Deserialize;

use super::frame::{Frame, render};
use super::notice;
use crate::cookies::clear_cookie;
use crate::portal::Portal;
use crate::portal::effect::{LoginEffect, Trouble};
use crate::portal::magic;
use crate::portal::service::Service;

use super::frame::SESSION_COOKIE;

/// Services on a page.
pub const PAGE_ROWS: usize = 10;

#[derive(Template)]
#[template(path = "portal/services.html")]
struct Services {
    frame: Frame,
    rows: Vec<Service>,
    first: usize,
    last: usize,
    count: usize,
    page: usize,
    pages: usize,
}

/// Which page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pagina: Option<String>,
}

/// One page of them; a page that isn't there is the first one.
pub async fn list(State(portal): State<Portal>, frame: Frame, Query(asked): Query<Asked>) -> Response {
    let Some(rut) = frame.person.as_ref().map(|person| person.rut) else {
        return Redirect::to("/ingresar?expirada=1").into_response();
    };
    match magic::login_effect(rut) {
        Some(LoginEffect::Trouble(Trouble::ExpiresAlways)) => {
            let out = Redirect::to("/ingresar?expirada=1");
            return (clear_cookie(SESSION_COOKIE), out).into_response();
        }
        Some(LoginEffect::Trouble(Trouble::NotPublished)) => return notice::not_published(frame),
        _ => {}
    }
    let services = registered(&portal, rut);
    let pages = services.len().div_ceil(PAGE_ROWS).max(1);
    let wanted = asked.pagina.and_then(|page| page.parse().ok());
    let page = wanted.filter(|page| (1..=pages).contains(page)).unwrap_or(1);
    let before = (page - 1) * PAGE_ROWS;
    let count = services.len();
    let rows: Vec<Service> = services.into_iter().skip(before).take(PAGE_ROWS).collect();
    let shown = Services {
        frame,
        first: before + 1,
        last: before + rows.len(),
        rows,
        count,
        page,
        pages,
    };
    render(StatusCode::OK, &shown)
}

fn registered(portal: &Portal, rut: Rut) -> Vec<Service> {
    let mut services = portal.services(rut);
    let fault = match magic::login_effect(rut) {
        Some(LoginEffect::NoIdentifier) => String::new(),
        Some(LoginEffect::LongIdentifier) => "9".repeat(60),
        _ => return services,
    };
    if let Some(service) = services.last_mut() {
        service.identifier = fault;
    }
    services
}
