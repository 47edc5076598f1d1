//! A gateway, its bank and the bill portal, each in a process of its own that can be killed and started again where it was.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::body::Body;
use ayni_store::db::Db;
use ayni_store::options::Options;
use ayni_testkit::engine::{Database, Engine};
use ayni_testkit::http;
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;

use crate::api::Api;
use crate::program::{Invocation, Program, free_port};
use crate::wait::{Looked, until};

/// All three, their folders and the database.
pub struct House {
    /// Holds everything; gone when the test ends.
    pub folder: TempDir,
    /// The gateway's database, as `--database` takes it.
    pub database_url: String,
    /// The gateway.
    pub gateway: Node,
    /// DemoBank.
    pub bank: Node,
    /// The bill portal.
    pub portal: Node,
    /// Drops it when the test ends, if it was made for this house.
    _database: Option<Database>,
}

/// A process with its port: one that runs, or that can be started.
pub struct Node {
    name: &'static str,
    port: u16,
    log: PathBuf,
    invocation: Invocation,
    ready_path: &'static str,
    running: Option<Program>,
}

impl House {
    /// Starts a bank, a portal and a gateway on a new database, with a developer account.
    pub async fn open(engine: Engine) -> Result<House> {
        let folder = TempDir::new()?;
        let database = Database::create(engine, folder.path(), now())?;
        House::furnish(folder, database.url.clone(), Some(database)).await
    }

    /// The same on a database that is there and empty.
    pub async fn on(database_url: String) -> Result<House> {
        House::furnish(TempDir::new()?, database_url, None).await
    }

    async fn furnish(folder: TempDir, database_url: String, database: Option<Database>) -> Result<House> {
        let bank = Node::bank(folder.path())?;
        let portal = Node::portal(folder.path())?;
        let gateway = Node::gateway("gateway", folder.path(), &database_url, &bank, &portal)?;
        let mut house = House {
            folder,
            database_url,
            gateway,
            bank,
            portal,
            _database: database,
        };
        house.bank.start().await?;
        house.portal.start().await?;
        house.gateway.start().await?;
        Ok(house)
    }

    /// The merchant's way in, from the `dev.json` that the gateway wrote.
    pub fn api(&self) -> Result<Api> {
        Ok(Api {
            address: self.gateway.address(),
            key: self.told("api_key")?.as_str().unwrap_or_default().to_owned(),
        })
    }

    /// A value of `dev.json`.
    pub fn told(&self, key: &str) -> Result<Value> {
        let text =
            std::fs::read_to_string(self.folder.path().join("gateway/dev.json")).context("dev.json")?;
        Ok(serde_json::from_str::<Value>(&text)?[key].clone())
    }

    /// The gateway's database, beside the gateway.
    pub fn db(&self) -> Result<Db> {
        let small = Options {
            reader_threads: 1,
            postgres_writers: 1,
            postgres_appenders: 1,
            postgres_readers: 1,
            ..Options::default()
        };
        Ok(Db::open(&self.database_url.parse()?, small)?)
    }

    /// DemoBank's file.
    pub fn bank_file(&self) -> PathBuf {
        self.folder.path().join("bank/demo-bank.db")
    }
}

impl Node {
    /// DemoBank, not yet started.
    pub fn bank(folder: &Path) -> Result<Node> {
        let port = free_port()?;
        let data = folder.join("bank");
        let mut invocation =
            Invocation::of(["sandbox", "demo-bank", "--port", &port.to_string(), "--data-dir"]);
        invocation.arguments.push(data.into());
        Ok(Node::new("bank", port, folder, invocation, "/"))
    }

    /// The bill portal, not yet started.
    pub fn portal(folder: &Path) -> Result<Node> {
        let port = free_port()?;
        let data = folder.join("portal");
        let mut invocation = Invocation::of(["sandbox", "portal", "--port", &port.to_string(), "--data-dir"]);
        invocation.arguments.push(data.into());
        Ok(Node::new("portal", port, folder, invocation, "/"))
    }

    /// A gateway on this database, bank and portal, not yet started. `name` is its folder's too.
    pub fn gateway(
        name: &'static str,
        folder: &Path,
        database: &str,
        bank: &Node,
        portal: &Node,
    ) -> Result<Node> {
        let port = free_port()?;
        let bank_url = format!("http://{}", bank.address());
        let portal_url = format!("http://{}", portal.address());
        let data = folder.join(name);
        let (port_text, url) = (port.to_string(), bank_url.as_str());
        let mut invocation = Invocation::of([
            "dev",
            "--port",
            &port_text,
            "--database",
            database,
            "--demo-bank-url",
            url,
            "--portal-url",
            &portal_url,
            "--data-dir",
        ]);
        invocation.arguments.push(data.into());
        invocation.environment = vec![
            ("AYNI_STATEMENT_PAUSE_S", "1".to_owned()),
            ("AYNI_ORDER_LIFE_S", "20".to_owned()),
            ("AYNI_RATE_LIMIT_PER_S", "100000".to_owned()),
        ];
        Ok(Node::new(name, port, folder, invocation, "/readyz"))
    }

    /// `host:port`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// How it is started, to be changed before it is.
    pub fn invocation(&mut self) -> &mut Invocation {
        &mut self.invocation
    }

    /// Starts it and waits until it answers.
    pub async fn start(&mut self) -> Result<()> {
        self.spawn()?;
        let (address, path) = (self.address(), self.ready_path);
        until(self.name, START_DEADLINE, async || {
            if let Some(status) = self.program()?.ended()? {
                bail!("it ended with {status}:\n{}", self.program()?.last_words());
            }
            let request = http::request("GET", &address, path).body(Body::empty())?;
            let answer = tokio::time::timeout(LOOK_DEADLINE, http::send(&address, request)).await;
            Ok(match answer {
                Ok(Ok(answer)) if answer.status == 200 => Looked::There(()),
                other => Looked::NotYet(format!("{other:?}\n{}", self.program()?.last_words())),
            })
        })
        .await
    }

    /// Starts it, whatever becomes of it.
    pub fn spawn(&mut self) -> Result<()> {
        self.running = Some(self.invocation.start(&self.log)?);
        Ok(())
    }

    /// SIGKILL.
    pub fn kill(&mut self) -> Result<()> {
        self.running.take().context("it does not run")?.kill()
    }

    /// The running process.
    pub fn program(&mut self) -> Result<&mut Program> {
        self.running
            .as_mut()
            .with_context(|| format!("{} does not run", self.name))
    }

    fn new(
        name: &'static str,
        port: u16,
        folder: &Path,
        invocation: Invocation,
        ready_path: &'static str,
    ) -> Node {
        let log = folder.join(format!("{name}.log"));
        Node {
            name,
            port,
            log,
            invocation,
            ready_path,
            running: None,
        }
    }
}

/// What time it is: these tests run on the machine's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "processes of their own read the machine's clock"
)]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A debug build on a busy machine.
const START_DEADLINE: Duration = Duration::from_secs(30);
const LOOK_DEADLINE: Duration = Duration::from_secs(2);
