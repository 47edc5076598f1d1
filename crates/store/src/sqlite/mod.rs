//! The embedded engine: one writer that groups, readers with connections of their own, a checkpointer off the
//! writer's path.

pub(crate) mod connection;
pub(crate) mod schema;

use std::path::Path;

use crate::error::StoreError;
use crate::options::Options;
use crate::tx::Tx;
use crate::unit::Unit;

pub(crate) struct Sqlite;

fn not_yet() -> StoreError {
    StoreError::Unavailable("not yet".into())
}

impl Sqlite {
    pub fn open(_path: &Path, _options: Options) -> Result<Sqlite, StoreError> {
        Err(not_yet())
    }
    pub fn write(&self, _unit: Unit) -> Result<(), StoreError> {
        Err(not_yet())
    }
    pub fn read(&self, _unit: Unit) -> Result<(), StoreError> {
        Err(not_yet())
    }
    pub fn point<T, E: From<StoreError>>(
        &self,
        _name: &'static str,
        _work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        Err(not_yet().into())
    }
    pub fn prepare_all(&self, _texts: &[&'static str]) -> Result<(), StoreError> {
        Err(not_yet())
    }
}
