//! A book as mdBook has it: its chapters in the order of SUMMARY.md, with what they include already in them.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use mdbook_summary::{SummaryItem, parse_summary};

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
/// When it can't be read, or holds what these pages don't: drafts, chapters below chapters and chapters in folders.
pub fn read(folder: &Path, words: Words) -> anyhow::Result<Book> {
    let contents = parse_summary(&text(&folder.join("SUMMARY.md"))?)?;
    let mut chapters = Vec::new();
    let mut part = None;
    for item in contents.numbered_chapters {
        match item {
            SummaryItem::PartTitle(title) => part = Some(title),
            SummaryItem::Link(link) => {
                let file = link
                    .location
                    .with_context(|| format!("{} has no file", link.name))?;
                let name = file.file_stem().and_then(|stem| stem.to_str());
                ensure!(
                    file.components().count() == 1 && link.nested_items.is_empty(),
                    "{} does not lie beside the others",
                    file.display()
                );
                chapters.push(Chapter {
                    name: name.context("a file name that is no text")?.to_owned(),
                    title: link.name,
                    part: part.take(),
                    text: included(folder, &text(&folder.join(&file))?)?,
                });
            }
            _ => bail!("the table of contents has what is neither a part nor a chapter"),
        }
    }
    Ok(Book { words, chapters })
}

/// mdBook's `{{#include file}}`, of whole files, on a line of its own.
fn included(folder: &Path, markdown: &str) -> anyhow::Result<String> {
    let lines = markdown.lines().map(|line| {
        let file = line
            .strip_prefix("{{#include ")
            .and_then(|rest| rest.strip_suffix("}}"));
        match file {
            Some(file) => Ok(text(&folder.join(file.trim()))?.trim_end().to_owned()),
            None => Ok(line.to_owned()),
        }
    });
    let lines: Vec<String> = lines.collect::<anyhow::Result<_>>()?;
    Ok(lines.join("\n") + "\n")
}

fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))
}
