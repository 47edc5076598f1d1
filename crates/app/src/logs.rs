//! Log lines on standard error, as text or JSON. What is logged carries request ids and no secrets.

use std::io::IsTerminal as _;

use ayni_gateway::traces::TARGET;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::Config;
#[cfg(not(feature = "otel"))]
use crate::config::traces;
use crate::config::values::LogForm;
#[cfg(feature = "otel")]
use crate::exporting::{self, Exporting};
use crate::told::Told;

/// What goes on beside the work, until the process ends.
pub struct Logging {
    #[cfg(feature = "otel")]
    exporting: Option<Exporting>,
}

impl Logging {
    /// Sends what waits to be exported.
    pub async fn close(self) {
        #[cfg(feature = "otel")]
        if let Some(exporting) = self.exporting {
            exporting.close().await;
        }
    }
}

/// Starts logging for the rest of the process.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(config)?)
        .with_writer(std::io::stderr);
    match form(config) {
        LogForm::Text => builder
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .init(),
        LogForm::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Starts logging, and exporting spans where the settings ask for it: then each has a filter of its own.
#[cfg(feature = "otel")]
pub fn start_with_traces(config: &Config) -> anyhow::Result<Logging> {
    use tracing_subscriber::Layer as _;
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;

    let filter = filter(config)?;
    let Some((spans, exporting)) = exporting::start(config)? else {
        start(config)?;
        return Ok(Logging { exporting: None });
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match form(config) {
        LogForm::Text => lines
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .boxed(),
        LogForm::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .with(spans)
        .init();
    let exporting = Some(exporting);
    Ok(Logging { exporting })
}

/// Starts logging, and says so where traces are asked for that this program can't export.
#[cfg(not(feature = "otel"))]
pub fn start_with_traces(config: &Config) -> anyhow::Result<Logging> {
    start(config)?;
    if let Some((setting, _)) = traces::asked(config) {
        tracing::warn!("{setting} asks for traces, and this program was built without: `--features otel`");
    }
    Ok(Logging {})
}

fn form(config: &Config) -> LogForm {
    config.values.tuning.log_form.unwrap_or(LogForm::Text)
}

fn filter(config: &Config) -> anyhow::Result<EnvFilter> {
    let asked = config.values.tuning.log.as_deref().unwrap_or("info");
    EnvFilter::try_new(directives(asked)).map_err(|error| {
        let what = format!("«{asked}» does not say what to log");
        let hint = "write a level, or levels by module: debug, or info,ayni_store=debug";
        Told::new(what, hint).because(error).into()
    })
}

/// A level alone is for our own lines, and libraries only warn. What reads a bank's pages would log them: never. Spans for
/// traces are no log's.
fn directives(filter: &str) -> String {
    let is_level = filter.parse::<LevelFilter>().is_ok();
    let asked = if is_level {
        format!("warn,ayni={filter}")
    } else {
        filter.to_owned()
    };
    format!("{asked},{TARGET}=off,selectors=off,html5ever=off,markup5ever=off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_for_a_banks_pages_are_not_logged() {
        assert!(directives("debug").starts_with("warn,ayni=debug,"));
        assert!(directives("trace,selectors=trace").ends_with("selectors=off,html5ever=off,markup5ever=off"));
    }
}
