//! `ayni migrate`: prepares a database. On a new one it makes the master key too, and says so: the one moment at
//! which a key may be made without locking anybody out.

use ayni_crypto::entropy::Entropy;
use ayni_crypto::master::MASTER_KEY_VARIABLE;
use ayni_gateway::clock::Clock;
use ayni_gateway::keys;
use ayni_store::db::Db;
use ayni_store::location::Location;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::{gateway, place};

/// What `ayni migrate` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {}

/// Migrates, and makes the keys of a new database.
pub async fn run(common: &Common, _args: &Args) -> anyhow::Result<()> {
    let config = Config::of(common)?;
    let location = place::location(&config)?;
    if let Location::Sqlite(path) = &location
        && path.starts_with(&config.data_dir)
    {
        config.make_data_dir()?;
    }
    let migrated =
        Db::migrate(&location, Clock::System.now()).map_err(|error| place::not_opened(&location, error))?;
    let key = first_key(&config).await?;
    let said = json!({
        "database": location.to_string(), "from": migrated.from, "to": migrated.to,
        "applied": migrated.applied, "master_key": key.word(),
    });
    output::result(Form::of(common.json), &said, || {
        match migrated.applied.as_slice() {
            [] => output::line(&format!("{location} has schema {}: nothing to do.", migrated.to)),
            steps => {
                let (from, to) = (migrated.from, migrated.to);
                output::line(&format!(
                    "{location}: schema {from} → {to} ({}).",
                    steps.join(", ")
                ));
            }
        }
        key.tell(&config);
    })
}

/// What became of the master key.
enum Key {
    Made,
    Fits,
    Missing,
}

/// On a database without data keys makes them, and the master key where none is given; else tries the one there is.
async fn first_key(config: &Config) -> anyhow::Result<Key> {
    let db = place::open_db(config, place::small())?;
    let given = place::find_master_key(config)?;
    let key = match (given.is_some(), keys::exist(&db).await?) {
        (false, true) => return Ok(Key::Missing),
        (false, false) => Key::Made,
        (true, _) => Key::Fits,
    };
    config.make_data_dir()?;
    let master = place::make_master_key(config, &Entropy::system())?;
    gateway::open(config, db, master, None).await?;
    Ok(key)
}

impl Key {
    fn word(&self) -> &'static str {
        match self {
            Key::Made => "made",
            Key::Fits => "fits",
            Key::Missing => "missing",
        }
    }

    fn tell(&self, config: &Config) {
        let path = place::master_key_path(config);
        match self {
            Key::Made => output::line(&format!(
                "A new master key is in {}. Keep a copy apart from the database's backups:\nwithout it nobody opens \
                 what is sealed there. Other nodes need the same key, as that file or in {MASTER_KEY_VARIABLE}.",
                path.display()
            )),
            Key::Fits => output::line("The master key opens it."),
            Key::Missing => output::line(&format!(
                "Its master key is not here: copy it to {}, or set {MASTER_KEY_VARIABLE}, before `ayni serve`.",
                path.display()
            )),
        }
    }
}

const AFTER_HELP: &str = "\
Safe to run again, and on several nodes at once. A database that a newer ayni
migrated is refused. A master key is made only for a database that has no keys yet.

Examples:
  ayni migrate --data-dir /var/lib/ayni
  ayni migrate --database postgres://ayni@db.internal/ayni?sslmode=verify-full";
