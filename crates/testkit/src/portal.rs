//! The bill portal on a port of its own, in the test's process, so that a test can count its visits.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use ayni_sandbox::portal::counts::Visits;
use ayni_sandbox::portal::{Portal as Site, PortalSettings};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The portal's site, running unless it was stopped.
pub struct Portal {
    /// The site itself, which knows what everybody owes.
    pub site: Site,
    address: SocketAddr,
    serving: Mutex<Option<Serving>>,
}

struct Serving {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Portal {
    /// Starts a portal whose slow pages take `slow`.
    pub async fn start(
        now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        slow: Duration,
        seed: u64,
    ) -> Result<Portal> {
        let settings = PortalSettings {
            slow,
            seed: Some(seed),
            ..PortalSettings::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let portal = Portal {
            site: Site::new(settings, now)?,
            address: listener.local_addr()?,
            serving: Mutex::default(),
        };
        portal.serve(listener);
        Ok(portal)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often it was visited so far.
    pub fn visits(&self) -> Visits {
        self.site.visits()
    }

    /// Nobody can connect any more. Slow pages under way are ended, because nobody waits for them in a test.
    pub async fn stop(&self) -> Result<()> {
        let serving = self.lock().take().context("the portal is not running")?;
        let _ = serving.stop.send(());
        if tokio::time::timeout(DRAIN_MAX, serving.ended).await.is_err() {
            eprintln!("the portal had pages under way that were not taken");
        }
        Ok(())
    }

    /// Opens it again where it was.
    pub async fn start_again(&self) -> Result<()> {
        self.serve(TcpListener::bind(self.address).await?);
        Ok(())
    }

    fn serve(&self, listener: TcpListener) {
        let (stop, stopped) = oneshot::channel();
        let site = self.site.clone();
        let ended = tokio::spawn(async move {
            let serving = site.serve(listener, async move {
                // An error means that the test has ended.
                let _ = stopped.await;
            });
            if let Err(error) = serving.await {
                eprintln!("the portal ended: {error}");
            }
        });
        *self.lock() = Some(Serving { stop, ended });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Serving>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long pages under way are waited for.
const DRAIN_MAX: Duration = Duration::from_secs(2);
