//! A page around its chapter: navigation, the switch of languages, search and the way on.

use askama::Template;

use crate::book::{Book, Chapter};
use crate::html::{Heading, Written};
use crate::words::Words;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    words: &'a Words,
    chapters: &'a [Chapter],
    chapter: &'a Chapter,
    headings: &'a [Heading],
    body: &'a str,
    previous: Option<&'a Chapter>,
    next: Option<&'a Chapter>,
}

/// The whole page of the chapter at `at`.
///
/// # Errors
/// When the template can't be filled in.
pub fn write(book: &Book, at: usize, written: &Written) -> anyhow::Result<String> {
    let page = Page {
        words: &book.words,
        chapters: &book.chapters,
        chapter: &book.chapters[at],
        headings: &written.headings,
        body: &written.html,
        previous: at.checked_sub(1).map(|before| &book.chapters[before]),
        next: book.chapters.get(at + 1),
    };
    Ok(page.render()?)
}
