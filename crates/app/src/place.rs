//! Where things are: the database, the master key. Every command finds them here, and all in the same way.

use std::path::PathBuf;

use ayni_crypto::entropy::Entropy;
use ayni_crypto::master::{MASTER_KEY_VARIABLE, MasterKey};
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::location::Location;
use ayni_store::options::Options;

use crate::config::Config;
use crate::config::layers::Source;
use crate::told::Told;

/// The database's location: as set, else the data directory's own file.
pub fn location(config: &Config) -> anyhow::Result<Location> {
    let own = Location::Sqlite(config.file("ayni.db"));
    let Some(text) = &config.values.database else {
        return Ok(own);
    };
    let hint = "write sqlite:path or postgres://user:password@host/name";
    let location: Location = text
        .parse()
        .map_err(|error: StoreError| config.wrong("database", &error.to_string(), hint))?;
    let is_from_dev = config.sources.get("database") == Some(&Source::DevFile);
    match &location {
        // The data directory was moved since dev.json was written.
        Location::Sqlite(path) if is_from_dev && !path.exists() => Ok(own),
        _ => Ok(location),
    }
}

/// The location as other processes can take it, wherever they are started: with an absolute path.
pub fn absolute(location: &Location) -> anyhow::Result<String> {
    Ok(match location {
        Location::Sqlite(path) => format!("sqlite:{}", std::path::absolute(path)?.display()),
        Location::Postgres(url) => url.clone(),
    })
}

/// Opens the database that is there, with this program's schema.
pub fn open_db(config: &Config, options: Options) -> anyhow::Result<Db> {
    let location = location(config)?;
    if let Location::Sqlite(path) = &location
        && !path.exists()
    {
        let hint = "`ayni dev` makes one to try things out, `ayni migrate` one for production\n\
                    if it is elsewhere: --data-dir DIR, or --database sqlite:path";
        return Err(Told::new(format!("there is no database at {}", path.display()), hint).into());
    }
    Db::open(&location, options).map_err(|error| not_opened(&location, error))
}

/// Why a database was not opened, with what to do.
pub fn not_opened(location: &Location, error: StoreError) -> anyhow::Error {
    let hint = match error {
        StoreError::SchemaOlder { .. } => "run `ayni migrate` with the same --data-dir or --database",
        StoreError::Moved => {
            "name the new one with --database, or `database` in ayni.toml; if it was never used, `ayni move --undo`"
        }
        StoreError::SchemaNewer { .. } => "use the version of ayni that migrated it, or a newer one",
        StoreError::Unavailable(_) => "is the server running, and is the URL right?",
        _ => "`ayni doctor` looks closer",
    };
    Told::new(format!("the database {location} could not be opened"), hint)
        .because(error)
        .into()
}

/// The options of a command's short-lived connections, which leave the gateway's share of memory alone.
pub fn small() -> Options {
    Options {
        reader_threads: 1,
        writer_cache_bytes: 1 << 20,
        mmap_bytes: 0,
        postgres_writers: 1,
        postgres_appenders: 1,
        postgres_readers: 1,
        ..Options::default()
    }
}

/// The file of the master key, where the environment holds none.
pub fn master_key_path(config: &Config) -> PathBuf {
    config.file("master.key")
}

/// The master key, if there is one.
pub fn find_master_key(config: &Config) -> anyhow::Result<Option<MasterKey>> {
    let hint = "it is 64 hexadecimal digits, in a file that only its owner may read";
    let wrong = |error| anyhow::Error::from(Told::new("the master key can't be used", hint).because(error));
    if let Some(key) = MasterKey::from_environment().map_err(wrong)? {
        return Ok(Some(key));
    }
    let path = master_key_path(config);
    if path.exists() {
        MasterKey::read_file(&path).map(Some).map_err(wrong)
    } else {
        Ok(None)
    }
}

/// The master key, which must be there.
pub fn master_key(config: &Config) -> anyhow::Result<MasterKey> {
    let path = master_key_path(config);
    find_master_key(config)?.ok_or_else(|| {
        let what = format!(
            "there is no master key: {MASTER_KEY_VARIABLE} is not set and {} is not there",
            path.display()
        );
        let hint = "a new database: `ayni migrate` makes its master key\n\
                    an existing one: copy the key from the node that made it";
        Told::new(what, hint).into()
    })
}

/// The master key, which is made where there is none.
pub fn make_master_key(config: &Config, entropy: &Entropy) -> anyhow::Result<MasterKey> {
    match find_master_key(config)? {
        Some(key) => Ok(key),
        None => Ok(MasterKey::read_or_create_file(&master_key_path(config), entropy)?),
    }
}
