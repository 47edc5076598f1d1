//! All SQL of the data keys.

use ayni_crypto::keyring::SealedKey;
use ayni_store::{StoreError, Tx};
use jiff::Timestamp;

pub(super) const SELECT_KEYS: &str = "SELECT name, sealed FROM data_keys ORDER BY created_at, name";

pub(super) fn select_keys(tx: &mut Tx<'_>) -> Result<Vec<SealedKey>, StoreError> {
    tx.all(SELECT_KEYS, &[])?
        .iter()
        .map(|row| Ok(SealedKey { name: row.text(0)?, sealed: row.bytes(1)? }))
        .collect()
}

pub(super) const INSERT_FIRST_KEY: &str = "\
    INSERT INTO data_keys (name, sealed, created_at) \
    SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM data_keys)";

pub(super) fn insert_first_key(tx: &mut Tx<'_>, key: &SealedKey, now: Timestamp) -> Result<(), StoreError> {
    let at_ms = now.as_millisecond();
    tx.exec(INSERT_FIRST_KEY, &[key.name.as_str().into(), key.sealed.as_slice().into(), at_ms.into()])?;
    Ok(())
}
