//! A page's fenced blocks. What stands after the language says what is done with one:
//!
//! - `sh run`: run, and it must succeed; `exit=3` says with which code it ends, `exit=any` that both may be, `retry` that it may need some seconds
//! - `sh background`: started, and left running
//! - `text output`, `json output`: what the block before printed; `…` stands for anything
//! - `… not-run: why`: shown only
//! - anything whose body is an `{{#include …}}`: a file of the repository, which has its own test

use std::fs;
use std::path::{Path, PathBuf};

/// One block of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub line: usize,
    pub kind: Kind,
    pub body: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Run { exit: Option<i32>, retry: bool },
    Background,
    Output,
    Shown { why: String },
    Included,
}

/// The blocks of a page, top to bottom.
pub fn read(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap();
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let body: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| !line.trim_start().starts_with("```"))
            .collect();
        let body = body.join("\n");
        let place = format!("{}:{}", page.display(), at + 1);
        blocks.push(Block {
            line: at + 1,
            kind: kind(info, &body, &place),
            body,
        });
    }
    blocks
}

/// The pages of a language's book, in the order of its table of contents.
pub fn pages(lang: &str) -> Vec<PathBuf> {
    let folder = repository().join("docs/guide").join(lang);
    let summary = fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    let files = summary
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    files.map(|file| folder.join(file)).collect()
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn kind(info: &str, body: &str, place: &str) -> Kind {
    if body.starts_with("{{#include") {
        return Kind::Included;
    }
    if let Some((_, why)) = info.split_once("not-run:") {
        assert!(why.trim().len() > 8, "{place}: say why it is not run");
        return Kind::Shown {
            why: why.trim().to_owned(),
        };
    }
    let words: Vec<&str> = info.split_whitespace().skip(1).collect();
    match words.first() {
        Some(&"run") => Kind::Run {
            exit: words
                .iter()
                .find_map(|word| word.strip_prefix("exit="))
                .map_or(Some(0), |code| code.parse().ok()),
            retry: words.contains(&"retry"),
        },
        Some(&"background") => Kind::Background,
        Some(&"output") => Kind::Output,
        _ => panic!("{place}: nothing says whether this block is run, or why not"),
    }
}
