//! A secret that was just made, shown on the page of its making and never again. The page is the answer to the form
//! itself, not of a redirect: so the secret lies nowhere between the two, in no cookie, row or address.

use askama::Template;
use axum::response::Response;

use super::frame::Frame;
use super::page;
use super::refused::Refused;
use crate::texts::console::told::Texts;

/// What is shown.
#[derive(Template)]
#[template(path = "console/told.html")]
pub(super) struct Told<'a> {
    frame: Frame,
    t: &'static Texts,
    heading: &'a str,
    rows: Vec<Row<'a>>,
    what_now: &'a str,
    back: &'static str,
}

/// One thing to be copied.
pub(super) struct Row<'a> {
    pub(super) id: &'static str,
    pub(super) label: &'a str,
    pub(super) text: &'a str,
}

/// The page, with the way back to the section.
pub(super) fn show(
    frame: Frame,
    heading: &str,
    rows: Vec<Row<'_>>,
    what_now: &str,
    back: &'static str,
) -> Result<Response, Refused> {
    let lang = frame.lang;
    page(&Told {
        frame: frame.named("told"),
        t: Texts::of(lang),
        heading,
        rows,
        what_now,
        back,
    })
}
