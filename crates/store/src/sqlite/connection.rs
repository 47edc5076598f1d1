//! One connection of the embedded engine, with its prepared statements. Nothing but this file binds and reads SQLite's
//! values.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, OpenFlags};

use crate::error::StoreError;
use crate::row::Row;
use crate::sqlite::failure::failure;
use crate::value::Value;

/// Statements that a connection keeps prepared; the program has fewer.
const STATEMENTS_LIMIT: usize = 512;

pub(crate) struct Connection {
    inner: rusqlite::Connection,
    /// SQLite's spelling of each text, by the text's address.
    spellings: RefCell<HashMap<(usize, usize), String>>,
}

impl Connection {
    /// Opens a file that is there, or makes one if `creating`.
    pub fn open(path: &Path, creating: bool, busy_timeout: Duration) -> Result<Connection, StoreError> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if creating {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let inner = rusqlite::Connection::open_with_flags(path, flags).map_err(failure)?;
        inner.busy_timeout(busy_timeout).map_err(failure)?;
        inner.set_prepared_statement_cache_capacity(STATEMENTS_LIMIT);
        // FULL: a commit has reached the disk when it returns. No checkpoint on the committing thread.
        inner
            .execute_batch(
                "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY",
            )
            .map_err(failure)?;
        // Plans don't depend on what is bound; without it, binding anew prepares joins anew at every use.
        inner
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(failure)?;
        Ok(Connection {
            inner,
            spellings: RefCell::default(),
        })
    }

    pub fn exec(&self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let mut statement = self.bound(sql, params)?;
        let changed = statement.raw_execute().map_err(failure)?;
        Ok(changed as u64)
    }

    pub fn one(&self, sql: &'static str, params: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        self.one_then(sql, params, |row| row)?
    }

    /// Goes on with the row while the statement, and so its snapshot, is held.
    pub fn one_then<T>(
        &self,
        sql: &'static str,
        params: &[Value<'_>],
        then: impl FnOnce(Result<Option<Row>, StoreError>) -> T,
    ) -> Result<T, StoreError> {
        let mut statement = self.bound(sql, params)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let row = rows.next().map_err(failure)?;
        Ok(then(row.map(|row| read(row, columns)).transpose()))
    }

    pub fn all(&self, sql: &'static str, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.bound(sql, params)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(failure)? {
            found.push(read(row, columns)?);
        }
        Ok(found)
    }

    /// The rows of a query whose text was made for one table.
    pub fn made_all(&self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.bound_text(&numbered(sql), params)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(failure)? {
            found.push(read(row, columns)?);
        }
        Ok(found)
    }

    /// Runs a statement whose text was made for one table, in SQLite's own spelling.
    pub fn made_exec(&self, text: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let mut statement = self.bound_text(text, params)?;
        Ok(statement.raw_execute().map_err(failure)? as u64)
    }

    /// Runs a text of the store's own: BEGIN, COMMIT, a pragma.
    pub fn command(&self, sql: &'static str) -> Result<(), StoreError> {
        self.inner
            .prepare_cached(sql)
            .and_then(|mut statement| statement.raw_execute())
            .map_err(failure)?;
        Ok(())
    }

    /// Runs a text of several statements, or a pragma that answers.
    pub fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.inner.execute_batch(sql).map_err(failure)
    }

    /// Checks that a text is a statement over this schema.
    pub fn prepare(&self, sql: &'static str) -> Result<(), StoreError> {
        self.inner.prepare(&numbered(sql)).map(|_| ()).map_err(failure)
    }

    /// Ends an open transaction, if the engine has not ended it already.
    pub fn roll_back(&self) {
        if !self.inner.is_autocommit()
            && let Err(error) = self.command("ROLLBACK")
        {
            tracing::error!(%error, "a transaction can't be rolled back");
        }
    }

    /// Whether a transaction is open.
    pub fn is_in_transaction(&self) -> bool {
        !self.inner.is_autocommit()
    }

    /// Rows changed since the connection was opened, those rolled back included.
    pub fn total_changes(&self) -> u64 {
        self.inner.total_changes()
    }

    /// Calls back after each commit with the number of pages in the write-ahead log.
    pub fn on_commit(&mut self, mut hook: impl FnMut(u64) + Send + 'static) -> Result<(), StoreError> {
        let hook = move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
            hook(u64::try_from(pages).unwrap_or(0));
            Ok(())
        };
        self.inner.wal_hook(Some(hook)).map_err(failure)
    }

    fn bound(&self, sql: &'static str, params: &[Value<'_>]) -> Result<CachedStatement<'_>, StoreError> {
        let mut spellings = self.spellings.borrow_mut();
        let address = (sql.as_ptr() as usize, sql.len());
        let text = spellings.entry(address).or_insert_with(|| numbered(sql));
        self.bound_text(text, params)
    }

    /// Binds a text in SQLite's own spelling.
    fn bound_text(&self, text: &str, params: &[Value<'_>]) -> Result<CachedStatement<'_>, StoreError> {
        let mut statement = self.inner.prepare_cached(text).map_err(failure)?;
        if statement.parameter_count() != params.len() {
            let problem = format!("{} parameters for {}", params.len(), statement.parameter_count());
            return Err(StoreError::Statement {
                code: "parameters".into(),
                problem,
            });
        }
        for (index, value) in params.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, value).map_err(failure)?;
        }
        Ok(statement)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Value::Null => ValueRef::Null,
            Value::Int(value) => ValueRef::Integer(value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

fn read(row: &rusqlite::Row<'_>, columns: usize) -> Result<Row, StoreError> {
    let mut read = Row::with_room_for(columns);
    for column in 0..columns {
        match row.get_ref(column).map_err(failure)? {
            ValueRef::Null => read.add_null(),
            ValueRef::Integer(value) => read.add_int(value),
            ValueRef::Text(value) => read.add_text(&String::from_utf8_lossy(value)),
            ValueRef::Blob(value) => read.add_bytes(value),
            ValueRef::Real(_) => {
                return Err(StoreError::Column {
                    column,
                    problem: "is a floating-point number",
                });
            }
        }
    }
    Ok(read)
}

/// `$1` as SQLite spells it, `?1`: it takes `$1` for a name, numbered by its first appearance.
fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut quoted = false;
    let mut rest = sql.chars().peekable();
    while let Some(letter) = rest.next() {
        quoted ^= letter == '\'';
        let is_parameter = letter == '$' && !quoted && rest.peek().is_some_and(char::is_ascii_digit);
        text.push(if is_parameter { '?' } else { letter });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_and_quoted_dollars_left_alone() {
        assert_eq!(
            numbered("a = $2 AND b = $1 AND c = '$3'"),
            "a = ?2 AND b = ?1 AND c = '$3'"
        );
    }

    #[test]
    fn parameters_go_where_their_numbers_say() {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(&folder.path().join("db"), true, Duration::ZERO).unwrap();
        let row = connection
            .one("SELECT $2, $1, $2", &["a".into(), "b".into()])
            .unwrap()
            .unwrap();
        assert_eq!(
            (row.str(0).unwrap(), row.str(1).unwrap(), row.str(2).unwrap()),
            ("b", "a", "b")
        );
        assert!(connection.one("SELECT $1", &[]).is_err());
    }

    #[test]
    fn a_statement_stays_prepared_whatever_is_bound() {
        let folder = tempfile::TempDir::new().unwrap();
        let connection = Connection::open(&folder.path().join("a.db"), true, Duration::ZERO).unwrap();
        connection
            .batch("CREATE TABLE a (id BIGINT PRIMARY KEY); CREATE TABLE k (hash BYTEA PRIMARY KEY, a_id BIGINT)")
            .unwrap();
        let sql = "SELECT a.id FROM k JOIN a ON a.id = k.a_id WHERE k.hash = $1";
        for byte in 0..3_u8 {
            connection.one(sql, &[(&[byte]).into()]).unwrap();
        }
        let statement = connection.bound(sql, &[(&[9_u8]).into()]).unwrap();
        assert_eq!(statement.get_status(rusqlite::StatementStatus::RePrepare), 0);
    }
}
