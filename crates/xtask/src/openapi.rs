//! `cargo xtask openapi`: the committed document is what the handlers say, never written by hand.

use std::fs;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::places;

/// Where the document lies in the repository, and the name `ayni openapi` knows it by.
const DOCUMENT: (&str, &str) = ("openapi/payments.json", "payments");

/// Writes the document, or with `check` only compares it.
///
/// # Errors
/// When the product can't be built, or with `check` when the committed document is another one.
pub fn run(check: bool) -> anyhow::Result<()> {
    let root = places::repository()?;
    let (path, name) = DOCUMENT;
    let output = Command::new(places::cargo())
        .args(["run", "--quiet", "--package", "ayni", "--", "openapi", name])
        .current_dir(&root)
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let file = root.join(path);
    if check {
        let committed = fs::read(&file).with_context(|| format!("{path} can't be read"))?;
        ensure!(
            committed == output.stdout,
            "{path} is out of date: run `cargo xtask openapi`"
        );
        println!("{path} is up to date");
    } else {
        fs::create_dir_all(root.join("openapi"))?;
        fs::write(&file, output.stdout)?;
        println!("wrote {path}");
    }
    Ok(())
}
