//! The files that the gateway serves, made in memory and then written or compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::json;

use crate::book::{self, Book};
use crate::html::{self, Section};
use crate::words::{EN, ES};
use crate::{llms, page};

/// Where the files lie in the repository, and below it their names.
const FOLDER: &str = "crates/gateway/guide";
/// More of one section's words are not searched.
const SECTION_CHARS_MAX: usize = 1200;

/// Every file, by its name below the guide's folder.
///
/// # Errors
/// When a book can't be read, or the two don't have the same pages.
pub fn make() -> anyhow::Result<BTreeMap<String, String>> {
    let guide = root().join("docs/guide");
    let spanish = book::read(&guide.join(ES.lang), ES)?;
    let english = book::read(&guide.join(EN.lang), EN)?;
    let names = |book: &Book| -> Vec<String> { book.chapters.iter().map(|one| one.name.clone()).collect() };
    ensure!(
        names(&spanish) == names(&english),
        "the two books don't have the same pages: {:?} and {:?}",
        names(&spanish),
        names(&english)
    );
    let mut made = BTreeMap::new();
    for book in [&spanish, &english] {
        add_book(&mut made, book)?;
    }
    made.insert("guide.css".to_owned(), sheet(&guide)?);
    made.insert("guide.js".to_owned(), text(&guide.join("theme/guide.js"))?);
    made.insert("llms.txt".to_owned(), llms::overview(&english));
    made.insert("llms-full.txt".to_owned(), llms::full(&english));
    Ok(made)
}

/// Writes all files anew; one that is no longer made goes.
///
/// # Errors
/// When a file can't be written.
pub fn write(made: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let folder = root().join(FOLDER);
    for stale in committed(&folder)?.difference(&made.keys().cloned().collect()) {
        fs::remove_file(folder.join(stale))?;
    }
    for (name, text) in made {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// The files that are not committed as they are made.
///
/// # Errors
/// When the folder can't be read.
pub fn differing(made: &BTreeMap<String, String>) -> anyhow::Result<Vec<String>> {
    let folder = root().join(FOLDER);
    let mut names = committed(&folder)?;
    names.extend(made.keys().cloned());
    let differs = |name: &String| fs::read_to_string(folder.join(name)).ok().as_ref() != made.get(name);
    Ok(names.into_iter().filter(differs).collect())
}

fn add_book(made: &mut BTreeMap<String, String>, book: &Book) -> anyhow::Result<()> {
    let lang = book.words.lang;
    let mut index = Vec::new();
    for (at, chapter) in book.chapters.iter().enumerate() {
        let written =
            html::write(&chapter.text, &book.words).with_context(|| format!("{lang}/{}", chapter.name))?;
        made.insert(
            format!("{lang}/{}", chapter.file()),
            page::write(book, at, &written)?,
        );
        index.extend(written.sections.iter().map(|section| {
            let page = &chapter.title;
            json!({"page": page, "href": href(&chapter.file(), section), "title": section.title, "text": searched(section)})
        }));
    }
    made.insert(format!("{lang}/search.json"), serde_json::to_string(&index)?);
    Ok(())
}

fn href(file: &str, section: &Section) -> String {
    let mark = if section.id.is_empty() { "" } else { "#" };
    format!("{file}{mark}{}", section.id)
}

fn searched(section: &Section) -> String {
    let words: Vec<&str> = section.text.split_whitespace().collect();
    words.join(" ").chars().take(SECTION_CHARS_MAX).collect()
}

/// What all pages share comes first, as on the payer's.
fn sheet(guide: &Path) -> anyhow::Result<String> {
    let shared = text(&root().join("crates/gateway/static/tokens.css"))?;
    Ok(format!("{shared}\n{}", text(&guide.join("theme/guide.css"))?))
}

fn committed(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for below in ["", ES.lang, EN.lang] {
        let Ok(entries) = fs::read_dir(folder.join(below)) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_file() {
                let name = path
                    .strip_prefix(folder)?
                    .to_str()
                    .context("a name that is no text")?;
                names.insert(name.to_owned());
            }
        }
    }
    Ok(names)
}

fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
