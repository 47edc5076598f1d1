//! The guide's pages are made ahead, so that the gateway serves them from its binary, offline, under a policy without
//! inline code.
//!
//! `docs/guide/es` and `docs/guide/en` are two mdBooks with the same pages (`mdbook serve docs/guide/es` shows one). mdBook's
//! own pages need inline scripts and weigh a megabyte, so its table of contents is read as it does, and the pages are ours.
//! `cargo xtask guide` writes into `crates/gateway/guide`; a test compares.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool talks to the person who runs it"
)]

mod book;
mod files;
mod html;
mod llms;
mod page;
mod words;

use std::process::ExitCode;

use anyhow::ensure;
use clap::Parser;

#[derive(Parser)]
#[command(about = "Makes the guide's pages out of docs/guide")]
struct Arguments {
    /// Only compares, and fails when the committed pages are other ones
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse().check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("ayni-guide: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> anyhow::Result<()> {
    let made = files::make()?;
    if check {
        let differing = files::differing(&made)?;
        ensure!(
            differing.is_empty(),
            "out of date: {}; run `cargo xtask guide`",
            differing.join(", ")
        );
    } else {
        files::write(&made)?;
    }
    let bytes: usize = made.values().map(String::len).sum();
    println!("the guide: {} files, {} kB", made.len(), bytes / 1000);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_pages_are_what_the_books_say() {
        let differing = files::differing(&files::make().unwrap()).unwrap();
        assert!(
            differing.is_empty(),
            "run `cargo xtask guide`; out of date: {differing:?}"
        );
    }

    #[test]
    fn every_link_between_the_pages_leads_somewhere() {
        let made = files::make().unwrap();
        for (name, page) in made.iter().filter(|(name, _)| name.ends_with(".html")) {
            for link in page
                .split("href=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
            {
                if link.starts_with(['/', '#']) || link.contains(':') {
                    continue;
                }
                let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
                let lang = name.split('/').next().unwrap();
                let target = path
                    .strip_prefix("../")
                    .map_or(format!("{lang}/{path}"), str::to_owned);
                let found = made
                    .get(&target)
                    .unwrap_or_else(|| panic!("{name} links to {link}"));
                let id = format!("id=\"{fragment}\"");
                assert!(
                    fragment.is_empty() || found.contains(&id),
                    "{name} links to {link}"
                );
            }
        }
    }

    #[test]
    fn making_the_pages_twice_gives_the_same_bytes() {
        assert!(files::make().unwrap() == files::make().unwrap());
    }
}
