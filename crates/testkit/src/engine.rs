//! A database of its own for every test, on either engine.

use std::path::PathBuf;
use std::str::FromStr as _;

use anyhow::{Context as _, Result};
use ayni_store::db::Db;
use ayni_store::location::Location;
use jiff::Timestamp;

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one, in a temporary folder.
    Sqlite,
    /// The server named by `AYNI_TEST_POSTGRES`, in a database made for the test.
    Postgres,
}

/// A migrated database that is gone when the test ends.
pub struct Database {
    /// Where it is, as the store takes it.
    pub location: Location,
    /// The same as text, for processes.
    pub url: String,
    dropped: Option<Dropped>,
}

impl Database {
    /// Makes and migrates a database; `folder` takes the embedded one's file.
    pub fn create(engine: Engine, folder: &std::path::Path, now: Timestamp) -> Result<Database> {
        let (url, dropped) = match engine {
            Engine::Sqlite => (
                format!("sqlite:{}", PathBuf::from(folder).join("ayni.db").display()),
                None,
            ),
            Engine::Postgres => create_on_server()?,
        };
        let location = Location::from_str(&url)?;
        Db::migrate(&location, now)?;
        Ok(Database {
            location,
            url,
            dropped,
        })
    }

    /// Makes a database without a table, or the name of a file that is not there, in `folder`.
    pub fn empty(engine: Engine, folder: &std::path::Path) -> Result<Database> {
        let (url, dropped) = match engine {
            Engine::Sqlite => (
                format!("sqlite:{}", folder.join(format!("{}.db", unique())).display()),
                None,
            ),
            Engine::Postgres => create_on_server()?,
        };
        Ok(Database {
            location: Location::from_str(&url)?,
            url,
            dropped,
        })
    }

    /// Whether it is on the server.
    pub fn is_on_server(&self) -> bool {
        self.dropped.is_some()
    }
}

/// Drops the server's database when the test ends, its connections included.
struct Dropped {
    server: String,
    name: String,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A thread of its own: the synchronous client may not run inside the test's runtime.
        let dropping = std::thread::spawn(move || {
            let mut client = postgres::Client::connect(&server, postgres::NoTls)?;
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        });
        if !matches!(dropping.join(), Ok(Ok(()))) {
            eprintln!("the test database {} was not dropped", self.name);
        }
    }
}

fn create_on_server() -> Result<(String, Option<Dropped>)> {
    let server = std::env::var(SERVER).context(
        "AYNI_TEST_POSTGRES names no PostgreSQL server: run the tests with `cargo xtask test`, which starts one",
    )?;
    let name = format!("ayni_test_{}", unique());
    let (at, database) = (server.clone(), name.clone());
    std::thread::spawn(move || -> Result<()> {
        let mut client = postgres::Client::connect(&at, postgres::NoTls)?;
        Ok(client.batch_execute(&format!("CREATE DATABASE {database}"))?)
    })
    .join()
    .map_err(|_| anyhow::anyhow!("the thread that creates the database panicked"))??;
    let base = server
        .rsplit_once('/')
        .map_or(server.as_str(), |(base, _)| base)
        .to_owned();
    Ok((format!("{base}/{name}"), Some(Dropped { server, name })))
}

/// Unlike any other test's, also of a run beside this one.
fn unique() -> String {
    let bytes = ayni_crypto::entropy::Entropy::system().bytes::<8>();
    ayni_crypto::digest::hex(&bytes)
}

const SERVER: &str = "AYNI_TEST_POSTGRES";
