//! A book as mdBook reads it: its chapters in the order of SUMMARY.md, with what they include already in them.

use std::path::Path;

use anyhow::{Context, ensure};
use mdbook_driver::MDBook;
use mdbook_driver::book::BookItem;
use mdbook_driver::builtin_renderers::MarkdownRenderer;

use crate::words::Words;

/// One language's book.
pub struct Book {
    /// What its pages say besides their chapters.
    pub words: Words,
    /// In the order of the table of contents.
    pub chapters: Vec<Chapter>,
}

/// One page.
pub struct Chapter {
    /// Its file without folder and ending, the same in both languages: `first-payment`.
    pub name: String,
    /// As the table of contents has it.
    pub title: String,
    /// The part of the table of contents that begins with it, if one does.
    pub part: Option<String>,
    /// Markdown.
    pub text: String,
}

impl Chapter {
    /// The address of its page, below its language's folder.
    pub fn file(&self) -> String {
        format!("{}.html", self.name)
    }
}

/// Reads the book in this folder.
///
/// # Errors
/// When mdBook can't read it, or it holds what these pages don't: drafts and chapters in folders.
pub fn read(folder: &Path, words: Words) -> anyhow::Result<Book> {
    let book = MDBook::load(folder).with_context(|| format!("{} is no mdBook", folder.display()))?;
    let (read, _) = book.preprocess_book(&MarkdownRenderer::new())?;
    let mut chapters = Vec::new();
    let mut part = None;
    for item in read.iter() {
        match item {
            BookItem::PartTitle(title) => part = Some(title.clone()),
            BookItem::Separator => {}
            BookItem::Chapter(chapter) => {
                let path = chapter.path.as_ref().context("a chapter without a file")?;
                ensure!(
                    path.components().count() == 1,
                    "{} lies in a folder",
                    path.display()
                );
                let name = path.file_stem().and_then(|stem| stem.to_str());
                chapters.push(Chapter {
                    name: name.context("a file name that is no text")?.to_owned(),
                    title: chapter.name.clone(),
                    part: part.take(),
                    text: chapter.content.clone(),
                });
            }
        }
    }
    Ok(Book { words, chapters })
}
