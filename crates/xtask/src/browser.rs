//! The browser tests: Node's own runner drives Debian's Chromium against a real `ayni dev`. Their packages are
//! installed into the target folder, so that the source tree holds nothing that was downloaded.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::closing::Runner;
use crate::places;
use crate::step::{self, Outcome};
use crate::tools::CHROMIUM_PROGRAM;

/// Installs the pinned packages and runs every `*.test.mjs` of the `browser` folder.
///
/// # Errors
/// When a program can't be started or a file can't be copied.
pub fn run(filter: Option<&str>, program: &Path) -> anyhow::Result<Outcome> {
    let source = places::repository()?.join("browser");
    let installed = places::target()?.join("browser-tests");
    fs::create_dir_all(&installed)?;
    let packages = step::run(
        "Packages of the browser tests",
        Runner::None,
        npm(&source, &installed)?,
    )?;
    if !packages.succeeded {
        return Ok(packages);
    }
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]);
    if let Some(filter) = filter {
        node.arg(format!("--test-name-pattern={}", literally(filter)));
    }
    node.args(test_files(&source)?)
        .env("AYNI_BIN", program)
        .env("AYNI_CHROMIUM", CHROMIUM_PROGRAM)
        .env("AYNI_BROWSER_PACKAGES", &installed)
        .env("NO_COLOR", "1")
        .current_dir(&source);
    step::run("Browser tests", Runner::Node, node)
}

fn npm(source: &Path, installed: &Path) -> anyhow::Result<Command> {
    for file in ["package.json", "package-lock.json"] {
        fs::copy(source.join(file), installed.join(file)).with_context(|| format!("browser/{file}"))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(installed);
    Ok(npm)
}

fn test_files(source: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(source)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The filter as a pattern that matches just its text.
fn literally(text: &str) -> String {
    text.chars()
        .flat_map(|letter| [(!letter.is_alphanumeric()).then_some('\\'), Some(letter)])
        .flatten()
        .collect()
}
