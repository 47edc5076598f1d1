//! Creation on PostgreSQL against a hand-written loop of `BEGIN`, two `INSERT`s and `COMMIT` over 32 connections.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result};
use ayni_crypto::digest::hex;
use ayni_crypto::entropy::Entropy;

use super::Plan;
use crate::load::drive;
use crate::process::Gateway;
use crate::table::{Pairs, Table};
use crate::wire;

/// `server` is the URL of a superuser's database; two databases are made on it and dropped.
pub async fn against_hand_written(ayni: &Path, server: &str, plan: Plan, table: &mut Table) -> Result<()> {
    let base = server
        .rsplit_once('/')
        .map_or(server, |(base, _)| base)
        .to_owned();
    let names = ["gateway", "loop"].map(|part| format!("ayni_bench_{part}_{}", std::process::id()));
    on_server(
        server,
        names
            .iter()
            .map(|name| format!("CREATE DATABASE {name}"))
            .collect(),
    )
    .await?;
    let [ours, theirs] = names.clone().map(|name| format!("{base}/{name}"));
    let measured = rounds(ayni, &ours, &theirs, plan).await;
    let drops = names
        .iter()
        .map(|name| format!("DROP DATABASE {name} WITH (FORCE)"))
        .collect();
    on_server(server, drops).await?;
    table.ratio(
        "create on PostgreSQL : hand-written transaction loop",
        &measured?,
        Some(0.80),
    );
    Ok(())
}

async fn rounds(ayni: &Path, ours: &str, theirs: &str, plan: Plan) -> Result<Pairs> {
    let gateway = Gateway::start(ayni, Some(ours))?;
    on_server(theirs, vec![TABLES.to_owned()]).await?;
    let address = gateway.process.address;
    let mut pairs = Pairs::default();
    for _ in 0..plan.rounds {
        let requests = wire::posts(address, "/v3/payments", &gateway.api_key, wire::CREATION);
        let create = drive(address, plan.connections, plan.time, requests).await?;
        let url = theirs.to_owned();
        let looped = tokio::task::spawn_blocking(move || hand_written(&url, plan)).await??;
        pairs.add(create.per_s, looped);
    }
    Ok(pairs)
}

/// What a careful engineer would write by hand: prepared statements, one transaction a payment.
fn hand_written(url: &str, plan: Plan) -> Result<f64> {
    let (count, start) = (AtomicU64::new(0), Instant::now());
    let entropy = Entropy::system();
    std::thread::scope(|scope| -> Result<()> {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| one_connection(url, plan, start, &entropy, &count)))
            .collect();
        for thread in threads {
            thread.join().ok().context("a connection's thread panicked")??;
        }
        Ok(())
    })?;
    Ok(count.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}

fn one_connection(url: &str, plan: Plan, start: Instant, entropy: &Entropy, count: &AtomicU64) -> Result<()> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    let payment = client.prepare(
        "INSERT INTO p (id, account_id, created_at, amount, currency, state, subject) VALUES ($1, $2, $3, $4, 'CLP', 'pending', $5)",
    )?;
    let job = client.prepare("INSERT INTO j (kind, key, due_at) VALUES ('mail', $1, $2)")?;
    while start.elapsed() < plan.time {
        let id = hex(&entropy.bytes::<6>());
        let mut transaction = client.transaction()?;
        transaction.execute(
            &payment,
            &[&id, &1_i64, &1_i64, &10_000_000_i64, &"Cobro de prueba"],
        )?;
        transaction.execute(&job, &[&id, &1_i64])?;
        transaction.commit()?;
        count.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

async fn on_server(url: &str, statements: Vec<String>) -> Result<()> {
    let url = url.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls)?;
        statements
            .iter()
            .try_for_each(|statement| client.batch_execute(statement))
    })
    .await??;
    Ok(())
}

const TABLES: &str = "\
    CREATE TABLE p (id TEXT PRIMARY KEY, account_id BIGINT, created_at BIGINT, amount BIGINT, currency TEXT, state TEXT, subject TEXT); \
    CREATE INDEX p_list ON p (account_id, created_at, id); \
    CREATE TABLE j (kind TEXT, key TEXT, due_at BIGINT, PRIMARY KEY (kind, key));";
const CONNECTIONS: usize = 32;
