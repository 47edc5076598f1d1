//! Is it alive, is it ready, how is it doing: `/healthz`, `/readyz`, `/metrics`.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ayni_domain::time;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::Shared;

/// The probes, which need no key and tell no secret; and the metrics, where this gateway serves them to everybody.
pub fn router(metrics: Option<PrometheusHandle>) -> Router<Shared> {
    let probes = Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz));
    match metrics {
        Some(metrics) => probes.merge(metrics_router(metrics)),
        None => probes,
    }
}

/// The metrics alone, for a listener of the operator's own: how much is paid is nobody else's business.
pub fn metrics_router<S: Clone + Send + Sync + 'static>(metrics: PrometheusHandle) -> Router<S> {
    let render = move || async move { ([(header::CONTENT_TYPE, METRICS_FORM)], metrics.render()) };
    Router::new().route("/metrics", get(render))
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// 200 when the database answers and this process is not draining, else 503.
async fn readyz(State(app): State<Shared>) -> Response {
    if app.draining.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response();
    }
    match app.db.point("health.ready", |tx| tx.one(SELECT_ONE, &[])).await {
        Ok(_) => (StatusCode::OK, "ready\n").into_response(),
        Err(error) => {
            tracing::warn!(error = %error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "database does not answer\n").into_response()
        }
    }
}

/// When the newest payment was made, for whoever doubts this machine's clock.
pub async fn newest_payment(db: &Db) -> Result<Option<Timestamp>, StoreError> {
    db.read("health.newest-payment", |tx| {
        let newest = tx
            .one(SELECT_NEWEST, &[])?
            .map(|row| row.opt_int(0))
            .transpose()?
            .flatten();
        Ok(newest.map(time::from_ms))
    })
    .await
}

const SELECT_NEWEST: &str = "SELECT MAX(created_at) FROM payments";
const METRICS_FORM: &str = "text/plain; version=0.0.4";
const SELECT_ONE: &str = "SELECT 1";
