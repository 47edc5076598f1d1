//! One connection.
use crate::error::StoreError;
use crate::row::Row;
use crate::value::Value;

pub(crate) struct Connection;

impl Connection {
    pub fn exec(&self, _sql: &'static str, _params: &[Value<'_>]) -> Result<u64, StoreError> {
        Ok(0)
    }
    pub fn one(&self, _sql: &'static str, _params: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        Ok(None)
    }
    pub fn all(&self, _sql: &'static str, _params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        Ok(vec![])
    }
}
