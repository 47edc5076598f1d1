//! `cargo xtask bench`: the load harness measures an optimised build, whatever profile is being worked with.

use std::process::{Command, Stdio};

use anyhow::ensure;

use crate::places;

/// Builds and runs the harness, handing it the arguments as they are.
///
/// # Errors
/// When the harness can't be built or ends with a failure.
pub fn run(arguments: &[String]) -> anyhow::Result<()> {
    let status = Command::new(places::cargo())
        .args(["run", "--release", "--package", "ayni-bench", "--"])
        .args(arguments)
        .current_dir(places::repository()?)
        .stdin(Stdio::null())
        .status()?;
    ensure!(status.success(), "the load harness failed: {status}");
    Ok(())
}
