//! The data keys of this database, opened by the operator's master key.
//!
//! Secrets, sessions and stored answers lie sealed in the database, so that any node can open them and a stolen
//! backup can't. The keys that seal them lie there too, sealed by the master key, which never does.

pub mod reseal;
pub(crate) mod sealed;
mod sql;
pub mod standing;

use ayni_crypto::entropy::Entropy;
use ayni_crypto::keyring::{KeyRow, Keyring, KeyringError};
use ayni_crypto::master::MasterKey;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use self::sealed::SealedColumn;
use crate::app::App;
use crate::{consents, console, http, merchants, oauth, operations, payer, privacy};

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// Why the keys could not be opened.
#[derive(Debug, Error)]
pub enum KeysError {
    /// The database could not be read or written.
    #[error("the data keys could not be read from the database")]
    Store(#[from] StoreError),
    /// The master key is not the one this database was made with, or a key is damaged.
    #[error("start with the master key that this database was made with (AYNI_MASTER_KEY or its key file)")]
    Keyring(#[from] KeyringError),
    /// Another process made a key at the same time.
    #[error("another process changed the data keys at the same time: nothing was changed, do it again")]
    Raced,
    /// The newest key is not known to every node yet.
    #[error("the data key {name} seals in {in_s} seconds: do it then")]
    NotYet {
        /// The key.
        name: String,
        /// When, in seconds.
        in_s: i64,
    },
    /// No such key.
    #[error("there is no data key {0}: `ayni keys list` shows those there are")]
    NoKey(String),
    /// A key that is to be retired is needed.
    #[error("the data key {name} can't be retired: {why}")]
    Needed {
        /// The key.
        name: String,
        /// For what.
        why: String,
    },
}

/// A data key's row, and since when it is there.
#[derive(Clone)]
pub(crate) struct StoredKey {
    row: KeyRow,
    created_at: Timestamp,
}

/// Opens the database's keyring; on a database without keys makes them.
///
/// Two processes that start at once on a new database agree: the unit of work that finds no rows inserts its own.
pub async fn open(
    db: &Db,
    master: &MasterKey,
    entropy: &Entropy,
    now: Timestamp,
) -> Result<Keyring, KeysError> {
    let mut stored = db.read("keys.load", sql::select_keys).await?;
    if stored.is_empty() {
        let (_, fresh) = Keyring::create(master, entropy)?;
        stored = db
            .write("keys.create", move |tx| create_if_absent(tx, &fresh, now))
            .await?;
    }
    let keyring = Keyring::unlock(master, &rows_of(&stored), entropy)?;
    learn(&keyring, master, &stored, now)?;
    Ok(keyring)
}

/// Makes a new key to seal with. Every node learns it within [`KEY_SETTLES`], and only then is anything sealed with it; what
/// older keys sealed, account links among it, opens as before. Returns its name.
pub async fn rotate(app: &App) -> Result<String, KeysError> {
    refresh(app).await?;
    let (row, now) = (app.keyring.new_key(&app.master)?, app.clock.now());
    let name = row.name.clone();
    app.db
        .write("keys.rotate", move |tx| sql::insert_key(tx, &row, now))
        .await?;
    refresh(app).await?;
    Ok(name)
}

/// Seals every data key with another master key, all in one unit of work; returns how many. Running nodes have them open
/// and go on; from then on only the new master key opens this database.
pub async fn change_master(app: &App, master: &MasterKey) -> Result<usize, KeysError> {
    refresh(app).await?;
    let rows = app.keyring.rows(master)?;
    app.db
        .write("keys.change-master", move |tx| {
            if sql::select_keys(tx)?.len() != rows.len() {
                return Err(KeysError::Raced);
            }
            for row in &rows {
                sql::update_sealed(tx, row)?;
            }
            Ok(rows.len())
        })
        .await
}

/// Learns the keys that other processes added.
pub(crate) async fn refresh(app: &App) -> Result<(), KeysError> {
    let stored = app.db.read("keys.refresh", sql::select_keys).await?;
    learn(&app.keyring, &app.master, &stored, app.clock.now())
}

/// Whether the database has data keys already, so that only the master key that it was made with can open it.
pub async fn exist(db: &Db) -> Result<bool, StoreError> {
    Ok(!db.read("keys.exist", sql::select_keys).await?.is_empty())
}

fn learn(
    keyring: &Keyring,
    master: &MasterKey,
    stored: &[StoredKey],
    now: Timestamp,
) -> Result<(), KeysError> {
    let sealing = stored.iter().filter(|key| key.row.name.starts_with(SEALING));
    let settled = |key: &&StoredKey| now.duration_since(key.created_at) >= KEY_SETTLES;
    let newest = sealing.clone().filter(settled).max_by_key(|key| number(key));
    match newest.or_else(|| sealing.min_by_key(|key| number(key))) {
        Some(current) => Ok(keyring.learn(master, &rows_of(stored), &current.row.name)?),
        None => Ok(()),
    }
}

/// The number in a sealing key's name.
fn number(key: &StoredKey) -> u16 {
    let number = key.row.name.strip_prefix(SEALING);
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// Every column of sealed values.
fn columns() -> impl Iterator<Item = &'static SealedColumn> {
    COLUMNS.iter().copied().flatten()
}

fn rows_of(stored: &[StoredKey]) -> Vec<KeyRow> {
    stored.iter().map(|key| key.row.clone()).collect()
}

fn create_if_absent(tx: &mut Tx<'_>, fresh: &[KeyRow], now: Timestamp) -> Result<Vec<StoredKey>, StoreError> {
    let stored = sql::select_keys(tx)?;
    if !stored.is_empty() {
        return Ok(stored);
    }
    for row in fresh {
        sql::insert_key(tx, row, now)?;
    }
    let made = |row: &KeyRow| StoredKey {
        row: row.clone(),
        created_at: now,
    };
    Ok(fresh.iter().map(made).collect())
}

/// How long a new key is known before anything is sealed with it: several rounds of every node's housekeeping.
pub const KEY_SETTLES: SignedDuration = SignedDuration::from_secs(60);
const SEALING: &str = "seal-";

const COLUMNS: [&[SealedColumn]; 8] = [
    merchants::sealed::SEALED,
    consents::SEALED,
    console::seat::SEALED,
    oauth::SEALED,
    operations::SEALED,
    payer::SEALED,
    privacy::SEALED,
    http::idempotent::SEALED,
];

#[cfg(test)]
mod tests;
