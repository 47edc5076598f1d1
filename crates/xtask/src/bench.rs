//! `cargo xtask bench`: the load harness measures an optimised build, whatever profile is being worked with, and has a
//! PostgreSQL of its own where it needs one.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::postgres::Cluster;
use crate::{places, tools};

/// Builds the program and the harness, and runs the harness, handing it the arguments as they are.
///
/// # Errors
/// When one can't be built, PostgreSQL can't be started, or the harness ends with a failure.
pub fn run(arguments: &[String]) -> anyhow::Result<()> {
    let mut build = Command::new(places::cargo());
    build.args([
        "build",
        "--release",
        "--package",
        "ayni",
        "--package",
        "ayni-bench",
        "--bins",
    ]);
    end_well(build, "the build")?;
    let built = places::target()?.join("release");
    let mut harness = Command::new(built.join("ayni-bench"));
    harness.args(arguments);
    if !arguments.iter().any(|argument| argument.starts_with("--ayni")) {
        harness.arg("--ayni").arg(built.join("ayni"));
    }
    let cluster = needs_postgres(arguments).then(start_postgres).transpose()?;
    if let Some(cluster) = &cluster {
        harness.env("AYNI_TEST_POSTGRES", cluster.url());
    }
    end_well(harness, "the load harness")
}

fn end_well(mut command: Command, what: &str) -> anyhow::Result<()> {
    let status = command
        .current_dir(places::repository()?)
        .stdin(Stdio::null())
        .status()?;
    ensure!(status.success(), "{what} failed: {status}");
    Ok(())
}

fn start_postgres() -> anyhow::Result<Cluster> {
    tools::provide(&[tools::POSTGRES])?;
    let programs = tools::postgres_folder().context("PostgreSQL is not there")?;
    let logs = places::target()?.join("xtask");
    fs::create_dir_all(&logs)?;
    Cluster::start(&programs, &logs.join("postgres-bench.log"))
}

/// Whether something that is measured runs on PostgreSQL, and nobody brought a server.
fn needs_postgres(arguments: &[String]) -> bool {
    let has = |name: &str| arguments.iter().any(|argument| argument.starts_with(name));
    let names_one = |text: &String| MEASURED_ON_POSTGRES.iter().any(|name| text.contains(name));
    let is_wanted = !has("--only") || arguments.iter().any(names_one);
    is_wanted && !has("--postgres") && !has("--help")
}

/// What the harness measures on PostgreSQL too.
const MEASURED_ON_POSTGRES: [&str; 3] = ["postgres", "reconciliation", "console"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_started_where_something_is_measured_on_it_and_none_was_brought() {
        let needs =
            |line: &str| needs_postgres(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        for line in [
            "",
            "--quick",
            "--only echo,postgres",
            "--only=console",
            "--only reconciliation --quick",
        ] {
            assert!(needs(line), "{line}");
        }
        for line in [
            "--only echo",
            "--only=echo,notices",
            "--help",
            "--postgres postgres://localhost/a",
        ] {
            assert!(!needs(line), "{line}");
        }
    }
}
