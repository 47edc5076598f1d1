//! All SQL of the data keys.

use ayni_crypto::keyring::KeyRow;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::StoredKey;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[SELECT_KEYS, INSERT_KEY, UPDATE_SEALED, DELETE_KEY];

pub(super) const SELECT_KEYS: &str =
    "SELECT name, sealed, created_at FROM data_keys ORDER BY created_at, name";

pub(super) fn select_keys(tx: &mut Tx<'_>) -> Result<Vec<StoredKey>, StoreError> {
    tx.all(SELECT_KEYS, &[])?
        .iter()
        .map(|row| {
            Ok(StoredKey {
                row: KeyRow {
                    name: row.text(0)?,
                    sealed: row.bytes(1)?,
                },
                created_at: time::from_ms(row.int(2)?),
            })
        })
        .collect()
}

pub(super) const INSERT_KEY: &str = "INSERT INTO data_keys (name, sealed, created_at) VALUES ($1, $2, $3)";

pub(super) fn insert_key(tx: &mut Tx<'_>, key: &KeyRow, now: Timestamp) -> Result<(), StoreError> {
    let at_ms = now.as_millisecond();
    tx.exec(
        INSERT_KEY,
        &[
            key.name.as_str().into(),
            key.sealed.as_slice().into(),
            at_ms.into(),
        ],
    )?;
    Ok(())
}

pub(super) const UPDATE_SEALED: &str = "UPDATE data_keys SET sealed = $2 WHERE name = $1";

pub(super) fn update_sealed(tx: &mut Tx<'_>, key: &KeyRow) -> Result<u64, StoreError> {
    tx.exec(
        UPDATE_SEALED,
        &[key.name.as_str().into(), key.sealed.as_slice().into()],
    )
}

pub(super) const DELETE_KEY: &str = "DELETE FROM data_keys WHERE name = $1";

pub(super) fn delete_key(tx: &mut Tx<'_>, name: &str) -> Result<u64, StoreError> {
    tx.exec(DELETE_KEY, &[name.into()])
}
