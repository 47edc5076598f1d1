//! Reading a layer: each gives some keys, and says which key of which source is wrong.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::values::Values;
use crate::told::Told;

/// Where a setting's value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The environment variable of this name.
    Environment(String),
    /// This TOML file.
    File(PathBuf),
    /// `dev.json` of the data directory, written by `ayni dev`.
    DevFile,
    /// Nobody set it.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Flag => f.write_str("flag"),
            Source::Environment(name) => f.write_str(name),
            Source::File(path) => write!(f, "{}", path.display()),
            Source::DevFile => f.write_str("dev.json"),
            Source::Default => f.write_str("default"),
        }
    }
}

/// The keys of all settings, sorted.
pub fn keys() -> Vec<String> {
    let mut keys: Vec<String> = set_or_not(&Values::default()).keys().cloned().collect();
    keys.sort();
    keys
}

/// The values that are set, by key.
pub fn set(values: &Values) -> Map<String, Value> {
    let mut map = set_or_not(values);
    map.retain(|_, value| !value.is_null());
    map
}

/// The layer of a TOML file.
pub fn file(path: &Path) -> anyhow::Result<Map<String, Value>> {
    let shown = path.display();
    let hint = "`ayni config` shows what is in force and from where";
    let text = std::fs::read_to_string(path).map_err(|error| {
        Told::new(format!("{shown} could not be read"), "name a file that is there").because(error)
    })?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        Told::new(format!("{shown} is no TOML"), "mend the line that is named").because(error)
    })?;
    let mut map = Map::new();
    for (key, value) in table {
        if !keys().contains(&key) {
            let known = format!("the keys are: {}", keys().join(", "));
            return Err(Told::new(format!("{shown}: unknown key «{key}»"), known).into());
        }
        let value = serde_json::to_value(value)?;
        typed(&key, &value).map_err(|error| Told::new(format!("{shown}: «{key}» {error}"), hint))?;
        map.insert(key, value);
    }
    Ok(map)
}

/// The layer of the environment: `AYNI_` and the key in upper case.
pub fn environment() -> anyhow::Result<Map<String, Value>> {
    let mut map = Map::new();
    for key in keys() {
        let name = variable(&key);
        let Some(text) = std::env::var_os(&name).filter(|text| !text.is_empty()) else {
            continue;
        };
        let Some(text) = text.to_str() else {
            return Err(Told::new(format!("{name} is not UTF-8"), "set it anew").into());
        };
        let value = read_as(&key, text).map_err(|error| {
            Told::new(
                format!("{name} {error}"),
                "set it anew, or unset it for the default",
            )
        })?;
        map.insert(key, value);
    }
    Ok(map)
}

/// The environment variable of a key.
pub fn variable(key: &str) -> String {
    format!("AYNI_{}", key.to_uppercase())
}

/// A variable's text as the key's own type has it: text, number, truth or list.
fn read_as(key: &str, text: &str) -> Result<Value, String> {
    let list = text
        .split(',')
        .map(|part| Value::from(part.trim()))
        .collect::<Vec<_>>();
    let plain = Value::from(text);
    let readings = [
        Some(plain.clone()),
        serde_json::from_str(text).ok(),
        Some(Value::from(list)),
    ];
    let fitting = readings
        .into_iter()
        .flatten()
        .find(|value| typed(key, value).is_ok());
    match fitting {
        Some(value) => Ok(value),
        None => Err(typed(key, &plain).err().unwrap_or_default()),
    }
}

fn typed(key: &str, value: &Value) -> Result<(), String> {
    let one = Map::from_iter([(key.to_owned(), value.clone())]);
    let read = serde_json::from_value::<Values>(Value::Object(one));
    read.map(drop).map_err(|error| said(&error.to_string()))
}

/// The reader's own words where they are clear, ours where they name Rust's types.
fn said(error: &str) -> String {
    match error.rsplit_once("expected ").map(|(_, expected)| expected) {
        Some("u32" | "u64" | "usize") => "must be a whole number".to_owned(),
        Some("f64") => "must be a number".to_owned(),
        Some("a boolean") => "must be true or false".to_owned(),
        Some("a sequence") => "must be a list".to_owned(),
        Some(expected @ "a string") => format!("must be {expected}"),
        _ => format!("is wrong: {error}"),
    }
}

fn set_or_not(values: &Values) -> Map<String, Value> {
    match serde_json::to_value(values) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_read_as_its_keys_own_type() {
        assert_eq!(read_as("rate_limit_per_s", "50"), Ok(Value::from(50)));
        assert_eq!(read_as("log", "50"), Ok(Value::from("50")));
        assert_eq!(read_as("insecure_public_url", "true"), Ok(Value::from(true)));
        let list = Value::from(vec!["10.0.0.0/8", "::1/128"]);
        assert_eq!(read_as("outbound_allow", "10.0.0.0/8, ::1/128"), Ok(list));
        assert!(read_as("rate_limit_per_s", "many").is_err());
    }

    #[test]
    fn every_setting_is_a_key() {
        let keys = keys();
        assert!(
            ["database", "listen", "log", "public_url", "uf_value"]
                .iter()
                .all(|key| keys.contains(&(*key).into()))
        );
    }
}
