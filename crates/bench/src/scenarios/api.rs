//! Create, read and list against the echo server, the raw store, and larger databases.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use ayni_crypto::entropy::Entropy;
use ayni_store::db::Db;

use super::Plan;
use crate::load::drive;
use crate::process::{Gateway, Process, free_ports};
use crate::table::{Pairs, Table};
use crate::{now_ms, rows, wire};

/// Create and read against the echo server with the same bodies and answers; create against the raw store.
pub async fn against_echo(ayni: &Path, plan: Plan, table: &mut Table) -> Result<()> {
    let gateway = Gateway::start(ayni, None)?;
    let db = rows::open(&gateway.database)?;
    let ids = rows::add_payments(&db, gateway.receiver_id, 2_000, now_ms()).await?;
    let paths: Vec<String> = ids.iter().map(|id| format!("/v3/payments/{id}")).collect();
    let echo = start_echo(&gateway, &paths[0])?;
    let (ours, theirs) = (gateway.process.address, echo.address);
    let raw = RawStore::open()?;
    let (mut creates, mut reads, mut stores) = (Pairs::default(), Pairs::default(), Pairs::default());
    for _ in 0..plan.rounds {
        let post = |address| wire::posts(address, "/v3/payments", &gateway.api_key, wire::CREATION);
        let create = drive(ours, plan.connections, plan.time, post(ours)).await?;
        let echoed = drive(theirs, plan.connections, plan.time, post(theirs)).await?;
        creates.add(create.per_s, echoed.per_s);
        stores.add(create.per_s, raw.measure(plan).await?);
        let get = |address| wire::gets(address, paths.clone(), &gateway.api_key);
        let read = drive(ours, plan.connections, plan.time, get(ours)).await?;
        let echoed = drive(theirs, plan.connections, plan.time, get(theirs)).await?;
        reads.add(read.per_s, echoed.per_s);
    }
    table.ratio("durable create : echo", &creates, Some(0.35));
    table.ratio("read : echo", &reads, Some(0.70));
    table.ratio("durable create : raw store", &stores, None);
    Ok(())
}

/// Create, read and list on databases of different sizes, side by side.
pub async fn against_size(ayni: &Path, plan: Plan, table: &mut Table) -> Result<()> {
    let empty = stored(ayni, 100).await?;
    for count in plan.stored {
        let large = stored(ayni, count).await?;
        let [mut creates, mut reads, mut lists] = [Pairs::default(), Pairs::default(), Pairs::default()];
        for _ in 0..plan.rounds {
            creates.add(large.create(plan).await?, empty.create(plan).await?);
            reads.add(large.read(plan).await?, empty.read(plan).await?);
            lists.add(large.list(plan).await?, empty.list(plan).await?);
        }
        table.ratio(&format!("create at {count} : create at 0"), &creates, Some(0.80));
        table.ratio(&format!("read at {count} : read at 0"), &reads, Some(0.80));
        table.ratio(&format!("list at {count} : list at 0"), &lists, Some(0.80));
    }
    Ok(())
}

/// A gateway with so many stored payments.
struct Stored {
    gateway: Gateway,
    paths: Vec<String>,
}

async fn stored(ayni: &Path, count: u64) -> Result<Stored> {
    let gateway = Gateway::start(ayni, None)?;
    let db = rows::open(&gateway.database)?;
    let ids = rows::add_payments(&db, gateway.receiver_id, count, now_ms()).await?;
    drop(db);
    let gateway = gateway.restarted(ayni, |_, _| Ok(()))?;
    Ok(Stored {
        gateway,
        paths: ids.iter().map(|id| format!("/v3/payments/{id}")).collect(),
    })
}

impl Stored {
    async fn create(&self, plan: Plan) -> Result<f64> {
        let address = self.gateway.process.address;
        let requests = wire::posts(address, "/v3/payments", &self.gateway.api_key, wire::CREATION);
        Ok(drive(address, plan.connections, plan.time, requests).await?.per_s)
    }

    async fn read(&self, plan: Plan) -> Result<f64> {
        let address = self.gateway.process.address;
        let requests = wire::gets(address, self.paths.clone(), &self.gateway.api_key);
        Ok(drive(address, plan.connections, plan.time, requests).await?.per_s)
    }

    async fn list(&self, plan: Plan) -> Result<f64> {
        let address = self.gateway.process.address;
        let requests = wire::gets(
            address,
            vec!["/v3/payments?limit=20".to_owned()],
            &self.gateway.api_key,
        );
        Ok(drive(address, plan.connections, plan.time, requests).await?.per_s)
    }
}

/// The echo server, told the answers that the gateway really gives.
fn start_echo(gateway: &Gateway, path: &str) -> Result<Process> {
    let address = free_ports()?;
    let read = wire::get_with_key(gateway.process.address, path, &gateway.api_key)?;
    let created = wire::post_with_key(
        gateway.process.address,
        "/v3/payments",
        &gateway.api_key,
        wire::CREATION,
    )?;
    let body = |answer: String| answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command
        .arg("echo")
        .arg(address.port().to_string())
        .arg(body(created).context("no body")?)
        .arg(body(read).context("no body")?);
    Process::start(command, address, "/v3/payments/x")
}

/// The store without a gateway, in this process.
pub struct RawStore {
    db: Db,
    entropy: Entropy,
    _folder: tempfile::TempDir,
}

impl RawStore {
    /// A new embedded database.
    pub fn open() -> Result<RawStore> {
        let folder = tempfile::TempDir::new()?;
        let location = format!("sqlite:{}", folder.path().join("raw.db").display());
        Db::migrate(&location.parse()?, jiff::Timestamp::from_millisecond(now_ms())?)?;
        Ok(RawStore {
            db: rows::open(&location)?,
            entropy: Entropy::seeded(1),
            _folder: folder,
        })
    }

    /// Durable rows a second with as many callers as the load has connections.
    pub async fn measure(&self, plan: Plan) -> Result<f64> {
        let (start, counter) = (Instant::now(), Arc::new(std::sync::atomic::AtomicU64::new(0)));
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..plan.connections {
            let (db, entropy, counter) = (self.db.clone(), self.entropy.clone(), counter.clone());
            callers.spawn(async move {
                while start.elapsed() < plan.time {
                    rows::insert_one(&db, &entropy, 1, now_ms()).await?;
                    counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
                anyhow::Ok(())
            });
        }
        while let Some(done) = callers.join_next().await {
            done??;
        }
        let total = counter.load(std::sync::atomic::Ordering::Relaxed);
        Ok(total as f64 / start.elapsed().as_secs_f64())
    }
}
