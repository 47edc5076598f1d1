//! The least work that storing and settling lines can be: the very rows that the gateway wrote, written again through
//! the same store, in as many units of work, into a database with the same open payments. Nothing is read or decided.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::options::Options;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use ayni_store::value::Value;
use ayni_testkit::engine::{Database, Engine};
use tempfile::TempDir;

use super::fill;
use crate::now_ms;

/// A database without a gateway.
pub(super) struct Raw {
    db: Db,
    lines: Vec<Line>,
    _database: Database,
    _folder: TempDir,
}

/// What the gateway wrote for one line.
type Line = Vec<Write>;

/// A statement and its parameters.
struct Write {
    sql: &'static str,
    values: Vec<Owned>,
}

enum Owned {
    Null,
    Int(i64),
    Text(String),
}

impl Raw {
    /// A database with the payments that [`fill`] makes for the gateway's.
    pub(super) async fn with_open_payments(
        engine: Engine,
        accounts: (i64, i64),
        count: u64,
        now: jiff::Timestamp,
    ) -> Result<Raw> {
        let folder = TempDir::new()?;
        let database = Database::create(engine, folder.path(), now)?;
        let db = Db::open(&database.location, Options::default())?;
        fill(&db, accounts, count, now.as_millisecond()).await?;
        Ok(Raw {
            db,
            lines: Vec::new(),
            _database: database,
            _folder: folder,
        })
    }

    /// Reads what the gateway wrote for these payments.
    pub(super) async fn take_after(&mut self, gateway: &Db, payments: Vec<String>) -> Result<()> {
        let lines = gateway.read("bench.rows", move |tx| {
            payments.iter().map(|payment| written(tx, payment)).collect()
        });
        self.lines = lines.await.map_err(|error: StoreError| error)?;
        Ok(())
    }

    /// Lines a second.
    pub(super) async fn insert(&mut self) -> Result<f64> {
        let lines = std::mem::take(&mut self.lines);
        let count = lines.len();
        let mut units: Vec<Arc<Vec<Line>>> = Vec::new();
        let mut lines = lines.into_iter().peekable();
        while lines.peek().is_some() {
            units.push(Arc::new(lines.by_ref().take(LINES_IN_A_UNIT).collect()));
        }
        let start = Instant::now();
        for unit in units {
            self.db
                .write("bench.raw", move |tx| insert_unit(tx, &unit))
                .await
                .map_err(|error: StoreError| error)?;
        }
        Ok(count as f64 / start.elapsed().as_secs_f64())
    }
}

fn insert_unit(tx: &mut Tx<'_>, lines: &[Line]) -> Result<(), StoreError> {
    for write in lines.iter().flatten() {
        let values: Vec<Value<'_>> = write.values.iter().map(Owned::value).collect();
        tx.exec(write.sql, &values)?;
    }
    for kind in ["bank", "collected"] {
        tx.exec(ADD_TO_BALANCE, &[kind.into(), (lines.len() as i64).into()])?;
    }
    tx.exec(UPSERT_STATEMENT, &[(lines.len() as i64).into(), now_ms().into()])
        .map(drop)
}

/// Every row that the gateway wrote for a payment's line.
fn written(tx: &mut Tx<'_>, payment: &str) -> Result<Line, StoreError> {
    let mut line = vec![Write {
        sql: UPDATE_PAYMENT,
        values: vec![Owned::Text(payment.to_owned())],
    }];
    for table in &TABLES {
        for row in tx.all(table.select, &[payment.into()])? {
            line.push(Write {
                sql: table.insert,
                values: table
                    .kinds
                    .bytes()
                    .enumerate()
                    .map(|(column, kind)| owned(&row, column, kind))
                    .collect::<Result<_, _>>()?,
            });
        }
    }
    Ok(line)
}

fn owned(row: &Row, column: usize, kind: u8) -> Result<Owned, StoreError> {
    Ok(match kind {
        b'i' => row.opt_int(column)?.map_or(Owned::Null, Owned::Int),
        _ => row.opt_text(column)?.map_or(Owned::Null, Owned::Text),
    })
}

impl Owned {
    fn value(&self) -> Value<'_> {
        match self {
            Owned::Null => Value::Null,
            Owned::Int(value) => Value::Int(*value),
            Owned::Text(value) => Value::Text(value),
        }
    }
}

/// How the rows of a payment's line are read from one table, and written again.
struct Table {
    select: &'static str,
    insert: &'static str,
    /// The columns: `i` an integer, `t` a text.
    kinds: &'static str,
}

const TABLES: [Table; 8] = [
    Table {
        select: "SELECT collecting_id, id, booked_at, seen_at, amount, currency, payer_identifier, payer_name, \
                 payer_account, reference, operation_number, state, payment_id, reason FROM movements \
                 WHERE payment_id = $1",
        insert: "INSERT INTO movements (collecting_id, id, booked_at, seen_at, amount, currency, payer_identifier, \
                 payer_name, payer_account, reference, operation_number, state, payment_id, reason) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        kinds: "itiiittttttttt",
    },
    Table {
        select: "SELECT payment_id, number, at, kind, state, data FROM payment_events WHERE payment_id = $1",
        insert: "INSERT INTO payment_events (payment_id, number, at, kind, state, data) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
        kinds: "tiittt",
    },
    Table {
        select: "SELECT payment_id, collecting_id, movement_id, conciliated_at, out_of_date, bank_id, bank, method, \
                 payer_name, payer_email, payer_identifier, payer_account, operation_code, paid, fee, \
                 integrator_fee, integrator_id FROM reconciliations WHERE payment_id = $1",
        insert: "INSERT INTO reconciliations (payment_id, collecting_id, movement_id, conciliated_at, out_of_date, \
                 bank_id, bank, method, payer_name, payer_email, payer_identifier, payer_account, operation_code, \
                 paid, fee, integrator_fee, integrator_id) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        kinds: "titiittttttttiiii",
    },
    Table {
        select: "SELECT payment_id, account_id, collecting_id, releases_at, held_until, confirmed_at \
                 FROM releases WHERE payment_id = $1",
        insert: "INSERT INTO releases (payment_id, account_id, collecting_id, releases_at, held_until, confirmed_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
        kinds: "tiiiii",
    },
    Table {
        select: "SELECT id, account_id, payment_id, url, version, body, state, tries, created_at, next_at \
                 FROM notices WHERE payment_id = $1",
        insert: "INSERT INTO notices (id, account_id, payment_id, url, version, body, state, tries, created_at, \
                 next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        kinds: "titttttiii",
    },
    Table {
        select: "SELECT j.kind, j.key, j.lane, j.due_at, j.version, j.tries, j.payload, j.created_at \
                 FROM notices n JOIN jobs j ON j.kind = 'notice' AND j.key = n.id WHERE n.payment_id = $1",
        insert: "INSERT INTO jobs (kind, key, lane, due_at, version, tries, payload, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        kinds: "tttiiiti",
    },
    Table {
        select: "SELECT id, collecting_id, kind, at, payment_id, note FROM ledger_transactions WHERE payment_id = $1",
        insert: "INSERT INTO ledger_transactions (id, collecting_id, kind, at, payment_id, note) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
        kinds: "tititt",
    },
    Table {
        select: "SELECT p.transaction_id, p.kind, p.owner, p.amount FROM ledger_transactions t \
                 JOIN ledger_postings p ON p.transaction_id = t.id WHERE t.payment_id = $1",
        insert: "INSERT INTO ledger_postings (transaction_id, kind, owner, amount) VALUES ($1, $2, $3, $4)",
        kinds: "ttii",
    },
];

const UPDATE_PAYMENT: &str = "UPDATE payments SET state = 'done/normal', events = events + 1 WHERE id = $1";
const ADD_TO_BALANCE: &str = "\
    INSERT INTO ledger_balances (collecting_id, kind, owner, balance) VALUES (1, $1, 0, $2) \
    ON CONFLICT (collecting_id, kind, owner) DO UPDATE SET balance = ledger_balances.balance + excluded.balance";
const UPSERT_STATEMENT: &str = "\
    INSERT INTO ledger_statements (collecting_id, lines, balance, is_open, stated_at) VALUES (1, $1, $1, 1, $2) \
    ON CONFLICT (collecting_id) DO UPDATE SET lines = excluded.lines, balance = excluded.balance, \
      stated_at = excluded.stated_at";
/// As many as the gateway stores in one.
const LINES_IN_A_UNIT: usize = 200;
