//! Whether traces are asked for: by our own setting, or by OpenTelemetry's variables, as its specification names them.

use super::Config;

/// The setting or variable that asks for traces, and the address in it; our own comes first, then the one for traces only.
pub fn asked(config: &Config) -> Option<(&'static str, String)> {
    if let Some(text) = &config.values.tuning.otlp_endpoint {
        return Some((SETTING, text.clone()));
    }
    let is = |name: &str, value: &str| variable(name).is_some_and(|text| text.eq_ignore_ascii_case(value));
    if is("OTEL_SDK_DISABLED", "true") || is("OTEL_TRACES_EXPORTER", "none") {
        return None;
    }
    [OTLP_TRACES_ENDPOINT, OTLP_ENDPOINT]
        .into_iter()
        .find_map(|name| Some((name, variable(name)?)))
}

/// A variable's text; an empty one is not set.
pub fn variable(name: &str) -> Option<String> {
    let text = std::env::var_os(name).filter(|text| !text.is_empty())?;
    Some(text.to_string_lossy().trim().to_owned())
}

/// Our own setting.
pub const SETTING: &str = "otlp_endpoint";
/// An address that is taken as it is.
pub const OTLP_TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
/// A collector's address, to which the path is added.
const OTLP_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
