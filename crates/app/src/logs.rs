//! Log lines on standard error, as text or JSON. What is logged carries request ids and no secrets.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::values::LogForm;
use crate::told::Told;

/// Starts logging for the rest of the process.
pub fn start(filter: &str, form: LogForm) -> anyhow::Result<()> {
    let parsed = EnvFilter::try_new(directives(filter)).map_err(|error| {
        let what = format!("«{filter}» does not say what to log");
        Told::new(
            what,
            "write a level, or levels by module: debug, or info,ayni_store=debug",
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

/// A level alone is for our own lines, and libraries only warn. What reads a bank's pages would log them: never.
fn directives(filter: &str) -> String {
    let is_level = filter.parse::<LevelFilter>().is_ok();
    let asked = if is_level {
        format!("warn,ayni={filter}")
    } else {
        filter.to_owned()
    };
    format!("{asked},selectors=off,html5ever=off,markup5ever=off")
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
