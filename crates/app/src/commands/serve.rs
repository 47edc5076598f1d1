//! `ayni serve`: the gateway in production, on one node of as many as share the database.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use ayni_gateway::http::health;
use ayni_gateway::http::serve::{Serving, serve};
use ayni_store::options::Options;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::cli::Common;
use crate::config::layers::Source;
use crate::config::values::{Edge, Tuning, Values};
use crate::config::{Config, Profile};
use crate::output::{self, Form};
use crate::tls::Certificate;
use crate::told::Told;
use crate::{gateway, logs, place, run, stop};

/// What `ayni serve` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    edge: Edge,
    #[command(flatten)]
    tuning: Tuning,
}

/// Serves until SIGTERM.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let begun = Instant::now();
    let flags = Values {
        edge: args.edge,
        tuning: args.tuning,
        ..Values::default()
    };
    let config = Config::with(common, flags, Some(Profile::Serve))?;
    let logging = logs::start_with_traces(&config)?;
    let public_url = checked_public_url(&config)?;
    let certificate = certificate(&config)?;
    let serving = Serving {
        tls: certificate.as_ref().map(Certificate::acceptor).transpose()?,
        trusted_proxies: gateway::networks(&config, "trusted_proxy", &config.values.edge.trusted_proxy)?,
        ..Serving::default()
    };
    let master = place::master_key(&config)?;
    let db = place::open_db(&config, Options::default())?;
    let app = gateway::open(&config, db, master, None).await?;
    let stop = stop::on_signal()?;
    if let Some(certificate) = certificate {
        certificate.follow(stop.clone())?;
    }
    let address = config.values.edge.listen.unwrap_or(([127, 0, 0, 1], 8080).into());
    let listener = run::listen(address, "--listen").await?;
    let metrics = serve_metrics(&config, &stop).await?;
    let (address, ready_ms) = (listener.local_addr()?, begun.elapsed().as_millis());
    let ready = json!({
        "listen": address.to_string(), "metrics": metrics.map(|metrics| metrics.to_string()),
        "public_url": public_url, "ready_ms": ready_ms,
    });
    output::result(Form::of(common.json), &ready, || {
        output::line(&format!(
            "Ayni serves {public_url} on {address}; ready in {ready_ms} ms."
        ));
        if let Some(metrics) = metrics {
            output::line(&format!("Metrics: http://{metrics}/metrics"));
        }
    })?;
    run::until_stopped(app, listener, serving, stop).await;
    logging.close().await;
    Ok(())
}

/// Serves the metrics on a listener of their own. Where only the usual address is taken, as by a second node on this
/// machine, the gateway goes on without them.
async fn serve_metrics(config: &Config, stop: &CancellationToken) -> anyhow::Result<Option<SocketAddr>> {
    let Some(address) = config.values.edge.metrics_listen else {
        return Ok(None);
    };
    let listener = match run::listen(address, "--metrics-listen").await {
        Err(error) if config.sources.get("metrics_listen") == Some(&Source::Default) => {
            tracing::warn!(%error, "no metrics are served");
            return Ok(None);
        }
        listener => listener?,
    };
    let address = listener.local_addr()?;
    let router = health::metrics_router(run::metrics(stop)?);
    tokio::spawn(serve(listener, router, Serving::default(), stop.clone()));
    Ok(Some(address))
}

/// The public URL: https, unless the operator said otherwise in so many words.
fn checked_public_url(config: &Config) -> anyhow::Result<String> {
    if config.values.edge.public_url.is_none() {
        let hint = "--public-url https://pay.example.com (or AYNI_PUBLIC_URL, or public_url in ayni.toml)\n\
                    to try things out on this machine: `ayni dev`";
        return Err(Told::new(
            "serve needs the public URL that payers and merchants reach it by",
            hint,
        )
        .into());
    }
    let url = gateway::public_url(config)?;
    if url.scheme() != "https" && config.values.edge.insecure_public_url != Some(true) {
        let hint = "use https: with --tls-cert and --tls-key, or behind a proxy that does TLS\n\
                    on a test bed without TLS: --insecure-public-url";
        return Err(config
            .wrong(
                "public_url",
                "is not https: payers' bank logins would travel readable",
                hint,
            )
            .into());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn certificate(config: &Config) -> anyhow::Result<Option<Arc<Certificate>>> {
    match (&config.values.edge.tls_cert, &config.values.edge.tls_key) {
        (None, None) => Ok(None),
        (Some(chain), Some(key)) => Ok(Some(Certificate::read(chain.clone(), key.clone())?)),
        _ => {
            let hint = "give both --tls-cert and --tls-key, or neither behind a proxy that does TLS";
            Err(Told::new("TLS needs a certificate and its key", hint).into())
        }
    }
}

const AFTER_HELP: &str = "\
Needs a migrated database and its master key: `ayni migrate` makes both. Any number of nodes may
share a PostgreSQL database; each needs the same master key. SIGTERM finishes what is under way,
a second one stops at once. Probes: /healthz, /readyz; metrics: /metrics on --metrics-listen.
A renewed TLS certificate is read when its files change, within half a minute, or at SIGHUP.

Examples:
  ayni serve --public-url https://pay.example.com --listen 0.0.0.0:443 \\
       --tls-cert chain.pem --tls-key key.pem
  ayni serve --public-url https://pay.example.com --trusted-proxy 10.0.0.0/8   # behind a proxy";
