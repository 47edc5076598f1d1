//! Log lines on standard error, as text or JSON. What is logged carries request ids and no secrets.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::values::LogForm;
use crate::told::Told;

/// Starts logging for the rest of the process.
pub fn start(filter: &str, form: LogForm) -> anyhow::Result<()> {
    let parsed = EnvFilter::try_new(filter).map_err(|error| {
        let what = format!("«{filter}» says not what to log");
        Told::new(
            what,
            "write a level, or levels by module: info, or info,ayni_store=debug",
        )
        .because(error)
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(parsed)
        .with_writer(std::io::stderr);
    match form {
        LogForm::Text => builder
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .init(),
        LogForm::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}
