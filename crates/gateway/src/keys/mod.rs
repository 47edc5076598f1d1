//! The data keys of this database, opened by the operator's master key.
//!
//! Secrets, sessions and stored answers lie sealed in the database, so that any node can open them and a stolen
//! backup can't. The keys that seal them lie there too, sealed by the master key, which never does.

mod sql;

use ayni_crypto::entropy::Entropy;
use ayni_crypto::keyring::{KeyRow, Keyring, KeyringError};
use ayni_crypto::master::MasterKey;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use jiff::Timestamp;
use thiserror::Error;

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
    let mut rows = db.read("keys.load", sql::select_keys).await?;
    if rows.is_empty() {
        let (_, fresh) = Keyring::create(master, entropy)?;
        rows = db
            .write("keys.create", move |tx| create_if_absent(tx, &fresh, now))
            .await?;
    }
    Ok(Keyring::unlock(master, &rows, entropy)?)
}

/// Whether the database has data keys already, so that only the master key that it was made with can open it.
pub async fn exist(db: &Db) -> Result<bool, StoreError> {
    Ok(!db.read("keys.exist", sql::select_keys).await?.is_empty())
}

fn create_if_absent(
    tx: &mut ayni_store::tx::Tx<'_>,
    fresh: &[KeyRow],
    now: Timestamp,
) -> Result<Vec<KeyRow>, StoreError> {
    let stored = sql::select_keys(tx)?;
    if !stored.is_empty() {
        return Ok(stored);
    }
    for row in fresh {
        sql::insert_key(tx, row, now)?;
    }
    Ok(fresh.to_vec())
}
