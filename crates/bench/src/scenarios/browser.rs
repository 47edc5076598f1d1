//! What a real browser costs: the same debt asked of the same portal with both drivers. Each visit with Chromium has a
//! context of its own, as in the gateway.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use ayni_connectors::data::{Connector, Visit};
use ayni_connectors::session::visitor::SiteDriver;
use ayni_connectors::{Connectors, SiteSettings};
use ayni_outbound::browser::{Chromium, VISITS_MAX};
use ayni_outbound::site::SiteLimits;

use super::Plan;
use crate::now_ms;
use crate::process::cpu::Cpu;
use crate::process::{Process, portal};
use crate::table::{Pairs, Table};

const INSTITUTION: &str = "com/services/servipag.com";
const SITE: &str = "servipag.com";

/// `consult-debt` of the connector with either driver, in alternating rounds: operations a second, and operations for
/// each second of processor time, Chromium's processes included.
pub async fn against_http(ayni: &Path, plan: Plan, table: &mut Table) -> Result<()> {
    let portal = portal(ayni)?;
    let chromium = Chromium::default();
    let http = connector(&portal, SiteDriver::Http, &chromium)?;
    let browser = connector(&portal, SiteDriver::Chromium, &chromium)?;
    // The first visit starts the browser.
    consult(browser.as_ref()).await?;
    let process_id = chromium.process_id().await.context("Chromium is not running")?;
    let (mut rates, mut efficiencies) = (Pairs::default(), Pairs::default());
    let (mut http_cpu_ms, mut browser_cpu_ms) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        let own = || Cpu::of(std::process::id());
        let all = || Ok(own()? + Cpu::of_family(process_id)?);
        let by_http = drive(&http, plan.connections, plan.time, own).await?;
        let by_browser = drive(&browser, VISITS_MAX, plan.time * 3, all).await?;
        rates.add(by_http.per_s, by_browser.per_s);
        efficiencies.add(1000.0 / by_http.cpu_ms, 1000.0 / by_browser.cpu_ms);
        http_cpu_ms.push(by_http.cpu_ms);
        browser_cpu_ms.push(by_browser.cpu_ms);
    }
    chromium.close().await;
    table.ratio(
        "consult-debt over HTTP : over Chromium",
        &rates,
        Some(CHEAPER_MIN),
    );
    table.ratio(
        "the same, for each second of processor time",
        &efficiencies,
        Some(CHEAPER_MIN),
    );
    table.value(
        "processor time of a consult-debt over HTTP",
        &http_cpu_ms,
        "ms",
        None,
    );
    table.value(
        "processor time of a consult-debt over Chromium",
        &browser_cpu_ms,
        "ms",
        None,
    );
    Ok(())
}

struct Driven {
    per_s: f64,
    cpu_ms: f64,
}

/// Operations one after another in so many places, for so long; those begun are finished and count.
async fn drive(
    connector: &Arc<dyn Connector>,
    places: usize,
    time: Duration,
    cpu: impl Fn() -> Result<Duration>,
) -> Result<Driven> {
    let (begun, before) = (Instant::now(), cpu()?);
    let done = Arc::new(AtomicU64::new(0));
    let mut driving = tokio::task::JoinSet::new();
    for _ in 0..places {
        let (connector, done) = (Arc::clone(connector), Arc::clone(&done));
        driving.spawn(async move {
            while begun.elapsed() < time {
                consult(connector.as_ref()).await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    while let Some(driven) = driving.join_next().await {
        driven??;
    }
    let (took, cpu) = (begun.elapsed(), cpu()?.saturating_sub(before));
    let done = done.load(Ordering::Relaxed) as f64;
    Ok(Driven {
        per_s: done / took.as_secs_f64(),
        cpu_ms: cpu.as_secs_f64() * 1000.0 / done,
    })
}

/// The debt of the specification's example, whose answer is known.
async fn consult(connector: &dyn Connector) -> Result<()> {
    let arguments: BTreeMap<String, String> = [
        ("EnterpriseName", "Aguas Andinas"),
        ("ClientIdentifier", "25252525"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let visit = Visit {
        operation: "consult-debt",
        arguments: &arguments,
        login: None,
    };
    let reply = connector.run(visit).await.map_err(|failed| anyhow!("{failed}"))?;
    let data = reply.data.context("no debt")?;
    anyhow::ensure!(
        data.get().contains("15340"),
        "another debt than the portal's: {data}"
    );
    Ok(())
}

fn connector(portal: &Process, driver: SiteDriver, chromium: &Chromium) -> Result<Arc<dyn Connector>> {
    let settings = SiteSettings {
        base_urls: [(SITE.to_owned(), format!("http://{}", portal.address))].into(),
        drivers: [(SITE.to_owned(), driver)].into(),
        limits: SiteLimits::default(),
        chromium: chromium.clone(),
        ..SiteSettings::default()
    };
    let clock = Arc::new(|| jiff::Timestamp::from_millisecond(now_ms()).unwrap_or_default());
    let connectors = Connectors::load(&settings, clock)?;
    connectors
        .institution(INSTITUTION)
        .cloned()
        .context("there is no connector for the portal")
}

/// How many times cheaper HTTP is to be.
const CHEAPER_MIN: f64 = 30.0;
