//! All SQL of consents.

use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[SELECT_LOGIN];

pub(super) const SELECT_LOGIN: &str = "\
    SELECT login_sealed FROM consents WHERE id = $1 AND withdrawn_at IS NULL AND expires_at > $2";

pub(super) fn select_login(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
    match tx.one(SELECT_LOGIN, &[id.into(), now.as_millisecond().into()])? {
        Some(row) => row.opt_bytes(0),
        None => Ok(None),
    }
}
