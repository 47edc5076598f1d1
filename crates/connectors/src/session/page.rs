//! A page of a site: recognised first, then read, and only by selectors.

use scraper::{ElementRef, Html, Selector};
use url::Url;
use zeroize::Zeroizing;

use super::form::Form;
use super::redacted;
use crate::failure::SiteError;

/// Characters of an unknown page's name and title that an error may quote.
const EXCERPT_CHARS_MAX: usize = 80;

/// Tags of a page. A tree of this many within each other takes the parser, whose time grows with their square, still
/// less than a second.
pub const TAGS_MAX: usize = 30_000;

/// Blanks and slashes within one tag: no more attributes than these can be in it, and their time grows with the square too.
pub const TAG_PARTS_MAX: usize = 4_000;

/// What a request led to.
pub struct Page {
    url: Url,
    status: u16,
    text: Zeroizing<String>,
}

impl Page {
    pub(super) fn new(url: Url, status: u16, body: &[u8]) -> Result<Page, SiteError> {
        let text = std::str::from_utf8(body).map_err(|_| SiteError::Unreadable {
            what: "the page's text",
        })?;
        if !can_be_parsed(body) {
            return Err(SiteError::Unreadable {
                what: "a page of too many tags or attributes",
            });
        }
        Ok(Page {
            url,
            status,
            text: Zeroizing::new(text.to_owned()),
        })
    }

    /// A page as a browser shows it.
    #[cfg(feature = "browser")]
    pub(super) fn shown(page: ayni_outbound::browser::visit::LoadedPage) -> Page {
        Page {
            url: page.url,
            status: page.status,
            text: page.markup,
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The address, after all redirects.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The page as a tree. It can't be kept over an `await`; take plain values out of it.
    pub fn parsed(&self) -> Parsed<'_> {
        Parsed {
            page: self,
            html: Html::parse_document(&self.text),
        }
    }
}

/// A page that can be read.
pub struct Parsed<'a> {
    page: &'a Page,
    html: Html,
}

impl Parsed<'_> {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.page.status
    }

    /// Where a link leads; to another site is an error.
    pub fn link(&self, anchor: ElementRef<'_>) -> Result<Url, SiteError> {
        let target = self.page.url.join(anchor.attr("href").unwrap_or_default());
        target
            .ok()
            .filter(|target| target.origin() == self.page.url.origin())
            .ok_or(SiteError::OffSite)
    }

    /// The page's name for itself, `<body data-page>`.
    pub fn name(&self) -> Option<&str> {
        self.find_body().and_then(|body| body.attr("data-page"))
    }

    /// The `<body>`, whose attributes say what the page is about.
    pub fn body(&self, what: &'static str) -> Result<ElementRef<'_>, SiteError> {
        self.find_body().ok_or(SiteError::Unreadable { what })
    }

    /// Whether something on the page fits.
    pub fn has(&self, selector: &Selector) -> bool {
        self.html.select(selector).next().is_some()
    }

    /// Everything that fits, in the order of the page.
    pub fn all(&self, selector: &Selector) -> Vec<ElementRef<'_>> {
        self.html.select(selector).collect()
    }

    /// The one element that fits; none or several are an error.
    pub fn one(&self, selector: &Selector, what: &'static str) -> Result<ElementRef<'_>, SiteError> {
        only(self.html.select(selector), what)
    }

    /// The one form that fits, with the values that it came with.
    pub fn form(&self, selector: &Selector) -> Result<Form, SiteError> {
        Form::read(self.one(selector, "the form")?, &self.page.url)
    }

    /// The markup without anybody's data, at most so many bytes.
    pub fn redacted(&self, bytes_max: usize) -> String {
        redacted::markup(&self.html, bytes_max)
    }

    /// The error for a page that is not `expected`.
    pub fn unknown(&self, expected: &'static str) -> SiteError {
        SiteError::UnknownPage {
            expected,
            status: self.page.status,
            excerpt: self.excerpt(),
        }
    }

    fn find_body(&self) -> Option<ElementRef<'_>> {
        self.html
            .root_element()
            .child_elements()
            .find(|element| element.value().name() == "body")
    }

    /// Name and title, without what could be a person's: digits and addresses.
    fn excerpt(&self) -> String {
        let in_head = |element: &ElementRef<'_>| element.value().name() == "title";
        let title = self
            .html
            .root_element()
            .descendent_elements()
            .find(in_head)
            .map(text_of);
        let named = format!(
            "{}: {}",
            self.name().unwrap_or("no name"),
            title.unwrap_or_default()
        );
        let words = named
            .split_whitespace()
            .map(|word| if word.contains('@') { "…" } else { word });
        let joined = words.collect::<Vec<_>>().join(" ");
        let masked = joined.chars().map(|c| if c.is_ascii_digit() { '#' } else { c });
        masked.take(EXCERPT_CHARS_MAX).collect()
    }
}

/// The one element below `element` that fits; none or several are an error.
pub fn one_in<'a>(
    element: ElementRef<'a>,
    selector: &'a Selector,
    what: &'static str,
) -> Result<ElementRef<'a>, SiteError> {
    only(element.select(selector), what)
}

/// An attribute that must be there.
pub fn attribute<'a>(element: ElementRef<'a>, name: &str, what: &'static str) -> Result<&'a str, SiteError> {
    element.attr(name).ok_or(SiteError::Unreadable { what })
}

/// An element's text as a person reads it: blanks collapsed.
pub fn text_of(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the parser is done with it in a moment: a hostile page may be small and yet cost minutes.
fn can_be_parsed(body: &[u8]) -> bool {
    let mut tags = body.split(|byte| *byte == b'<').skip(1);
    let is_part = |byte: &&u8| byte.is_ascii_whitespace() || **byte == b'/';
    let is_short = |tag: &[u8]| {
        let within = tag.iter().take_while(|byte| **byte != b'>');
        within.filter(is_part).count() <= TAG_PARTS_MAX
    };
    tags.by_ref().take(TAGS_MAX).all(is_short) && tags.next().is_none()
}

fn only<'a>(
    mut found: impl Iterator<Item = ElementRef<'a>>,
    what: &'static str,
) -> Result<ElementRef<'a>, SiteError> {
    match (found.next(), found.next()) {
        (Some(element), None) => Ok(element),
        _ => Err(SiteError::Unreadable { what }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        Page::new(Url::parse("https://bank.example/").unwrap(), 418, html.as_bytes()).unwrap()
    }

    #[test]
    fn an_unknown_page_is_told_without_anybodys_data() {
        let page = page(
            "<title>Cuenta 123-K de ana@example.com</title><body data-page='surprise'>secret 11.111.111-1",
        );
        let error = page.parsed().unknown("the login").to_string();
        assert!(error.contains("surprise: Cuenta ###-K de …"), "{error}");
        assert!(
            error.contains("418") && error.contains("the login") && !error.contains("secret"),
            "{error}"
        );
    }

    #[test]
    fn a_page_that_would_keep_the_parser_busy_is_not_parsed() {
        let made =
            |html: String| Page::new(Url::parse("https://bank.example/").unwrap(), 200, html.as_bytes());
        assert!(made("<br>".repeat(TAGS_MAX)).is_ok());
        assert!(made("<div>".repeat(TAGS_MAX + 1)).is_err());
        assert!(made(format!("<p {}>", "a=1 ".repeat(TAG_PARTS_MAX - 1))).is_ok());
        assert!(made(format!("<p {}>", "a1/".repeat(TAG_PARTS_MAX + 1))).is_err());
        assert!(made(format!("a > b {}", " ".repeat(TAG_PARTS_MAX + 1))).is_ok());
    }

    #[test]
    fn what_stands_twice_is_not_read() {
        let page = page("<body><b>1</b><i>2</i><i>3</i>");
        let parsed = page.parsed();
        let select = |css| Selector::parse(css).unwrap();
        assert_eq!(text_of(parsed.one(&select("b"), "b").unwrap()), "1");
        assert!(parsed.one(&select("i"), "i").is_err());
        assert!(parsed.one(&select("u"), "u").is_err());
    }
}
