//! `ayni config`: what is in force, and where each value came from. Secrets are not shown.

use ayni_crypto::master::MASTER_KEY_VARIABLE;
use serde_json::{Map, Value, json};

use crate::cli::Common;
use crate::config::layers::{self, Source};
use crate::config::values::{Edge, Tuning, Values};
use crate::config::{Config, Profile};
use crate::output::{self, Form};
use crate::{mail, place};

/// What `ayni config` takes: the flags of dev and serve, to see what they would do.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// As `serve` would have it, in a directory of `dev` too
    #[arg(long)]
    serve: bool,
    #[command(flatten)]
    edge: Edge,
    #[command(flatten)]
    tuning: Tuning,
}

/// Prints it.
pub fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let flags = Values {
        edge: args.edge,
        tuning: args.tuning,
        ..Values::default()
    };
    let config = Config::with(common, flags, args.serve.then_some(Profile::Serve))?;
    let values = shown_values(&config)?;
    let described = values.iter().map(|(key, value)| {
        (
            key.clone(),
            json!({ "value": value, "source": source(&config, key) }),
        )
    });
    let said: Map<String, Value> = described.collect();
    output::result(Form::of(common.json), &said, || {
        let row = |(key, value): (&String, &Value)| {
            let text = match value {
                Value::Null => "–".to_owned(),
                Value::String(text) => text.clone(),
                Value::Array(parts) if parts.is_empty() => "none".to_owned(),
                Value::Array(parts) => parts
                    .iter()
                    .filter_map(Value::as_str)
                    .collect::<Vec<_>>()
                    .join(","),
                other => other.to_string(),
            };
            vec![key.clone(), text, source(&config, key)]
        };
        output::table(
            &["SETTING", "VALUE", "FROM"],
            &values.iter().map(row).collect::<Vec<_>>(),
            "",
        );
    })
}

/// Every key with its value; the database without its password, the master key as where it is.
fn shown_values(config: &Config) -> anyhow::Result<Map<String, Value>> {
    let set = layers::set(&config.values);
    let mut values = Map::new();
    values.insert(
        "data_dir".into(),
        Value::from(config.data_dir.display().to_string()),
    );
    for key in layers::keys() {
        let value = match (key.as_str(), set.get(&key).cloned()) {
            ("smtp", Some(Value::String(text))) => Value::from(mail::redacted(&text)),
            (_, value) => value.unwrap_or(Value::Null),
        };
        values.insert(key, value);
    }
    let database = place::location(config)?.to_string();
    values.insert("database".into(), Value::from(database));
    values.insert("master_key".into(), Value::from(master_key(config)));
    values.insert("smtp_password".into(), Value::from(smtp_password(config)));
    Ok(values)
}

fn master_key(config: &Config) -> String {
    let path = place::master_key_path(config);
    match is_set(MASTER_KEY_VARIABLE) {
        true => "set, not shown".to_owned(),
        false if path.exists() => format!("in {}, not shown", path.display()),
        false => "not there".to_owned(),
    }
}

fn smtp_password(config: &Config) -> String {
    match (
        is_set(mail::PASSWORD_VARIABLE),
        &config.values.tuning.smtp_password_file,
    ) {
        (true, _) => "set, not shown".to_owned(),
        (false, Some(path)) => format!("in {}, not shown", path.display()),
        (false, None) => "not there".to_owned(),
    }
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|text| !text.is_empty())
}

fn source(config: &Config, key: &str) -> String {
    match key {
        "master_key" if std::env::var_os(MASTER_KEY_VARIABLE).is_some() => MASTER_KEY_VARIABLE.to_owned(),
        "master_key" => "data directory".to_owned(),
        "smtp_password" if is_set(mail::PASSWORD_VARIABLE) => mail::PASSWORD_VARIABLE.to_owned(),
        "data_dir" if config.is_data_dir_given => "--data-dir or AYNI_DATA_DIR".to_owned(),
        _ => config.sources.get(key).unwrap_or(&Source::Default).to_string(),
    }
}

const AFTER_HELP: &str = "\
Each setting is a flag, an environment variable and a key of the TOML file: --public-url,
AYNI_PUBLIC_URL, public_url. Flags win over the environment, that over the file, that over
dev.json, that over defaults. An unknown key in the file is an error.

Examples:
  ayni config
  ayni config --data-dir /var/lib/ayni --json | jq -r .public_url.value
  AYNI_LOG=debug ayni config";
