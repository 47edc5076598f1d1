//! `cargo xtask openapi`: the committed documents are what the program says, never written by hand.

use std::fs;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::places;

/// Where the documents lie in the repository, and the names `ayni openapi` knows them by.
const DOCUMENTS: [(&str, &str); 2] = [
    ("openapi/payments.json", "payments"),
    ("openapi/data.json", "data"),
];

/// Writes the documents, or with `check` only compares them.
///
/// # Errors
/// When the product can't be built, or with `check` when a committed document is another one.
pub fn run(check: bool) -> anyhow::Result<()> {
    DOCUMENTS
        .into_iter()
        .try_for_each(|(path, name)| one(path, name, check))
}

fn one(path: &str, name: &str, check: bool) -> anyhow::Result<()> {
    let root = places::repository()?;
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
