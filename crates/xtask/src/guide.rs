//! `cargo xtask guide`: the guide's pages are made out of `docs/guide` by a crate of its own, so that this one, which
//! everybody builds, does not need mdBook.

use std::fs;
use std::process::Command;

use anyhow::ensure;

use crate::places;

/// Where the program's own words about its commands lie, for both languages to include.
const COMMANDS: &str = "docs/guide/generated/commands.md";

/// Asks the program for its commands, then writes all pages.
///
/// # Errors
/// When one of the two can't be built, or a book is not as it must be.
pub fn run() -> anyhow::Result<()> {
    let root = places::repository()?;
    let told = Command::new(places::cargo())
        .args(["run", "--quiet", "--package", "ayni", "--", "reference"])
        .current_dir(&root)
        .output()?;
    ensure!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    fs::write(root.join(COMMANDS), told.stdout)?;
    println!("wrote {COMMANDS}");
    let made = Command::new(places::cargo())
        .args(["run", "--quiet", "--package", "ayni-guide"])
        .current_dir(&root)
        .status()?;
    ensure!(made.success(), "the pages were not made");
    Ok(())
}
