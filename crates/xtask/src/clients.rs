//! The authorization server with a client library of another language: Authlib, in a Python environment of its own in the
//! target folder, with every package pinned.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::closing::Runner;
use crate::places;
use crate::step::{self, Outcome};

/// Makes the environment where it is not there, installs the pinned packages and runs the tests.
///
/// # Errors
/// When a program can't be started.
pub fn run(filter: Option<&str>, program: &Path) -> anyhow::Result<Outcome> {
    let source = places::repository()?.join("clients");
    let installed = places::target()?.join("client-tests");
    fs::create_dir_all(&installed)?;
    let environment = installed.join("venv");
    if !environment.join("bin/pip").exists() {
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(&environment);
        let made = step::run("Python environment of the client tests", Runner::None, make)?;
        if !made.succeeded {
            return Ok(made);
        }
    }
    let mut pip = Command::new(environment.join("bin/pip"));
    pip.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary=:all:",
        "--requirement",
    ])
    .arg(source.join("requirements.txt"));
    let packages = step::run("Packages of the client tests", Runner::None, pip)?;
    if !packages.succeeded {
        return Ok(packages);
    }
    let mut python = Command::new(environment.join("bin/python"));
    python
        .arg("authlib_test.py")
        .args(filter)
        .env("AYNI_BIN", program)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(&source);
    step::run("Client tests, with Authlib", Runner::Plain, python)
}
