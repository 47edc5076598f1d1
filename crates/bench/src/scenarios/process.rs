//! The process itself: memory idle and under load, start to first answer.

use std::path::Path;

use anyhow::Result;

use super::Plan;
use crate::load::drive;
use crate::process::Gateway;
use crate::table::Table;
use crate::wire;

/// Starts a gateway again and again on one existing database; then memory before and during a load.
pub async fn start_and_memory(ayni: &Path, plan: Plan, table: &mut Table) -> Result<()> {
    let mut gateway = Gateway::start(ayni, None)?;
    let mut starts_ms = Vec::new();
    for _ in 0..plan.rounds.max(5) {
        gateway = gateway.restarted(ayni, |_, _| Ok(()))?;
        starts_ms.push(gateway.process.ready_after.as_secs_f64() * 1000.0);
    }
    table.value(
        "start to first answer (gateway and DemoBank)",
        &starts_ms,
        "ms",
        Some(150.0),
    );
    table.value(
        "memory idle, own pages",
        &[gateway.process.memory_mib()?],
        "MiB",
        None,
    );
    let address = gateway.process.address;
    let requests = wire::posts(address, "/v3/payments", &gateway.api_key, wire::CREATION);
    let driving = tokio::spawn(drive(address, plan.connections, plan.time * 3, requests));
    let (mut own, mut resident) = (Vec::new(), Vec::new());
    while !driving.is_finished() {
        tokio::time::sleep(plan.time / 10).await;
        own.push(gateway.process.memory_mib()?);
        resident.push(gateway.process.resident_mib()?);
    }
    driving.await??;
    let most = |samples: &[f64]| samples.iter().copied().fold(0.0, f64::max);
    table.value(
        "memory under load, own pages, most",
        &[most(&own)],
        "MiB",
        Some(80.0),
    );
    table.value(
        "memory under load, mapped files included, most",
        &[most(&resident)],
        "MiB",
        None,
    );
    Ok(())
}
