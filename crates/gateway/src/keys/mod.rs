//! The data keys of this database, opened by the operator's master key.
//!
//! Secrets, sessions and stored answers lie sealed in the database, so that any node can open them and a stolen
//! backup can't. The keys that seal them lie there too, sealed by the master key, which never does.

mod sql;

use ayni_crypto::Entropy;
use ayni_crypto::keyring::{Keyring, SealedKey};
use ayni_crypto::master::MasterKey;
use ayni_store::{Db, StoreError};
use jiff::Timestamp;
use thiserror::Error;

/// Why the keys could not be opened.
#[derive(Debug, Error)]
pub enum KeysError {
    /// The database could not be read or written.
    #[error("the data keys could not be read from the database")]
    Store(#[from] StoreError),
    /// The master key is not the one this database was made with, or a key is damaged.
    #[error("the master key does not open this database's keys: start with the key the database was made with")]
    Crypto(#[from] ayni_crypto::CryptoError),
}

/// Opens the database's keyring; on a database without keys makes the first one.
///
/// Two processes that start at once on a new database agree: the first key inserted is the one both open.
pub async fn open(
    db: &Db,
    master: &MasterKey,
    entropy: &Entropy,
    now: Timestamp,
) -> Result<Keyring, KeysError> {
    let mut sealed = load(db).await?;
    if sealed.is_empty() {
        let first = Keyring::first_key(master, entropy)?;
        db.write("keys.create", move |tx| sql::insert_first_key(tx, &first, now)).await?;
        sealed = load(db).await?;
    }
    Ok(Keyring::open(master, &sealed)?)
}

async fn load(db: &Db) -> Result<Vec<SealedKey>, StoreError> {
    db.read("keys.load", sql::select_keys).await
}
