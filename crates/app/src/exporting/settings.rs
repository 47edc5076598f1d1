//! What is exported, and where to. OpenTelemetry ignores variables that it can't read; an operator would search for the
//! traces, so here they are errors.

use http::{HeaderName, HeaderValue};
use url::Url;

use crate::config::Config;
use crate::config::traces::{OTLP_TRACES_ENDPOINT, SETTING, asked, variable};
use crate::told::Told;

/// What holds for the whole process.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Where spans are posted.
    pub endpoint: Url,
    /// The part of all traces that is exported, 0 to 1.
    pub ratio: f64,
    /// Whether a caller's own decision comes first.
    pub follows_callers: bool,
    /// How many spans may wait.
    pub waiting_max: usize,
}

impl Settings {
    /// What is in force; nothing where no collector is named.
    pub fn of(config: &Config) -> anyhow::Result<Option<Settings>> {
        let Some((name, text)) = asked(config) else {
            return Ok(None);
        };
        let endpoint = match name {
            OTLP_TRACES_ENDPOINT => http_url(&text),
            _ => of_collector(&text),
        };
        let endpoint = endpoint.ok_or_else(|| {
            let (problem, hint) = ("is no http or https URL", "write it as http://127.0.0.1:4318");
            match name {
                SETTING => config.wrong(SETTING, problem, hint),
                variable => Told::new(format!("{variable} {problem}"), hint),
            }
        })?;
        only(&["OTEL_TRACES_EXPORTER"], &["otlp", "none"])?;
        let protocols = [
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
            "OTEL_EXPORTER_OTLP_PROTOCOL",
        ];
        only(&protocols, &["http/protobuf"])?;
        let compressions = [
            "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
            "OTEL_EXPORTER_OTLP_COMPRESSION",
        ];
        only(&compressions, &["none"])?;
        check_headers()?;
        for name in ["OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] {
            number(name, NUMBER_MOST)?;
        }
        let (ratio, follows_callers) = match config.values.tuning.otlp_ratio {
            Some(ratio) if is_part(ratio) => (ratio, true),
            Some(_) => return Err(config.wrong("otlp_ratio", "is no part of all", PART_HINT).into()),
            None => sampler()?,
        };
        Ok(Some(Settings {
            endpoint,
            ratio,
            follows_callers,
            waiting_max: number("OTEL_BSP_MAX_QUEUE_SIZE", WAITING_MOST)?.unwrap_or(WAITING_USUAL),
        }))
    }
}

fn of_collector(text: &str) -> Option<Url> {
    let mut url = http_url(text)?;
    let path = format!("{}{TRACES_PATH}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Some(url)
}

fn http_url(text: &str) -> Option<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The first of these variables that is set says one of these words.
fn only(names: &[&str], words: &[&str]) -> Result<(), Told> {
    let set = names.iter().find_map(|name| Some((name, variable(name)?)));
    match set {
        Some((name, text)) if !words.contains(&text.as_str()) => {
            let hint = format!("set it to {}, or unset it", words.join(" or "));
            Err(Told::new(
                format!("{name} is «{text}», which is not spoken here"),
                hint,
            ))
        }
        _ => Ok(()),
    }
}

/// Headers are credentials mostly: none is shown.
fn check_headers() -> Result<(), Told> {
    let names = ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"];
    let Some((name, text)) = names.iter().find_map(|name| Some((name, variable(name)?))) else {
        return Ok(());
    };
    let is_sound = text.split_terminator(',').all(|pair| {
        pair.split_once('=').is_some_and(|(name, value)| {
            HeaderName::try_from(name.trim()).is_ok() && HeaderValue::try_from(value.trim()).is_ok()
        })
    });
    match is_sound {
        true => Ok(()),
        false => Err(Told::new(
            format!("{name} holds what is no header"),
            "write headers as name=value, joined by commas",
        )),
    }
}

fn sampler() -> Result<(f64, bool), Told> {
    let (name, argument) = ("OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG");
    let ratio = || match variable(argument) {
        Some(text) => {
            part(&text).ok_or_else(|| Told::new(format!("{argument} is no part of all"), PART_HINT))
        }
        None => Ok(1.0),
    };
    Ok(match variable(name).as_deref() {
        None | Some("parentbased_always_on") => (1.0, true),
        Some("parentbased_always_off") => (0.0, true),
        Some("parentbased_traceidratio") => (ratio()?, true),
        Some("always_on") => (1.0, false),
        Some("always_off") => (0.0, false),
        Some("traceidratio") => (ratio()?, false),
        Some(other) => {
            let hint = "set it to always_on, always_off, traceidratio, or one of them after parentbased_";
            return Err(Told::new(
                format!("{name} is «{other}», which is no sampler here"),
                hint,
            ));
        }
    })
}

fn part(text: &str) -> Option<f64> {
    text.parse().ok().filter(|ratio| is_part(*ratio))
}

fn is_part(ratio: f64) -> bool {
    (0.0..=1.0).contains(&ratio)
}

/// A variable's whole number from 1 on.
fn number(name: &str, most: usize) -> Result<Option<usize>, Told> {
    let Some(text) = variable(name) else {
        return Ok(None);
    };
    match text.parse().ok().filter(|number| (1..=most).contains(number)) {
        Some(number) => Ok(Some(number)),
        None => {
            let hint = format!("write a number from 1 to {most}");
            Err(Told::new(format!("{name} is no such number"), hint))
        }
    }
}

const TRACES_PATH: &str = "/v1/traces";
const PART_HINT: &str = "write a number from 0 to 1, as 0.1";
/// As OpenTelemetry's specification has it.
const WAITING_USUAL: usize = 2_048;
/// About 100 MB of spans.
const WAITING_MOST: usize = 100_000;
/// A day in milliseconds; no other number of theirs is as large.
const NUMBER_MOST: usize = 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collectors_address_gets_the_path_of_traces() {
        for (text, url) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            (
                "https://collector.example/otlp/",
                "https://collector.example/otlp/v1/traces",
            ),
        ] {
            assert_eq!(of_collector(text).unwrap().as_str(), url);
        }
        for text in ["", "127.0.0.1:4318", "grpc://127.0.0.1:4317", "file:///x"] {
            assert!(of_collector(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_part_of_all_is_between_none_and_all() {
        assert_eq!(["0", "0.25", "1"].map(part), [Some(0.0), Some(0.25), Some(1.0)]);
        assert_eq!(["-0.1", "1.1", "NaN", "half", ""].map(part), [None; 5]);
    }
}
