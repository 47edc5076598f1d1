//! `ayni doctor`: looks at everything that a gateway needs and says, line by line, what is well and what to do.

mod checks;
mod reach;

use std::process::ExitCode;

use serde::Serialize;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};

/// What `ayni doctor` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {}

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Well.
    Ok,
    /// It works, but look at it.
    Warn,
    /// The gateway can't work so.
    Fail,
}

/// One line of the report.
#[derive(Debug, Serialize)]
pub struct Finding {
    check: &'static str,
    health: Health,
    said: String,
    #[serde(rename = "do")]
    advice: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, said: impl Into<String>) -> Finding {
        Finding {
            check,
            health: Health::Ok,
            said: said.into(),
            advice: None,
        }
    }

    fn warn(check: &'static str, said: impl Into<String>, advice: &str) -> Finding {
        Finding {
            check,
            health: Health::Warn,
            said: said.into(),
            advice: Some(advice.to_owned()),
        }
    }

    fn fail(check: &'static str, said: impl Into<String>, advice: &str) -> Finding {
        Finding {
            check,
            health: Health::Fail,
            said: said.into(),
            advice: Some(advice.to_owned()),
        }
    }

    /// A failure whose own error says what to do.
    fn error(check: &'static str, error: &anyhow::Error) -> Finding {
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        let told = error
            .chain()
            .find_map(|cause| cause.downcast_ref::<crate::told::Told>());
        let advice = told.map(|told| told.hint().to_owned());
        Finding {
            check,
            health: Health::Fail,
            said: causes.join(": "),
            advice,
        }
    }
}

/// Looks, prints, and exits with 1 if something fails.
pub async fn run(common: &Common, _args: Args) -> anyhow::Result<ExitCode> {
    let findings = match Config::of(common) {
        Ok(config) => checks::all(common, &config).await,
        Err(error) => vec![Finding::error("configuration", &error)],
    };
    let is_failing = findings.iter().any(|finding| finding.health == Health::Fail);
    let said = json!({ "ok": !is_failing, "checks": findings });
    output::result(Form::of(common.json), &said, || {
        let width = findings
            .iter()
            .map(|finding| finding.check.len())
            .max()
            .unwrap_or(0);
        for Finding {
            check,
            health,
            said,
            advice,
        } in &findings
        {
            let word = match health {
                Health::Ok => "ok  ",
                Health::Warn => "warn",
                Health::Fail => "FAIL",
            };
            output::line(&format!("{word}  {check:<width$}  {said}"));
            for advice in advice.iter().flat_map(|advice| advice.lines()) {
                output::line(&format!("      {:<width$}  → {advice}", ""));
            }
        }
    })?;
    Ok(if is_failing {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

const AFTER_HELP: &str = "\
Changes nothing. Exits with 1 if a check fails; a warning is no failure.

Examples:
  ayni doctor --data-dir /var/lib/ayni
  ayni doctor --json | jq '.checks[] | select(.health != \"ok\")'";
