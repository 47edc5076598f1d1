//! Create, read and list against the echo server, the raw store, and larger databases.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use ayni_crypto::entropy::Entropy;
use ayni_store::db::Db;

use super::Plan;
use crate::load::{Requests, drive};
use crate::process::{Gateway, Process, Used, free_ports};
use crate::table::{Pairs, Table};
use crate::{now_ms, rows, wire};

/// Create and read against the echo server with the same bodies and answers; create against the raw store.
pub async fn against_echo(ayni: &Path, plan: Plan, table: &mut Table) -> Result<()> {
    let gateway = Gateway::start(ayni, None)?;
    let db = rows::open(&gateway.database)?;
    let ids = rows::add_payments(&db, gateway.receiver_id, 2_000, now_ms()).await?;
    let paths: Vec<String> = ids.iter().map(|id| format!("/v3/payments/{id}")).collect();
    let echo = start_echo(&gateway, &paths[0])?;
    let (ours, theirs) = (&gateway.process, &echo);
    let raw = RawStore::open()?;
    let (mut creates, mut reads, mut stores) = (Compared::default(), Compared::default(), Pairs::default());
    for _ in 0..plan.rounds {
        let post = |at: &Process| wire::posts(at.address, "/v3/payments", &gateway.api_key, wire::CREATION);
        let create = drive_process(ours, plan, post(ours)).await?;
        creates.add(create, drive_process(theirs, plan, post(theirs)).await?);
        stores.add(create.per_s, raw.measure(plan).await?);
        let get = |at: &Process| wire::gets(at.address, paths.clone(), &gateway.api_key);
        let read = drive_process(ours, plan, get(ours)).await?;
        reads.add(read, drive_process(theirs, plan, get(theirs)).await?);
    }
    table.ratio("durable create : echo", &creates.rates, Some(0.35));
    table.ratio("read : echo", &reads.rates, Some(0.70));
    table.ratio("durable create : raw store", &stores, None);
    creates.tell_costs("create", table);
    reads.tell_costs("read", table);
    Ok(())
}

/// What was measured of the gateway and of the echo server, round by round.
#[derive(Default)]
struct Compared {
    rates: Pairs,
    costs_us: [Vec<f64>; 4],
}

impl Compared {
    fn add(&mut self, ours: Cost, theirs: Cost) {
        self.rates.add(ours.per_s, theirs.per_s);
        let costs_us = [ours.server_us, ours.kernel_us, theirs.server_us, theirs.load_us];
        for (samples, cost_us) in self.costs_us.iter_mut().zip(costs_us) {
            samples.push(cost_us);
        }
    }

    /// Processor time of one request in each process: where the time of the ratio goes.
    fn tell_costs(&self, what: &str, table: &mut Table) {
        let parts = ["the gateway", "the kernel for it", "the echo server", "the load"];
        for (part, samples) in parts.iter().zip(&self.costs_us) {
            table.value(
                &format!("processor time of a {what} in {part}"),
                samples,
                "µs",
                None,
            );
        }
    }
}

/// What a request cost, and how many there were a second.
#[derive(Clone, Copy)]
struct Cost {
    per_s: f64,
    server_us: f64,
    /// Its part in the kernel.
    kernel_us: f64,
    load_us: f64,
}

async fn drive_process(server: &Process, plan: Plan, requests: Arc<dyn Requests>) -> Result<Cost> {
    let (server_before, load_before) = (server.cpu()?, Used::by_us()?);
    let run = drive(server.address, plan.connections, plan.time, requests).await?;
    let each_us = |used: Duration| used.as_secs_f64() * 1e6 / run.answers;
    let used = server.cpu()?.since(server_before);
    Ok(Cost {
        per_s: run.per_s,
        server_us: each_us(used.all),
        kernel_us: each_us(used.kernel),
        load_us: each_us(Used::by_us()?.since(load_before).all),
    })
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
