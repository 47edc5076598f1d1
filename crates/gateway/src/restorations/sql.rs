//! All SQL of restorations.

use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::Restoration;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[INSERT_RESTORATION, SELECT_LATEST, RELEASE_RESTORATIONS];

const INSERT_RESTORATION: &str =
    "INSERT INTO restorations (restored_at) VALUES ($1) ON CONFLICT (restored_at) DO NOTHING";

pub(super) fn insert_restoration(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(INSERT_RESTORATION, &[now.as_millisecond().into()])?;
    Ok(())
}

const SELECT_LATEST: &str =
    "SELECT restored_at, released_at FROM restorations ORDER BY restored_at DESC LIMIT 1";

pub(super) fn select_latest(tx: &mut Tx<'_>) -> Result<Option<Restoration>, StoreError> {
    let Some(row) = tx.one(SELECT_LATEST, &[])? else {
        return Ok(None);
    };
    Ok(Some(Restoration {
        restored_at: from_ms(row.int(0)?),
        released_at: row.opt_int(1)?.map(from_ms),
    }))
}

const RELEASE_RESTORATIONS: &str = "UPDATE restorations SET released_at = $1 WHERE released_at IS NULL";

pub(super) fn release(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(RELEASE_RESTORATIONS, &[now.as_millisecond().into()])?;
    Ok(())
}
