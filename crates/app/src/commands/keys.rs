//! `ayni keys`: the keys that seal what the database holds, and those that sign access tokens.

use std::path::{Path, PathBuf};

use ayni_crypto::master::{MASTER_KEY_VARIABLE, MasterKey};
use ayni_domain::time::wire;
use ayni_gateway::keys::standing::{DataKey, Needed};
use ayni_gateway::keys::{reseal, standing};
use ayni_gateway::{keys, oauth};
use clap::Subcommand;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};
use crate::told::Told;

/// What is done with keys of the gateway's own.
#[derive(Subcommand)]
pub enum Action {
    /// Make a new data key and let the next signing key sign; nothing that is out stops working
    #[command(after_help = ROTATE_HELP)]
    Rotate,
    /// Show the data keys, and what each of them still seals
    #[command(after_help = LIST_HELP)]
    List,
    /// Seal anew, with the newest data key, what older ones sealed; cut off, the same command goes on
    #[command(after_help = RESEAL_HELP)]
    Reseal,
    /// Take a data key out of the database with which nothing is sealed any more
    #[command(after_help = RETIRE_HELP)]
    Retire {
        /// The key, as `keys list` shows it
        name: String,
    },
    /// Let another master key open this database, and the present one no longer
    #[command(after_help = CHANGE_MASTER_HELP)]
    ChangeMaster {
        /// The new key's file, 64 hexadecimal digits; made with a new random key where it is not there
        #[arg(long, value_name = "FILE")]
        new_key_file: PathBuf,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Rotate => rotate(&config, form).await,
        Action::List => list(&config, form).await,
        Action::Reseal => reseal(&config, form).await,
        Action::Retire { name } => retire(&config, &name, form).await,
        Action::ChangeMaster { new_key_file } => change_master(&config, &new_key_file, form).await,
    }
}

async fn rotate(config: &Config, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let data_key = keys::rotate(&app).await?;
    let signing_key = oauth::keys::rotate(&app).await?;
    let said = json!({
        "data_key": data_key, "seals_in_s": keys::KEY_SETTLES.as_secs(), "signing_key": signing_key,
    });
    output::result(form, &said, || {
        output::line(&format!(
            "The data key {data_key} seals on every node in {} seconds; older ones still open what they sealed.",
            keys::KEY_SETTLES.as_secs()
        ));
        output::line(&format!(
            "The signing key {signing_key} signs from now on; tokens of the one before it still work."
        ));
    })
}

async fn list(config: &Config, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let keys = standing::list(&app).await?;
    let said = json!({ "data_keys": keys.iter().map(told).collect::<Vec<_>>() });
    output::result(form, &said, || {
        let rows: Vec<Vec<String>> = keys
            .iter()
            .map(|key| {
                vec![
                    key.name.clone(),
                    wire(key.created_at),
                    standing_of(key),
                    sealed_of(key),
                ]
            })
            .collect();
        output::table(
            &["KEY", "MADE", "STANDING", "SEALED WITH IT"],
            &rows,
            "No data keys.",
        );
    })
}

async fn reseal(config: &Config, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let done = reseal::reseal(&app, &mut |column, anew| {
        if let Form::Text = form {
            output::note(&format!("{column}: {anew}"));
        }
    })
    .await?;
    let anew: u64 = done.columns.iter().map(|(_, anew)| anew).sum();
    let columns: serde_json::Map<_, _> = done
        .columns
        .iter()
        .map(|(name, anew)| ((*name).to_owned(), json!(anew)))
        .collect();
    let said = json!({ "data_key": done.key, "sealed_anew": columns, "unopened": done.unopened });
    output::result(form, &said, || {
        output::line(&format!("{anew} values are sealed with {} now.", done.key));
    })?;
    match done.unopened.first() {
        None => Ok(()),
        Some(first) => Err(Told::new(
            format!("{} values could not be opened, and were left as they are: {first}", done.unopened.len()),
            "they were changed or damaged: set them anew (`ayni merchant rotate-secret`, `ayni account login`)",
        )
        .into()),
    }
}

async fn retire(config: &Config, name: &str, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    standing::retire(&app, name).await?;
    output::result(form, &json!({ "retired": name }), || {
        output::line(&format!(
            "The data key {name} is gone: nothing that it sealed can be opened with this database."
        ));
    })
}

fn told(key: &DataKey) -> serde_json::Value {
    let sealed: serde_json::Map<_, _> = key
        .sealed
        .iter()
        .map(|(name, count)| ((*name).to_owned(), json!(count)))
        .collect();
    json!({
        "name": key.name, "created_at": wire(key.created_at), "seals": key.seals, "sealed": sealed,
        "links_until": key.links_until.map(wire), "can_be_retired": key.needed.is_none(),
    })
}

fn standing_of(key: &DataKey) -> String {
    let standing = match key.needed {
        _ if key.seals => "seals",
        Some(Needed::Seals) => "will seal",
        Some(Needed::JustReplaced) => "replaced a moment ago",
        Some(Needed::Values | Needed::Links) => "opens",
        None => "can be retired",
    };
    standing.to_owned()
}

fn sealed_of(key: &DataKey) -> String {
    let counted = key.sealed.iter().map(
        |(name, count)| match *count >= standing::COUNT_MAX.unsigned_abs() {
            true => format!("{count}+ {name}"),
            false => format!("{count} {name}"),
        },
    );
    let links = key
        .links_until
        .map(|until| format!("account links until {}", wire(until)));
    let all: Vec<String> = counted.chain(links).collect();
    all.join(", ")
}

/// The new key lies safe in its file before the database knows it: whenever this stops, one of the two files opens it.
async fn change_master(config: &Config, file: &Path, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let master = MasterKey::read_or_create_file(file, &app.entropy)?;
    let count = keys::change_master(&app, &master).await?;
    let said = json!({ "data_keys": count, "new_key_file": file.display().to_string() });
    output::result(form, &said, || {
        output::line(&format!("{count} data keys are sealed with the new master key."));
        output::line(&format!(
            "From now on only the key in {} opens this database: start nodes and commands with it",
            file.display()
        ));
        output::line(&format!(
            "({MASTER_KEY_VARIABLE}, or master.key in the data directory). Running nodes go on until their next start."
        ));
    })
}

const CHANGE_MASTER_HELP: &str = "\
The new key is written to its file first, so that one of the two keys opens the database whenever this
stops. Restart the nodes with the new key before `ayni keys rotate`. Backups made before open with the
old key only: keep it as long as them.

Example:
  ayni keys change-master --new-key-file ayni-data/master.key.new
  mv ayni-data/master.key.new ayni-data/master.key

Exit codes: 0 changed · 1 nothing was changed";

const ROTATE_HELP: &str = "\
Running nodes learn the new data key by themselves. What older keys sealed still opens with them: a minute later `ayni
keys reseal` seals it anew, and `ayni keys retire` ends an old key. The master key stays as it is: `ayni keys
change-master` changes it.

Example:
  ayni keys rotate";

const LIST_HELP: &str = "\
A key can be retired two hours after its successor began to seal, when nothing is sealed with it any more.
Sessions, answers and requests end by themselves within days; account links lie with their holders and are
valid for months. It reads the beginning of every sealed value.

Example:
  ayni keys list";

const RESEAL_HELP: &str = "\
Secrets, bank logins, consents' logins, second factors and signing keys, portion by portion, while the gateway
runs. What ends by itself within days is left. Account links are of no use without the key that sealed them,
and stay.

Example:
  ayni keys rotate && sleep 61 && ayni keys reseal

Exit codes: 0 all of it · 1 the newest key does not seal yet, or values could not be opened";

const RETIRE_HELP: &str = "\
Refused as long as anything is sealed with it, with what that is. Backups have the key they were made with.

Example:
  ayni keys retire seal-1";
