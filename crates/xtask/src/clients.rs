//! The gateway with other people's programs: Authlib against the authorization server, the SDK of the Model Context
//! Protocol against `ayni mcp`, clients that are generated from the OpenAPI documents, OpenTelemetry's protobuf for what is
//! exported, ISO 20022's schema against files of transfers. Their Python packages lie in environments of their own in the
//! target folder.

use std::path::Path;
use std::process::Command;

use crate::closing::Runner;
use crate::places;
use crate::python;
use crate::step::{self, Outcome};

/// One file of tests, and what it needs.
struct Suite {
    title: &'static str,
    environment: &'static str,
    requirements: &'static str,
    file: &'static str,
}

/// Installs the pinned packages and runs the tests.
///
/// # Errors
/// When a program can't be started.
pub fn run(filter: Option<&str>, program: &Path) -> anyhow::Result<Vec<Outcome>> {
    SUITES
        .iter()
        .map(|suite| run_one(suite, filter, program))
        .collect()
}

fn run_one(suite: &Suite, filter: Option<&str>, program: &Path) -> anyhow::Result<Outcome> {
    let source = places::repository()?.join("clients");
    let installed = match python::environment(suite.environment, &source.join(suite.requirements))? {
        Ok(installed) => installed,
        Err(failed) => return Ok(failed),
    };
    let mut python = Command::new(installed);
    python
        .arg(suite.file)
        .args(filter)
        .env("AYNI_BIN", program)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(&source);
    step::run(suite.title, Runner::Plain, python)
}

const SUITES: [Suite; 5] = [
    Suite {
        title: "Client tests, with Authlib",
        environment: "client-tests",
        requirements: "requirements.txt",
        file: "authlib_test.py",
    },
    Suite {
        title: "Client tests, with generated clients",
        environment: "client-tools",
        requirements: "requirements-tools.txt",
        file: "generated_test.py",
    },
    Suite {
        title: "Client tests, with the SDK of the Model Context Protocol",
        environment: "client-tools",
        requirements: "requirements-tools.txt",
        file: "mcp_test.py",
    },
    Suite {
        title: "Client tests, with OpenTelemetry's protobuf",
        environment: "client-tests",
        requirements: "requirements.txt",
        file: "otel_test.py",
    },
    Suite {
        title: "Client tests, with the schema of ISO 20022",
        environment: "client-tools",
        requirements: "requirements-tools.txt",
        file: "iso20022_test.py",
    },
];
