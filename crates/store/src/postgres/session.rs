//! One connection with its prepared statements. Nothing but this file binds and reads PostgreSQL's values.

use std::collections::HashMap;
use std::error::Error;
use std::io::Write as _;

use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Statement};

use crate::error::StoreError;
use crate::postgres::failure::failure;
use crate::row::Row;
use crate::value::Value;

pub(crate) struct Session {
    client: Client,
    /// By the text's address.
    statements: HashMap<(usize, usize), Statement>,
}

impl Session {
    pub fn new(client: Client) -> Session {
        Session {
            client,
            statements: HashMap::new(),
        }
    }

    pub fn exec(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        check_count(&statement, params)?;
        self.client
            .execute(&statement, &borrowed(params))
            .map_err(|error| failure(&error))
    }

    pub fn all(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql)?;
        check_count(&statement, params)?;
        let rows = self
            .client
            .query(&statement, &borrowed(params))
            .map_err(|error| failure(&error))?;
        rows.iter().map(read).collect()
    }

    /// The rows of a query whose text was made for one table.
    pub fn made_all(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let rows = self
            .client
            .query(sql, &borrowed(params))
            .map_err(|error| failure(&error))?;
        rows.iter().map(read).collect()
    }

    /// Sends lines to a `COPY … FROM STDIN`; answers how many rows it took.
    pub fn copy_in(&mut self, sql: &str, lines: &[u8]) -> Result<u64, StoreError> {
        let lost = |error: std::io::Error| StoreError::Unavailable(error.to_string());
        let mut writer = self.client.copy_in(sql).map_err(|error| failure(&error))?;
        writer.write_all(lines).map_err(lost)?;
        writer.finish().map_err(|error| failure(&error))
    }

    /// Runs a text without parameters, of one or several statements.
    pub fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.batch_execute(sql).map_err(|error| failure(&error))
    }

    /// Checks that a text is a statement over this schema, and that its columns can be read.
    pub fn prepare(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let statement = self.prepared(sql)?;
        let mut kinds = statement.columns().iter().map(postgres::Column::type_);
        match kinds.position(|kind| !READABLE.contains(kind)) {
            None => Ok(()),
            Some(column) => Err(StoreError::Column {
                column,
                problem: UNREADABLE,
            }),
        }
    }

    /// Whether the connection is known to be gone.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    fn prepared(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        let address = (sql.as_ptr() as usize, sql.len());
        if let Some(statement) = self.statements.get(&address) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|error| failure(&error))?;
        self.statements.insert(address, statement.clone());
        Ok(statement)
    }
}

fn check_count(statement: &Statement, params: &[Value<'_>]) -> Result<(), StoreError> {
    if statement.params().len() == params.len() {
        return Ok(());
    }
    let problem = format!("{} parameters for {}", params.len(), statement.params().len());
    Err(StoreError::Statement {
        code: "parameters".into(),
        problem,
    })
}

fn borrowed<'a>(params: &'a [Value<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match *self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(value) => match *kind {
                Type::INT8 => value.to_sql(kind, out),
                Type::INT4 => i32::try_from(value)?.to_sql(kind, out),
                _ => Err(format!("an integer for {kind}").into()),
            },
            Value::Text(value) => match *kind {
                Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => value.to_sql(kind, out),
                _ => Err(format!("a text for {kind}").into()),
            },
            Value::Bytes(value) => match *kind {
                Type::BYTEA => value.to_sql(kind, out),
                _ => Err(format!("bytes for {kind}").into()),
            },
        }
    }

    /// What fits is told with the value in hand.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn read(row: &postgres::Row) -> Result<Row, StoreError> {
    let mut read = Row::with_room_for(row.len());
    for (column, described) in row.columns().iter().enumerate() {
        match *described.type_() {
            Type::INT8 => add(&mut read, cell(row, column)?, Row::add_int),
            Type::INT4 => add(&mut read, cell::<i32>(row, column)?.map(i64::from), Row::add_int),
            Type::BYTEA => add(&mut read, cell(row, column)?, Row::add_bytes),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
                add(&mut read, cell(row, column)?, Row::add_text);
            }
            Type::NUMERIC => {
                return Err(StoreError::Column {
                    column,
                    problem: "is NUMERIC: CAST it AS BIGINT",
                });
            }
            _ => {
                return Err(StoreError::Column {
                    column,
                    problem: UNREADABLE,
                });
            }
        }
    }
    Ok(read)
}

fn cell<'a, T: FromSql<'a>>(row: &'a postgres::Row, column: usize) -> Result<Option<T>, StoreError> {
    row.try_get(column).map_err(|error| failure(&error))
}

fn add<T>(row: &mut Row, value: Option<T>, known: impl FnOnce(&mut Row, T)) {
    match value {
        Some(value) => known(row, value),
        None => row.add_null(),
    }
}

const READABLE: [Type; 7] = [
    Type::INT8,
    Type::INT4,
    Type::BYTEA,
    Type::TEXT,
    Type::VARCHAR,
    Type::NAME,
    Type::UNKNOWN,
];
const UNREADABLE: &str = "is no BIGINT, TEXT or BYTEA";
