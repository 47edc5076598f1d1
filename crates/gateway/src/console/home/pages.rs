//! The first page: where to go from here.

use askama::Template;
use axum::response::Response;

use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::Seat;

#[derive(Template)]
#[template(path = "console/home/home.html")]
struct HomePage {
    frame: Frame,
}

/// `GET /console`.
pub(super) async fn home(seat: Seat) -> Result<Response, Refused> {
    let title = seat.account_name.clone();
    page(&HomePage {
        frame: Frame::of(&seat, Section::Home, &title),
    })
}
