//! Copying, as PostgreSQL does it: which tables there are, a snapshot of them, and an empty schema that is filled.

use crate::copy::error::CopyError;
use crate::copy::shape::{Shape, quoted};
use crate::error::StoreError;
use crate::postgres::session::Session;
use crate::postgres::target::Target;
use crate::row::Row;
use crate::value::Value;

/// A copy takes as long as it takes.
const PATIENT: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; ";

/// A connection for a copy.
pub(crate) fn session(url: &str) -> Result<Session, StoreError> {
    let mut session = Session::new(Target::parse(url)?.connect()?);
    session.batch(PATIENT)?;
    Ok(session)
}

/// A connection with a snapshot open.
pub(crate) fn snapshot(url: &str) -> Result<Session, StoreError> {
    let mut session = session(url)?;
    session.batch("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
    // The snapshot begins with the first reading.
    session.made_all("SELECT CAST(1 AS BIGINT)", &[])?;
    Ok(session)
}

pub(crate) fn shapes(session: &mut Session) -> Result<Vec<Shape>, CopyError> {
    let columns = session.made_all(COLUMNS, &[])?;
    let mut shapes = Vec::new();
    let mut rest = columns.as_slice();
    while let Some(first) = rest.first() {
        let table = first.text(0)?;
        let belongs = |row: &&Row| row.str(0).is_ok_and(|name| name == table);
        let (own, others) = rest.split_at(rest.iter().take_while(belongs).count().max(1));
        let told = |row: &Row| Ok((row.text(1)?, row.text(2)?, row.int(3)?));
        let own = own.iter().map(told).collect::<Result<Vec<_>, StoreError>>()?;
        shapes.push(Shape::of_schema(&table, own)?);
        rest = others;
    }
    shapes.sort_unstable_by(|a, b| a.table.cmp(&b.table));
    Ok(shapes)
}

/// Of each table in order: column, kind, place in the primary key or 0.
const COLUMNS: &str = "\
SELECT c.table_name::text, c.column_name::text, c.data_type::text, COALESCE(k.ordinal_position, 0)::bigint \
FROM information_schema.tables t \
JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name \
LEFT JOIN information_schema.table_constraints p ON p.table_schema = t.table_schema \
  AND p.table_name = t.table_name AND p.constraint_type = 'PRIMARY KEY' \
LEFT JOIN information_schema.key_column_usage k ON k.constraint_schema = p.constraint_schema \
  AND k.constraint_name = p.constraint_name AND k.table_name = c.table_name AND k.column_name = c.column_name \
WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
  AND t.table_name NOT LIKE '%schema_migrations' \
ORDER BY c.table_name, c.ordinal_position";

/// Whether there is a table at all.
pub(crate) fn is_empty(session: &mut Session) -> Result<bool, StoreError> {
    let any = "SELECT CAST(1 AS BIGINT) FROM information_schema.tables \
         WHERE table_schema = current_schema() LIMIT 1";
    Ok(session.made_all(any, &[])?.is_empty())
}

/// Whether another connection of ours is open to this database.
pub(crate) fn is_in_use(url: &str) -> Result<bool, StoreError> {
    let others = "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_activity WHERE application_name = 'ayni' \
         AND datname = current_database() AND pid <> pg_backend_pid()";
    let rows = session(url)?.made_all(others, &[])?;
    Ok(rows.first().map_or(Ok(0), |row| row.int(0))? > 0)
}

/// Puts rows into a table, in one statement.
pub(crate) fn put(session: &mut Session, shape: &Shape, rows: &[Row]) -> Result<(), CopyError> {
    let mut lines = Vec::new();
    for row in rows {
        for (place, value) in row.values().enumerate() {
            if place > 0 {
                lines.push(b'\t');
            }
            write(&mut lines, value);
        }
        lines.push(b'\n');
    }
    let text = format!("COPY {} ({}) FROM STDIN", quoted(&shape.table), shape.names());
    let taken = session.copy_in(&text, &lines)?;
    if taken != rows.len() as u64 {
        return Err(CopyError::Differs {
            table: shape.table.clone(),
            what: "the number of rows".to_owned(),
        });
    }
    Ok(())
}

/// A value in the text form of COPY.
fn write(line: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Null => line.extend_from_slice(b"\\N"),
        Value::Int(value) => line.extend_from_slice(value.to_string().as_bytes()),
        Value::Text(text) => {
            for byte in text.bytes() {
                match byte {
                    b'\\' => line.extend_from_slice(b"\\\\"),
                    b'\t' => line.extend_from_slice(b"\\t"),
                    b'\n' => line.extend_from_slice(b"\\n"),
                    b'\r' => line.extend_from_slice(b"\\r"),
                    other => line.push(other),
                }
            }
        }
        Value::Bytes(bytes) => {
            line.extend_from_slice(b"\\\\x");
            for byte in bytes {
                line.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
        }
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";
