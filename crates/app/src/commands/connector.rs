//! `ayni connector check`: whether a connector of another process keeps to the protocol (`docs/connector-protocol.md`).

use std::process::ExitCode;

use ayni_connectors::remote::check::{Finding, check};
use clap::Subcommand;
use serde_json::json;

use crate::cli::Common;
use crate::output::{self, Form};
use crate::remote_connectors;
use crate::told::Told;

/// What is done with connectors.
#[derive(Subcommand)]
pub enum Action {
    /// Call a connector in every way the protocol knows and some it does not; fails unless all holds
    #[command(
        after_help = "Examples:\n  ayni connector check http://127.0.0.1:9100\n  AYNI_CONNECTOR_SECRET_BILLER=… ayni connector check biller=http://127.0.0.1:9100"
    )]
    Check {
        /// Its address, or NAME=URL for the secret of that name
        #[arg(value_name = "URL")]
        connector: String,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<ExitCode> {
    let Action::Check { connector } = action;
    let (_, place) = remote_connectors::place(&connector)?;
    let findings = check(&place)
        .await
        .map_err(|error| Told::new("the connector can't be checked", "look at its address").because(error))?;
    let failed = findings
        .iter()
        .filter(|finding| finding.problem.is_some())
        .count();
    print(Form::of(common.json), &findings, failed)?;
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(form: Form, findings: &[Finding], failed: usize) -> anyhow::Result<()> {
    let told: Vec<_> = findings
        .iter()
        .map(|finding| json!({ "sentence": finding.sentence, "problem": finding.problem }))
        .collect();
    output::result(form, &json!({ "failed": failed, "findings": told }), || {
        let row = |finding: &Finding| {
            let held = if finding.problem.is_some() {
                "failed"
            } else {
                "passed"
            };
            vec![
                held.to_owned(),
                finding.sentence.clone(),
                finding.problem.clone().unwrap_or_default(),
            ]
        };
        let rows: Vec<_> = findings.iter().map(row).collect();
        output::table(&["", "SENTENCE", "SEEN INSTEAD"], &rows, "Nothing was checked.");
        output::line(&format!("{} passed, {failed} failed", findings.len() - failed));
    })
}
