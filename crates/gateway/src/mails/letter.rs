//! A mail as its reader sees it: one quiet design for all kinds, in HTML without anything that is fetched, and as text.

use askama::Template;
use ayni_domain::lang::Lang;

/// What a mail says.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) lang: Lang,
    pub(super) subject: String,
    pub(super) greeting: String,
    pub(super) heading: String,
    pub(super) intro: String,
    pub(super) amount_label: &'static str,
    pub(super) amount: String,
    pub(super) facts: Vec<Fact>,
    /// The merchant's description, which may have several lines.
    pub(super) detail: Option<Fact>,
    pub(super) button: Link,
    pub(super) notes: Vec<&'static str>,
    pub(super) footer: String,
    pub(super) unsubscribe: Option<Link>,
}

/// A line of what is known.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
}

/// A place to go.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) label: String,
    pub(super) href: String,
}

#[derive(Template)]
#[template(path = "mails/letter.html")]
struct Html<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mails/letter.txt", escape = "none")]
struct Text<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// For clients that show HTML.
    pub(super) fn html(&self) -> Result<String, askama::Error> {
        Html { letter: self }.render()
    }

    /// For all others.
    pub(super) fn text(&self) -> Result<String, askama::Error> {
        Text { letter: self }.render()
    }
}
