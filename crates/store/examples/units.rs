//! How many durable units of work of two rows a database takes per second from 64 concurrent callers, and how many
//! point reads. With a `postgres://` URL also what a hand-written BEGIN, INSERT, INSERT, COMMIT loop reaches on 32
//! connections of the same server.
//!
//! `cargo run --release -p ayni-store --example units -- sqlite:/tmp/new-file.db [seconds]`

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::location::Location;
use ayni_store::options::Options;
use ayni_store::queue::{self, NewJob};
use ayni_store::tx::Tx;
use jiff::Timestamp;

const CALLERS: u64 = 64;
const LOOPS: u64 = 32;
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

const INSERT_PAYMENT: &str = "INSERT INTO payments (id, account_id, collecting_id, created_at, expires_at, amount, \
currency, state, events, subject, transaction_id, details) VALUES ($1, $2, $2, $3, $3, $4, 'CLP', 'pending', 0, $5, $1, NULL)";
const SELECT_PAYMENT: &str = "SELECT id, account_id, created_at, expires_at, amount, currency, state, subject, details FROM payments WHERE id = $1";

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let text = arguments
        .next()
        .ok_or("which database? sqlite:path or postgres://…")?;
    let length = Duration::from_secs(arguments.next().map_or(Ok(5), |seconds| seconds.parse())?);
    let location: Location = text.parse()?;
    Db::migrate(&location, NOW)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let options = options();
    report(&format!("{options:?}"));
    let db = runtime.block_on(async { Db::open(&location, options) })?;
    for round in 0..3 {
        let created = runtime.block_on(many(&db, length, round, create));
        report(&format!("append, payment row and job row: {created}/s"));
        if let Location::Postgres(url) = &location {
            report(&format!(
                "hand-written loop on {LOOPS} connections: {}/s",
                loops(url, length, round)?
            ));
        }
    }
    let jobless = runtime.block_on(many(&db, length, 10, create_serializable));
    report(&format!("write, the same: {jobless}/s"));
    report(&format!(
        "point: {}/s",
        runtime.block_on(many(&db, length, 0, find))
    ));
    report(&format!("memory: {}", memory()));
    Ok(())
}

/// The defaults, with what `GROUP`, `APPENDERS` and `WAL_MIB` say.
fn options() -> Options {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<usize>().ok())
    };
    let usual = Options::default();
    Options {
        group_units: number("GROUP").unwrap_or(usual.group_units),
        postgres_appenders: number("APPENDERS").unwrap_or(usual.postgres_appenders),
        postgres_writers: number("WRITERS").unwrap_or(usual.postgres_writers),
        postgres_readers: number("READERS").unwrap_or(usual.postgres_readers),
        wal_bytes: number("WAL_MIB").map_or(usual.wal_bytes, |mib| mib << 20),
        ..usual
    }
}

async fn many<F>(
    db: &Db,
    length: Duration,
    round: u64,
    one: impl Fn(Db, String) -> F + Copy + Send + 'static,
) -> u64
where
    F: Future<Output = Result<(), StoreError>> + Send,
{
    let done = Arc::new(AtomicU64::new(0));
    let started_at = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (db, done) = (db.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let mut number = 0_u64;
                while started_at.elapsed() < length {
                    match one(db.clone(), id(round, caller, number)).await {
                        Ok(()) => done.fetch_add(1, Ordering::Relaxed),
                        Err(error) => {
                            report(&format!("{error}"));
                            break;
                        }
                    };
                    number += 1;
                }
            })
        })
        .collect();
    for caller in callers {
        let _ = caller.await;
    }
    per_second(done.load(Ordering::Relaxed), started_at.elapsed())
}

async fn create(db: Db, id: String) -> Result<(), StoreError> {
    db.append("example.create", move |tx| insert(tx, &id)).await
}

async fn create_serializable(db: Db, id: String) -> Result<(), StoreError> {
    db.write("example.create", move |tx| insert(tx, &id)).await
}

async fn find(db: Db, id: String) -> Result<(), StoreError> {
    db.point("example.find", move |tx| {
        tx.one(SELECT_PAYMENT, &[(&id).into()]).map(|_| ())
    })
    .await
}

fn insert(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.exec(
        INSERT_PAYMENT,
        &[
            id.into(),
            7.into(),
            1_700_000_000_000.into(),
            10_000_000.into(),
            "Cobro de prueba".into(),
        ],
    )?;
    queue::enqueue(
        tx,
        &NewJob {
            kind: "sweep",
            key: id,
            lane: "",
            payload: "",
            due_at: NOW,
        },
        NOW,
    )
}

/// What one would write by hand: a thread for each connection, prepared statements, one transaction after another.
fn loops(url: &str, length: Duration, round: u64) -> Result<u64, Failure> {
    let done = AtomicU64::new(0);
    let started_at = Instant::now();
    std::thread::scope(|scope| {
        let loops: Vec<_> = (0..LOOPS)
            .map(|number| {
                let done = &done;
                scope.spawn(move || {
                    one_loop(url, length, round, number, done).map_err(|error| error.to_string())
                })
            })
            .collect();
        loops
            .into_iter()
            .try_for_each(|one| one.join().unwrap_or_else(|_| Err("panicked".into())))
    })?;
    Ok(per_second(done.load(Ordering::Relaxed), started_at.elapsed()))
}

fn one_loop(
    url: &str,
    length: Duration,
    round: u64,
    number: u64,
    done: &AtomicU64,
) -> Result<(), postgres::Error> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    let payment = client.prepare(INSERT_PAYMENT)?;
    let job = client.prepare(
        "INSERT INTO jobs (kind, key, lane, due_at, version, tries, payload, created_at) VALUES ('sweep', $1, '', 0, 1, 0, '', 0)",
    )?;
    let started_at = Instant::now();
    let mut count = 0;
    while started_at.elapsed() < length {
        let id = id(100 + round, number, count);
        count += 1;
        client.batch_execute("BEGIN")?;
        client.execute(
            &payment,
            &[
                &id,
                &7_i64,
                &1_700_000_000_000_i64,
                &10_000_000_i64,
                &"Cobro de prueba",
            ],
        )?;
        client.execute(&job, &[&id])?;
        client.batch_execute("COMMIT")?;
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Twelve characters, spread as random ones are.
fn id(round: u64, caller: u64, number: u64) -> String {
    let seed = (round << 48) | (caller << 32) | number;
    let spread = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(29)
        .wrapping_mul(0xBF58_476D_1CE4_E5B9);
    format!("{:012x}", spread >> 8)
        .chars()
        .take(12)
        .collect::<String>()
        + &format!("{:x}", seed & 0xff)
}

fn per_second(count: u64, length: Duration) -> u64 {
    count.saturating_mul(1000) / u64::try_from(length.as_millis()).unwrap_or(1).max(1)
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .filter(|line| line.starts_with("VmRSS") || line.starts_with("Rss"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[expect(clippy::print_stdout, reason = "an example speaks to a person")]
fn report(line: &str) {
    println!("{line}");
}
