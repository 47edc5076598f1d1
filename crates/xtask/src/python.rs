//! Python environments of the tests, each in the target folder, with every package pinned.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::closing::Runner;
use crate::places;
use crate::step::{self, Outcome};

/// Makes the environment of this name where it is not there and installs what `requirements` names; its Python.
///
/// # Errors
/// When a program can't be started. A program that fails is the inner error.
pub fn environment(name: &str, requirements: &Path) -> anyhow::Result<Result<PathBuf, Outcome>> {
    let installed = places::target()?.join(name);
    fs::create_dir_all(&installed)?;
    let environment = installed.join("venv");
    if !environment.join("bin/pip").exists() {
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(&environment);
        let made = step::run(&format!("Python environment of the {name}"), Runner::None, make)?;
        if !made.succeeded {
            return Ok(Err(made));
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
    .arg(requirements);
    let packages = step::run(&format!("Packages of the {name}"), Runner::None, pip)?;
    Ok(match packages.succeeded {
        true => Ok(environment.join("bin/python")),
        false => Err(packages),
    })
}
