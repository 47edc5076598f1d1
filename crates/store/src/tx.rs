//! What a unit of work sees of the database: three verbs over one text of SQL for both engines.

use crate::error::StoreError;
use crate::postgres::session::Session;
use crate::row::Row;
use crate::sqlite::connection::Connection;
use crate::value::Value;

/// An open transaction. A statement that fails spoils it: whatever the unit of work returns afterwards, none of its
/// rows is kept. To go on after a taken key, use `ON CONFLICT`.
pub struct Tx<'a> {
    engine: EngineTx<'a>,
    failure: Option<StoreError>,
    has_written: bool,
}

enum EngineTx<'a> {
    Sqlite(&'a Connection),
    Postgres(&'a mut Session),
}

impl<'a> Tx<'a> {
    /// Runs a statement that returns no rows; answers how many rows it changed.
    pub fn exec(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let changed = match &mut self.engine {
            EngineTx::Sqlite(connection) => connection.exec(sql, params),
            EngineTx::Postgres(session) => session.exec(sql, params),
        };
        self.has_written |= !matches!(changed, Ok(0));
        self.noted(changed)
    }

    /// The first row that a statement returns, if any.
    pub fn one(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        self.has_written |= !is_query(sql);
        let row = match &mut self.engine {
            EngineTx::Sqlite(connection) => connection.one(sql, params),
            EngineTx::Postgres(session) => session.all(sql, params).map(|rows| rows.into_iter().next()),
        };
        self.noted(row)
    }

    /// Goes on with the first row that a query returns; `None` where it returns none. Outside of a transaction, as in a
    /// point read, what goes on reads from the query's own snapshot where the engine can hold one at no cost.
    pub fn one_then<T, E: From<StoreError>>(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        then: impl FnOnce(&mut Tx<'a>, Row) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        if let EngineTx::Sqlite(connection) = self.engine {
            let held = connection.one_then(sql, params, |row| match self.noted(row)? {
                Some(row) => then(self, row).map(Some),
                None => Ok(None),
            });
            return self.noted(held)?;
        }
        match self.one(sql, params)? {
            Some(row) => then(self, row).map(Some),
            None => Ok(None),
        }
    }

    /// All rows that a statement returns. Its text must limit them.
    pub fn all(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        self.has_written |= !is_query(sql);
        let rows = match &mut self.engine {
            EngineTx::Sqlite(connection) => connection.all(sql, params),
            EngineTx::Postgres(session) => session.all(sql, params),
        };
        self.noted(rows)
    }

    pub(crate) fn sqlite(connection: &'a Connection) -> Tx<'a> {
        Tx {
            engine: EngineTx::Sqlite(connection),
            failure: None,
            has_written: false,
        }
    }

    pub(crate) fn postgres(session: &'a mut Session) -> Tx<'a> {
        Tx {
            engine: EngineTx::Postgres(session),
            failure: None,
            has_written: false,
        }
    }

    /// The first statement's failure, if one failed.
    pub(crate) fn failure(&self) -> Option<&StoreError> {
        self.failure.as_ref()
    }

    /// Whether it may have changed a row.
    pub(crate) fn has_written(&self) -> bool {
        self.has_written
    }

    /// The one dialect difference: the text that locks the rows it selects and passes over locked ones, where the
    /// engine has row locks.
    pub(crate) fn skipping_locked(&self, plain: &'static str, skipping: &'static str) -> &'static str {
        match self.engine {
            EngineTx::Sqlite(_) => plain,
            EngineTx::Postgres(_) => skipping,
        }
    }

    fn noted<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result
            && self.failure.is_none()
        {
            self.failure = Some(error.clone());
        }
        result
    }
}

/// Whether a text can't change rows.
fn is_query(sql: &str) -> bool {
    sql.trim_start()
        .get(..6)
        .is_some_and(|word| word.eq_ignore_ascii_case("select"))
}
