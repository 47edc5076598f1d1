//! What every page of consent shows around its own work.

use askama::Template;
use axum::http::StatusCode;
use ayni_domain::lang::Lang;

use super::refusals::Stop;
use super::visitor::{Answer, Visitor};
use crate::payer::assets;
use crate::texts::pages::consents::Texts;

/// The frame of a page.
pub(super) struct Frame {
    pub(super) lang: Lang,
    /// The page's name for tests and scripts.
    pub(super) page: &'static str,
    pub(super) title: String,
    pub(super) t: &'static Texts,
    /// This page in the other language.
    pub(super) other_language: String,
    pub(super) csrf: String,
}

impl Frame {
    /// The frame of a visitor's page.
    pub(super) fn of(visitor: &Visitor, page: &'static str, title: &str) -> Frame {
        Frame {
            lang: visitor.lang,
            page,
            title: title.to_owned(),
            t: Texts::of(visitor.lang),
            other_language: visitor.other_language(),
            csrf: visitor.csrf(),
        }
    }

    /// The address of a file of ours.
    pub(super) fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}

/// A filled-in template as an answer.
pub(super) fn render(status: StatusCode, template: &impl Template) -> Result<Answer, Stop> {
    Ok(Answer::Page(status, template.render()?))
}
