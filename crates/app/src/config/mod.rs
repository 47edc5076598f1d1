//! Configuration: flags, then environment `AYNI_*`, then one TOML file, then `dev.json`, then defaults.
//!
//! The TOML file is `--config`, or `ayni.toml` in the data directory where there is one. `ayni config` prints what is
//! in force and where each value came from.

pub mod layers;
pub mod traces;
pub mod values;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use self::layers::Source;
use self::values::{LogForm, Tuning, Values};
use crate::cli::Common;
use crate::dev_file::DevFile;
use crate::told::Told;

/// What is in force for one command.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data directory.
    pub data_dir: PathBuf,
    /// Whether it was named.
    pub is_data_dir_given: bool,
    /// Every value that some layer set; what is `None` has no default.
    pub values: Values,
    /// Where each of them came from.
    pub sources: BTreeMap<String, Source>,
    /// What `ayni dev` wrote into the data directory.
    pub dev_file: Option<DevFile>,
}

/// Which defaults hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Production.
    Serve,
    /// A developer's machine.
    Dev,
}

impl Config {
    /// The settings of a command without flags of its own; in a directory of `ayni dev`, as `dev` has them.
    pub fn of(common: &Common) -> anyhow::Result<Config> {
        Config::with(common, Values::default(), None)
    }

    /// The settings of a command with these flags.
    pub fn with(common: &Common, flags: Values, profile: Option<Profile>) -> anyhow::Result<Config> {
        let data_dir = common.data_dir.clone().unwrap_or_else(|| PathBuf::from(DATA_DIR));
        let dev_file = DevFile::read(&data_dir)?;
        let profile = profile.unwrap_or(if dev_file.is_some() {
            Profile::Dev
        } else {
            Profile::Serve
        });
        let flags = Values {
            database: common.database.clone().or(flags.database),
            ..flags
        };
        let defaults = layers::set(&defaults(profile, &data_dir));
        let mut merged = Merged::default();
        merged.take(layers::set(&flags), |_| Source::Flag);
        merged.take(layers::environment()?, |key| {
            Source::Environment(layers::variable(key))
        });
        if let Some(path) = toml_path(common, &data_dir) {
            merged.take(layers::file(&path)?, |_| Source::File(path.clone()));
        }
        if let Some(dev) = dev_file.as_ref().filter(|_| profile == Profile::Dev) {
            merged.take(layers::set(&dev.values()), |_| Source::DevFile);
        }
        merged.take(defaults, |_| Source::Default);
        let values = serde_json::from_value(Value::Object(merged.values))?;
        let is_data_dir_given = common.data_dir.is_some();
        Ok(Config {
            data_dir,
            is_data_dir_given,
            values,
            sources: merged.sources,
            dev_file,
        })
    }

    /// The path of a file in the data directory.
    pub fn file(&self, name: &str) -> PathBuf {
        self.data_dir.join(name)
    }

    /// An error about a setting, naming where its value came from.
    pub fn wrong(&self, key: &str, problem: &str, hint: &str) -> Told {
        let source = self.sources.get(key).cloned().unwrap_or(Source::Default);
        Told::new(format!("the setting {key} ({source}) {problem}"), hint)
    }

    /// Makes the data directory, for its owner only.
    pub fn make_data_dir(&self) -> anyhow::Result<()> {
        use std::os::unix::fs::DirBuilderExt as _;
        let made = std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.data_dir);
        made.map_err(|error| {
            let what = format!("the data directory {} could not be made", self.data_dir.display());
            Told::new(what, "name another one with --data-dir")
                .because(error)
                .into()
        })
    }
}

#[derive(Default)]
struct Merged {
    values: Map<String, Value>,
    sources: BTreeMap<String, Source>,
}

impl Merged {
    /// Takes what no earlier layer has set.
    fn take(&mut self, layer: Map<String, Value>, source: impl Fn(&str) -> Source) {
        for (key, value) in layer {
            if !self.values.contains_key(&key) {
                self.sources.insert(key.clone(), source(&key));
                self.values.insert(key, value);
            }
        }
    }
}

fn toml_path(common: &Common, data_dir: &Path) -> Option<PathBuf> {
    let usual = data_dir.join("ayni.toml");
    common.config.clone().or_else(|| usual.exists().then_some(usual))
}

fn defaults(profile: Profile, data_dir: &Path) -> Values {
    let is_dev = profile == Profile::Dev;
    let loopback = ["127.0.0.0/8", "::1/128"].map(str::to_owned).to_vec();
    let tuning = Tuning {
        outbound_allow: Some(if is_dev { loopback } else { Vec::new() }),
        rate_limit_per_s: Some(if is_dev { 10_000 } else { 200 }),
        body_limit_bytes: Some(2 * 1024 * 1024),
        verifying_hours: Some(48),
        order_life_s: Some(48 * 3600),
        statement_pause_s: Some(if is_dev { 5 } else { 30 }),
        uf_value: Some("39500".to_owned()),
        app_url_scheme: Some("khipu".to_owned()),
        deliveries_per_destination: Some(8),
        deliveries: Some(64),
        mail_dir: is_dev.then(|| data_dir.join("mails")),
        operation_budget_s: Some(50),
        operation_minutes: Some(15),
        log_form: Some(LogForm::Text),
        log: Some("info".to_owned()),
        ..Tuning::default()
    };
    let mut values = Values {
        tuning,
        ..Values::default()
    };
    values.edge.listen = (!is_dev).then(|| ([127, 0, 0, 1], 8080).into());
    values.edge.metrics_listen = (!is_dev).then(|| ([127, 0, 0, 1], METRICS_PORT).into());
    values
}

const DATA_DIR: &str = "ayni-data";
/// Where exporters of OpenTelemetry serve theirs; 9090 is Prometheus itself.
const METRICS_PORT: u16 = 9464;
