//! A database of its own for each test, on either engine.

use std::future::Future;

use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::location::Location;
use ayni_store::options::Options;
use jiff::Timestamp;
use postgres::{Client, NoTls};
use tempfile::TempDir;

/// 2023-11-14T22:13:20Z.
pub const START_MS: i64 = 1_700_000_000_000;

/// A fresh database and where it is.
pub struct Bed {
    pub location: Location,
    pub folder: TempDir,
    /// The database to drop and the server to drop it on.
    postgres: Option<(String, String)>,
}

impl Bed {
    pub fn sqlite() -> Bed {
        let folder = tempfile::tempdir().unwrap();
        Bed {
            location: Location::Sqlite(folder.path().join("ayni.db")),
            folder,
            postgres: None,
        }
    }

    pub fn postgres() -> Bed {
        let server = std::env::var("AYNI_TEST_POSTGRES")
            .expect("the PostgreSQL tests need a server: start them with `cargo xtask test`");
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().file_name().unwrap().to_str().unwrap();
        let name = format!("store{}", name.replace('.', "_").to_lowercase());
        on_a_thread(|| {
            Client::connect(&server, NoTls)
                .unwrap()
                .batch_execute(&format!("CREATE DATABASE {name}"))
                .unwrap();
        });
        let url = with_database(&server, &name);
        Bed {
            location: Location::Postgres(url),
            folder,
            postgres: Some((server, name)),
        }
    }

    pub fn is_sqlite(&self) -> bool {
        self.postgres.is_none()
    }

    pub fn open(&self, options: Options) -> Result<Db, StoreError> {
        Db::open(&self.location, options)
    }

    pub fn migrated(&self) -> Db {
        self.migrated_with(Options::default())
    }

    pub fn migrated_with(&self, options: Options) -> Db {
        Db::migrate(&self.location, at(0)).unwrap();
        self.open(options).unwrap()
    }

    /// Where it is, as settings say it.
    pub fn location_text(&self) -> String {
        match &self.location {
            Location::Sqlite(path) => format!("sqlite:{}", path.display()),
            Location::Postgres(url) => url.clone(),
        }
    }

    /// Runs SQL beside the store, as another program would.
    pub fn beside(&self, sql: &str) {
        match &self.location {
            Location::Sqlite(path) => rusqlite::Connection::open(path)
                .unwrap()
                .execute_batch(sql)
                .unwrap(),
            Location::Postgres(url) => {
                on_a_thread(|| Client::connect(url, NoTls).unwrap().batch_execute(sql).unwrap());
            }
        }
    }
}

impl Bed {
    /// How the engine means to run each text, were its tables large.
    pub fn plans(&self, texts: &[&str]) -> Vec<(String, String)> {
        texts
            .iter()
            .map(|text| ((*text).to_owned(), self.plan(text)))
            .collect()
    }

    fn plan(&self, text: &str) -> String {
        match &self.location {
            Location::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
                let mut rows = explain.raw_query();
                let mut plan = String::new();
                while let Some(row) = rows.next().unwrap() {
                    plan += &format!("{}\n", row.get::<_, String>(3).unwrap());
                }
                plan
            }
            Location::Postgres(url) => {
                let values = [
                    "'notice'",
                    "'live'",
                    "1700001000000",
                    "10",
                    "1700002000000",
                    "'holder'",
                ];
                let lanes = ["'notice'", "1700001000000", "1000"];
                let values = if text.contains("RECURSIVE") {
                    &lanes[..]
                } else {
                    &values[..]
                };
                let text = (0..values.len()).fold(text.to_string(), |text, n| {
                    text.replace(&format!("${}", n + 1), values[n])
                });
                on_a_thread(|| {
                    let mut client = Client::connect(url, NoTls).unwrap();
                    let rows = client.query(&format!("EXPLAIN {text}"), &[]).unwrap();
                    rows.iter()
                        .map(|row| format!("{}\n", row.get::<_, String>(0)))
                        .collect()
                })
            }
        }
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.postgres {
            on_a_thread(|| {
                if let Ok(mut client) = Client::connect(server, NoTls) {
                    let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                }
            });
        }
    }
}

/// An instant some seconds after the start.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millisecond(START_MS + seconds * 1000).unwrap()
}

/// Runs a test's future on two threads, as the gateway would.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// The synchronous client has a runtime of its own, which can't be inside another.
fn on_a_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

/// The URL with another database.
fn with_database(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').unwrap_or((server, ""));
    let (host, _) = address.rsplit_once('/').unwrap();
    format!("{host}/{name}?{query}")
}

/// Makes each test a test on SQLite and one on PostgreSQL.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&crate::bed::Bed::sqlite()); })+
        }
        mod postgres {
            $(#[test] fn $name() { super::$name(&crate::bed::Bed::postgres()); })+
        }
    };
}
pub(crate) use on_both_engines;
