//! From the front page to a company.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::frame::{Frame, render};
use super::notice;
use crate::portal::Portal;
use crate::portal::biller::{Biller, Category};

#[derive(Template)]
#[template(path = "portal/home.html")]
struct Home<'a> {
    frame: Frame,
    categories: Vec<Category<'a>>,
}

#[derive(Template)]
#[template(path = "portal/category.html")]
struct Companies<'a> {
    frame: Frame,
    category: &'a str,
    companies: Vec<&'a Biller>,
}

/// The front page: the categories.
pub async fn home(State(portal): State<Portal>, frame: Frame) -> Response {
    let categories = portal.directory().categories();
    render(StatusCode::OK, &Home { frame, categories })
}

/// The companies of a category.
pub async fn category(State(portal): State<Portal>, frame: Frame, Path(slug): Path<String>) -> Response {
    let categories = portal.directory().categories();
    let Some(found) = categories.into_iter().find(|category| category.slug == slug) else {
        return notice::missing(frame);
    };
    let page = Companies {
        frame,
        category: found.name,
        companies: found.billers,
    };
    render(StatusCode::OK, &page)
}
