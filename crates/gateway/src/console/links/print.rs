//! A link's QR on a sheet of paper: A4 for a wall, A6 for a counter.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ayni_domain::lang::Lang;

use super::pages;
use crate::app::Shared;
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::payer::assets;
use crate::payer::qr::{self, Qr};
use crate::payment_links;
use crate::texts::console::links::Texts;

#[derive(Template)]
#[template(path = "console/links/print.html")]
struct PrintPage {
    lang: Lang,
    t: &'static Texts,
    sheet: &'static str,
    style: String,
    account_name: String,
    subject: String,
    price: String,
    url: String,
    back: String,
    code: String,
    qr: Option<Qr>,
}

/// `GET /console/links/{code}/print`; `?size=a6` for the small one.
pub(super) async fn show(
    State(app): State<Shared>,
    seat: Seat,
    Path(code): Path<String>,
) -> Result<Response, Refused> {
    let link = pages::find(&app, &seat, &code).await?;
    let (t, url) = (Texts::of(seat.lang), payment_links::url(&app, link.code));
    page(&PrintPage {
        lang: seat.lang,
        t,
        sheet: match seat.asked("size") {
            "a6" => "a6",
            _ => "a4",
        },
        style: assets::href("print.css"),
        account_name: seat.account_name.clone(),
        subject: link.terms.subject.clone(),
        price: pages::price(&link, t, seat.lang),
        qr: qr::of(&url),
        url,
        back: format!("/console/links/{}", link.code),
        code: link.code.to_string(),
    })
}
