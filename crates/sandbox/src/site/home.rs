//! The front page: what this bank is, and everything a developer needs to use it.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::Site;
use super::page::{Frame, render};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
}

/// Anyone may see it.
pub async fn show(State(site): State<Site>, headers: HeaderMap) -> Response {
    render(
        StatusCode::OK,
        &Home {
            frame: Frame::of_anyone(&site, &headers),
        },
    )
}
