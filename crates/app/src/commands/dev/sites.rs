//! The sandbox's sites in the gateway's process.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use ayni_gateway::clock::Clock;
use ayni_sandbox::bank::DemoBank;
use ayni_sandbox::error::SandboxError;
use ayni_sandbox::portal::{Portal, PortalSettings};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::run;
use crate::told::Told;

/// The sandbox's sites in this process, each on a port of its own.
pub struct OwnSites {
    ended: CancellationToken,
    serving: JoinSet<()>,
}

impl OwnSites {
    /// Starts those that have a door.
    pub fn start(
        config: &Config,
        bank: Option<TcpListener>,
        portal: Option<TcpListener>,
    ) -> anyhow::Result<OwnSites> {
        let mut own = OwnSites {
            ended: CancellationToken::new(),
            serving: JoinSet::new(),
        };
        if let Some(listener) = bank {
            let (bank, end) = (open_bank(config)?, own.end());
            own.serve("DemoBank", async move { bank.serve(listener, end).await });
        }
        if let Some(listener) = portal {
            let (portal, end) = (open_portal()?, own.end());
            own.serve(
                "the bill portal",
                async move { portal.serve(listener, end).await },
            );
        }
        Ok(own)
    }

    fn end(&self) -> impl Future<Output = ()> + Send + 'static {
        self.ended.clone().cancelled_owned()
    }

    fn serve(
        &mut self,
        name: &'static str,
        serving: impl Future<Output = Result<(), SandboxError>> + Send + 'static,
    ) {
        self.serving.spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "{name} ended");
            }
        });
    }

    /// Ends them after the gateway, whose last steps still need them.
    pub async fn stop(mut self) {
        self.ended.cancel();
        run::within(SITES_DRAIN_MAX, "requests to the sandbox", async {
            while self.serving.join_next().await.is_some() {}
        })
        .await;
    }
}

/// A bill portal; it has no file.
pub fn open_portal() -> anyhow::Result<Portal> {
    let now = Arc::new(|| Clock::System.now());
    Ok(Portal::new(PortalSettings::default(), now)?)
}

/// DemoBank's file in the data directory, opened.
pub fn open_bank(config: &Config) -> anyhow::Result<DemoBank> {
    let path = config.file("demo-bank.db");
    DemoBank::open(&path, Arc::new(|| Clock::System.now()), None).map_err(|error| {
        let hint = "if it may be lost, delete it: DemoBank makes it anew, with no transfer in it";
        Told::new(
            format!("DemoBank's file {} could not be opened", path.display()),
            hint,
        )
        .because(error)
        .into()
    })
}

/// How long the sandbox's last requests are waited for.
const SITES_DRAIN_MAX: Duration = Duration::from_secs(5);
