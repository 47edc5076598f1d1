//! `cargo xtask test`: all tests, on both engines, in a browser and with other people's client libraries, from one
//! command on a fresh machine.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};

use crate::closing::{Runner, Tally};
use crate::postgres::Cluster;
use crate::step::{self, Outcome};
use crate::{browser, clients, places, promtool, python, tools};

/// Which tests to run.
#[derive(Args)]
pub struct Choice {
    /// Only the tests whose name contains this
    #[arg(long)]
    filter: Option<String>,
    /// Only the Rust tests or only the browser tests
    #[arg(long)]
    only: Option<Part>,
    /// Only the Rust tests of this package; may be given several times
    #[arg(long = "package", short)]
    packages: Vec<String>,
}

impl Choice {
    fn rust(&self) -> bool {
        self.only != Some(Part::Browser)
    }

    fn browser(&self) -> bool {
        self.only != Some(Part::Rust) && self.packages.is_empty()
    }

    /// The packages, as Cargo wants to hear it.
    fn scope(&self) -> Vec<String> {
        if self.packages.is_empty() {
            return vec!["--workspace".into()];
        }
        self.packages
            .iter()
            .map(|package| format!("--package={package}"))
            .collect()
    }

    /// The packages with the features that are tested, where the package that has them is one.
    fn featured_scope(&self) -> Vec<String> {
        let mut scope = self.scope();
        if self.packages.is_empty() || self.packages.iter().any(|package| package == PROGRAM) {
            scope.push(FEATURES.to_owned());
        }
        scope
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Rust,
    Browser,
}

/// Provides what is missing, runs the chosen tests and prints the runners' closing lines last.
///
/// # Errors
/// When anything fails, or a tool is missing and can't be installed.
pub fn run(choice: &Choice) -> anyhow::Result<()> {
    if choice.rust() {
        tools::provide(&[
            tools::POSTGRES,
            tools::CHROMIUM,
            tools::PDF_READERS,
            tools::SYSTEMD,
            tools::PYTHON,
            tools::NODE,
            tools::PHP,
            tools::RUBY,
            tools::JAVA,
            tools::SHELL_TOOLS,
        ])?;
    }
    if choice.browser() {
        tools::provide(&[
            tools::CHROMIUM,
            tools::FONTS,
            tools::NODE,
            tools::NPM,
            tools::PYTHON,
        ])?;
    }
    step::take_over_interrupts()?;
    let program = places::target()?.join("debug/ayni");
    build(choice)?;
    let mut outcomes = Vec::new();
    if choice.rust() {
        outcomes.extend(rust_tests(choice, &program)?);
    }
    if choice.browser() {
        outcomes.push(browser::run(choice.filter.as_deref(), &program)?);
        outcomes.extend(clients::run(choice.filter.as_deref(), &program)?);
    }
    close(&outcomes)
}

/// One build for all that follows: the same choice of packages gives the same features, so nothing is built twice. The
/// process tests start the program itself, and the guide's an example, which their own builds do not make.
fn build(choice: &Choice) -> anyhow::Result<()> {
    if !choice.rust() {
        return build_with(&["--package", PROGRAM, FEATURES]);
    }
    if choice.packages.iter().any(|package| package == PROCESS_TESTS) {
        build_with(&["--package", PROGRAM, FEATURES])?;
    }
    if choice.packages.iter().any(|package| package == PROGRAM) {
        build_with(&["--package", "ayni-client", "--examples"])?;
    }
    let mut scope = choice.featured_scope();
    scope.push("--all-targets".to_owned());
    build_with(&scope)
}

fn build_with(arguments: &[impl AsRef<OsStr>]) -> anyhow::Result<()> {
    let mut cargo = Command::new(places::cargo());
    cargo
        .arg("build")
        .args(arguments)
        .current_dir(places::repository()?);
    ensure!(
        step::run("Building", Runner::None, cargo)?.succeeded,
        "the build failed"
    );
    Ok(())
}

fn rust_tests(choice: &Choice, program: &Path) -> anyhow::Result<Vec<Outcome>> {
    let programs = tools::postgres_folder().context("PostgreSQL is not there")?;
    let logs = places::target()?.join("xtask");
    fs::create_dir_all(&logs)?;
    let (python, python_tools) = match pythons()? {
        Ok(pythons) => pythons,
        Err(failed) => return Ok(vec![failed]),
    };
    let promtool = promtool::provide()?;
    let cluster = Cluster::start(&programs, &logs.join("postgres.log"))?;
    let with_engines = |arguments: &[&str]| -> anyhow::Result<Command> {
        let mut cargo = Command::new(places::cargo());
        cargo
            .args(arguments)
            .args(choice.featured_scope())
            .args(&choice.filter)
            .env("AYNI_TEST_POSTGRES", cluster.url())
            .env("AYNI_TEST_POSTGRES_CERTIFICATE", cluster.certificate())
            .env("AYNI_TEST_POSTGRES_PROGRAMS", &programs)
            .env("AYNI_TEST_PYTHON", &python)
            .env("AYNI_TEST_PYTHON_TOOLS", &python_tools)
            .env("AYNI_TEST_PROMTOOL", &promtool)
            .env("AYNI_BIN", program)
            .env("CARGO_TERM_COLOR", "never")
            .current_dir(places::repository()?);
        Ok(cargo)
    };
    let (runner, command) = if tools::has_nextest() {
        (
            Runner::Nextest,
            with_engines(&["nextest", "run", "--no-tests=pass"])?,
        )
    } else {
        (
            Runner::CargoTest,
            with_engines(&["test", "--all-targets", "--no-fail-fast"])?,
        )
    };
    let mut outcomes = vec![step::run(
        "Rust tests, on SQLite and PostgreSQL",
        runner,
        command,
    )?];
    if choice.packages.is_empty() {
        // A package without a library has no examples, and naming it would be an error.
        let examples = with_engines(&["test", "--doc"])?;
        outcomes.push(step::run(
            "Examples in the documentation",
            Runner::CargoTest,
            examples,
        )?);
    }
    Ok(outcomes)
}

/// The Python of the tests' mail server, and the folder of the programs that the guide's pages install.
fn pythons() -> anyhow::Result<Result<(PathBuf, PathBuf), Outcome>> {
    let root = places::repository()?;
    let mail = python::environment(
        "mail-tests",
        &root.join("crates/testkit/mail_server/requirements.txt"),
    )?;
    let tools = python::environment("client-tools", &root.join("clients/requirements-tools.txt"))?;
    Ok(match (mail, tools) {
        (Ok(mail), Ok(tools)) => Ok((mail, tools.with_file_name(""))),
        (Err(failed), _) | (_, Err(failed)) => Err(failed),
    })
}

fn close(outcomes: &[Outcome]) -> anyhow::Result<()> {
    println!();
    let mut sum = Tally::default();
    for (line, tally) in outcomes.iter().flat_map(|outcome| &outcome.closing) {
        // A library without examples closes with a row of zeros.
        let says_nothing = *tally == Tally::default() && line.starts_with("test result:");
        if !says_nothing {
            println!("{}", line.trim_start());
        }
        sum = sum.and(*tally);
    }
    println!("{sum}");
    ensure!(!step::interrupted(), "interrupted");
    ensure!(
        outcomes.iter().all(|outcome| outcome.succeeded),
        "some tests failed"
    );
    Ok(())
}

/// The package whose tests start `ayni` as a process.
const PROCESS_TESTS: &str = "ayni-tests";
/// The package of the program, whose tests walk the guide, which runs an example of the client.
const PROGRAM: &str = "ayni";
/// What is tested beside the usual features, as it is shipped.
const FEATURES: &str = "--features=ayni/otel";
