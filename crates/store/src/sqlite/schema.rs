//! The schema in an SQLite file.
use std::path::Path;

use crate::error::StoreError;
use crate::migrate::Migrated;

pub(crate) fn migrate(_path: &Path, _now_ms: i64) -> Result<Migrated, StoreError> {
    Err(StoreError::Unavailable("not yet".into()))
}
