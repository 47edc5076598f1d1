//! From the payer's last form to the merchant's signed notification, while payments come at a steady rate.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use ayni_gateway::clock::Clock;
use ayni_testkit::payer::Payer;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::Plan;
use crate::process::Gateway;
use crate::table::Table;
use crate::wire;

type Arrivals = Arc<Mutex<HashMap<String, Instant>>>;

/// Payers walk the pages up to the coordinates beforehand; then [`PER_S`] of them a second send the last form.
pub async fn authorise_to_notification(ayni: &Path, plan: Plan, table: &mut Table) -> Result<()> {
    let gateway = Gateway::start(ayni, None)?;
    let arrivals = Arrivals::default();
    let url = receive(arrivals.clone()).await?;
    let mut ready = Vec::new();
    let count = PER_S * usize::try_from(plan.time.as_secs().max(1) * 3)?;
    for batch in 0..count.div_ceil(PREPARED_AT_ONCE) {
        let first = batch * PREPARED_AT_ONCE;
        let mut preparing = JoinSet::new();
        for number in first..count.min(first + PREPARED_AT_ONCE) {
            preparing.spawn(prepare(
                gateway.process.address.to_string(),
                gateway.api_key.clone(),
                url.clone(),
                number,
            ));
        }
        while let Some(prepared) = preparing.join_next().await {
            ready.push(prepared??);
        }
    }
    let sent = authorise_all(ready).await?;
    let took_ms = wait_for_all(&sent, &arrivals).await?;
    let quantile = |share: f64| {
        let last = took_ms.len().saturating_sub(1);
        took_ms[(last as f64 * share).round() as usize]
    };
    let name = format!("authorise to notification at {PER_S} payments/s");
    table.value(&format!("{name}, p50"), &[quantile(0.5)], "ms", None);
    table.value(&format!("{name}, p99"), &[quantile(0.99)], "ms", Some(1000.0));
    Ok(())
}

/// A payment whose payer has only the coordinates left to give.
async fn prepare(address: String, api_key: String, url: String, number: usize) -> Result<(String, Payer)> {
    let body =
        format!(r#"{{"amount":1000,"currency":"CLP","subject":"Cobro {number}","notify_url":"{url}"}}"#);
    let to = address.parse()?;
    let answer =
        tokio::task::spawn_blocking(move || wire::post_with_key(to, "/v3/payments", &api_key, &body))
            .await??;
    let json = answer.split_once("\r\n\r\n").context("no body")?.1;
    let created: serde_json::Value = serde_json::from_str(json)?;
    let id = created["payment_id"]
        .as_str()
        .context("no payment_id")?
        .to_owned();
    let mut payer = Payer::of(&address, Arc::new(|| Clock::System.now()))?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    Ok((id, payer))
}

async fn authorise_all(ready: Vec<(String, Payer)>) -> Result<Vec<(String, Instant)>> {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / u32::try_from(PER_S)?);
    let mut authorising = JoinSet::new();
    for (id, mut payer) in ready {
        ticks.tick().await;
        authorising.spawn(async move {
            let start = Instant::now();
            payer.authorise("11 22 33").await?;
            anyhow::Ok((id, start))
        });
    }
    let mut sent = Vec::new();
    while let Some(done) = authorising.join_next().await {
        sent.push(done??);
    }
    Ok(sent)
}

/// Milliseconds from the last form to the notification, sorted.
async fn wait_for_all(sent: &[(String, Instant)], arrivals: &Arrivals) -> Result<Vec<f64>> {
    let start = Instant::now();
    loop {
        let arrived = arrivals.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let took: Option<Vec<f64>> = sent
            .iter()
            .map(|(id, at)| {
                arrived
                    .get(id)
                    .map(|arrival| arrival.duration_since(*at).as_secs_f64() * 1000.0)
            })
            .collect();
        if let Some(mut took_ms) = took {
            took_ms.sort_by(f64::total_cmp);
            return Ok(took_ms);
        }
        ensure!(
            start.elapsed() < PATIENCE,
            "{} of {} notifications came",
            arrived.len(),
            sent.len()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn receive(arrivals: Arrivals) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/notify", listener.local_addr()?);
    let router = Router::new().route("/notify", post(take)).with_state(arrivals);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

async fn take(State(arrivals): State<Arrivals>, body: axum::body::Bytes) {
    let at = Instant::now();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    if let Some(id) = body["payment_id"].as_str() {
        arrivals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(id.to_owned())
            .or_insert(at);
    }
}

const PER_S: usize = 50;
const PREPARED_AT_ONCE: usize = 8;
const PATIENCE: Duration = Duration::from_secs(60);
