//! Running a gateway until it is asked to stop, and ending it so that nothing that was begun is lost.

use std::future::Future;
use std::time::Duration;

use ayni_gateway::app::Shared;
use ayni_gateway::background;
use ayni_gateway::http;
use ayni_gateway::http::serve::Serving;
use ayni_gateway::requests::keep::keep_due;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::output;
use crate::told::Told;

/// Listens on an address; an occupied one is an error that names the flag to choose another.
pub async fn listen(address: std::net::SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let (what, hint) = match error.kind() {
            std::io::ErrorKind::AddrInUse => (
                format!("{address} is taken: another program listens there, perhaps another ayni"),
                format!("stop that program, or choose another address with {flag}"),
            ),
            _ => (
                format!("{address} can't be listened on"),
                format!("choose another address with {flag}"),
            ),
        };
        Told::new(what, hint).because(error).into()
    })
}

/// Starts counting for `/metrics`, until `stop`.
pub fn metrics(stop: &CancellationToken) -> anyhow::Result<PrometheusHandle> {
    let metrics = PrometheusBuilder::new().install_recorder()?;
    tokio::spawn(upkeep(metrics.clone(), stop.clone()));
    Ok(metrics)
}

/// Serves and works until `stop`, then finishes what is under way within [`WORK_DRAIN_MAX`].
pub async fn until_stopped(app: Shared, listener: TcpListener, serving: Serving, stop: CancellationToken) {
    let mut workers = background::start(&app);
    let (draining, asked) = (app.draining.clone(), stop.clone());
    tokio::spawn(async move {
        asked.cancelled().await;
        draining.cancel();
    });
    http::serve::serve(listener, http::front(&app), serving, stop).await;
    app.draining.cancel();
    app.tasks.close();
    let rest = async {
        app.tasks.wait().await;
        while workers.join_next().await.is_some() {}
        if let Err(error) = keep_due(&app).await {
            tracing::warn!(%error, "the last lines of requests were not written");
        }
    };
    within(WORK_DRAIN_MAX, "jobs", rest).await;
    app.connectors.close().await;
}

/// Waits for what is being finished, so long and no longer.
pub async fn within(limit: Duration, what: &str, rest: impl Future<Output = ()>) {
    if tokio::time::timeout(limit, rest).await.is_err() {
        output::note(&format!(
            "some {what} were not finished in {} s; their rows say so and they go on later",
            limit.as_secs()
        ));
    }
}

/// Ready so long after `stop`.
pub async fn after(stop: &CancellationToken, pause: Duration) {
    stop.cancelled().await;
    tokio::time::sleep(pause).await;
}

async fn upkeep(metrics: PrometheusHandle, stop: CancellationToken) {
    while !stop.is_cancelled() {
        tokio::select! {
            () = tokio::time::sleep(UPKEEP_PAUSE) => metrics.run_upkeep(),
            () = stop.cancelled() => {}
        }
    }
}

/// How long jobs and steps at banks are waited for after the last request.
const WORK_DRAIN_MAX: Duration = Duration::from_secs(15);
/// How often the histograms' samples are folded, so that they do not grow.
const UPKEEP_PAUSE: Duration = Duration::from_secs(5);
