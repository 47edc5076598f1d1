//! The embedded engine: one writer that groups, readers with sessions of their own, a checkpointer off the
//! writer's path.

pub(crate) mod session;
pub(crate) mod schema;


use crate::error::StoreError;
use crate::options::Options;
use crate::unit::Unit;

pub(crate) struct Postgres;

fn not_yet() -> StoreError {
    StoreError::Unavailable("not yet".into())
}

impl Postgres {
    pub fn open(_url: &str, _options: Options) -> Result<Postgres, StoreError> {
        Err(not_yet())
    }
    pub fn write(&self, _unit: Unit) -> Result<(), StoreError> {
        Err(not_yet())
    }
    pub fn read(&self, _unit: Unit) -> Result<(), StoreError> {
        Err(not_yet())
    }
    pub fn point(&self, _unit: Unit) -> Result<(), StoreError> {
        Err(not_yet())
    }
    pub fn append(&self, _unit: Unit) -> Result<(), StoreError> {
        Err(not_yet())
    }
    pub fn prepare_all(&self, _texts: &[&'static str]) -> Result<(), StoreError> {
        Err(not_yet())
    }
}
