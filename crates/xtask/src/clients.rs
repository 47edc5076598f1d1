//! The authorization server with a client library of another language: Authlib, in a Python environment of its own in the
//! target folder.

use std::path::Path;
use std::process::Command;

use crate::closing::Runner;
use crate::places;
use crate::python;
use crate::step::{self, Outcome};

/// Installs the pinned packages and runs the tests.
///
/// # Errors
/// When a program can't be started.
pub fn run(filter: Option<&str>, program: &Path) -> anyhow::Result<Outcome> {
    let source = places::repository()?.join("clients");
    let installed = match python::environment("client-tests", &source.join("requirements.txt"))? {
        Ok(installed) => installed,
        Err(failed) => return Ok(failed),
    };
    let mut python = Command::new(installed);
    python
        .arg("authlib_test.py")
        .args(filter)
        .env("AYNI_BIN", program)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(&source);
    step::run("Client tests, with Authlib", Runner::Plain, python)
}
