//! A bill portal on loopback, and the calls of a gateway that asks for its data.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::middleware::from_fn_with_state;
use ayni_connectors::data::login::{LoggedIn, Login, LoginStep};
use ayni_connectors::data::{Connector, Failed, Reply, Visit};
use ayni_connectors::session::visitor::SiteDriver;
use ayni_connectors::{Clock, Connectors, SiteSettings};
use ayni_domain::rut::Rut;
use ayni_outbound::browser::Chromium;
use ayni_outbound::browser::visit::PageLimits;
use ayni_outbound::site::SiteLimits;
use ayni_sandbox::portal::magic::PASSWORD;
use ayni_sandbox::portal::{Portal, PortalSettings};
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use url::Url;

use crate::disturbance::{Fault, What, Wire, wire};

pub const PATH: &str = "com/services/servipag.com";

/// What the company in most tests is called.
pub const WATER: &str = "Aguas Andinas";

/// The drivers on which every test of a site's behaviour runs.
pub const DRIVERS: &[SiteDriver] = &[SiteDriver::Http, SiteDriver::Chromium];

/// Far longer than any page that comes takes, on a busy machine too, and shorter than those that never come.
const PATIENCE: Duration = Duration::from_secs(20);

/// For pages that never come. A page that is late for another reason leads to the same code.
pub const IMPATIENCE: Duration = Duration::from_millis(400);

/// One browser for all tests: its pipes are served by a runtime that outlives each test's own.
static CHROMIUM: LazyLock<Chromium> = LazyLock::new(|| {
    let start = || {
        let runtime = Runtime::new().unwrap();
        let chromium = Chromium::default();
        let nowhere = Url::parse("http://127.0.0.1:9").unwrap();
        let limits = PageLimits {
            timeout: Duration::from_secs(60),
            max_page_bytes: 0,
            redirects_max: 0,
        };
        let begun = runtime.block_on(chromium.visit(&nowhere, Vec::new(), limits));
        begun.expect("these tests need Chromium: apt-get install chromium");
        std::mem::forget(runtime);
        chromium
    };
    std::thread::spawn(start).join().unwrap()
});

pub struct TestPortal {
    pub portal: Portal,
    pub url: String,
    wire: Arc<Wire>,
    _serving: oneshot::Sender<()>,
}

impl TestPortal {
    /// The portal as it is.
    pub async fn start() -> TestPortal {
        let (portal, listener, url) = made().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let served = portal.clone();
        tokio::spawn(async move { served.serve(listener, async { drop(stopped.await) }).await });
        TestPortal {
            portal,
            url,
            wire: Arc::default(),
            _serving: stop,
        }
    }

    /// The portal behind a wire that can be disturbed.
    pub async fn on_a_wire() -> TestPortal {
        let (portal, listener, url) = made().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let wire_state = Arc::new(Wire::default());
        let site = portal
            .router()
            .layer(from_fn_with_state(Arc::clone(&wire_state), wire));
        tokio::spawn(async move {
            let serving = axum::serve(listener, site).with_graceful_shutdown(async { drop(stopped.await) });
            serving.await.unwrap();
        });
        TestPortal {
            portal,
            url,
            wire: wire_state,
            _serving: stop,
        }
    }

    pub fn disturb(&self, request: &'static str, what: What) {
        *self.wire.fault.lock().unwrap() = Some(Fault { request, what });
    }

    /// How many requests begin with that.
    pub fn count(&self, request: &str) -> usize {
        let seen = self.wire.seen.lock().unwrap();
        seen.iter().filter(|seen| seen.starts_with(request)).count()
    }

    pub fn connector(&self, driver: SiteDriver) -> Arc<dyn Connector> {
        self.connector_with(driver, None, PATIENCE)
    }

    /// A connector that waits so long for a page, with the site files of that folder.
    pub fn connector_with(
        &self,
        driver: SiteDriver,
        directory: Option<&Path>,
        timeout: Duration,
    ) -> Arc<dyn Connector> {
        let settings = SiteSettings {
            directory: directory.map(Path::to_owned),
            base_urls: [("servipag.com".to_owned(), self.url.clone())].into(),
            drivers: [("servipag.com".to_owned(), driver)].into(),
            limits: SiteLimits {
                timeout,
                max_answer_bytes: 256 * 1024,
            },
            chromium: CHROMIUM.clone(),
        };
        let connectors = Connectors::load(&settings, clock()).unwrap();
        Arc::clone(connectors.institution(PATH).unwrap())
    }
}

pub async fn consult(connector: &dyn Connector, company: &str, client: &str) -> Result<Reply, Failed> {
    let arguments = [("EnterpriseName", company), ("ClientIdentifier", client)];
    run(connector, "consult-debt", &arguments, None).await
}

pub async fn accounts(connector: &dyn Connector, login: &Login) -> Result<Reply, Failed> {
    run(connector, "service-accounts", &[], Some(login)).await
}

pub async fn run(
    connector: &dyn Connector,
    operation: &str,
    arguments: &[(&str, &str)],
    login: Option<&Login>,
) -> Result<Reply, Failed> {
    let arguments: BTreeMap<String, String> = arguments
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    let visit = Visit {
        operation,
        arguments: &arguments,
        login,
    };
    connector.run(visit).await
}

pub fn login(rut: &str) -> Login {
    Login {
        username: rut.to_owned(),
        password: PASSWORD.to_owned(),
        device: None,
    }
}

pub fn rut(body: u32) -> String {
    Rut::from_body(body).unwrap().formatted()
}

pub async fn log_in(connector: &dyn Connector, login: Login) -> Result<LoggedIn, Failed> {
    connector.log_in(LoginStep::Credentials(login)).await
}

/// `Data` of the answer; null where there is none.
pub fn data(reply: &Reply) -> Value {
    let text = reply.data.as_ref().map_or("null", |data| data.get());
    serde_json::from_str(text).unwrap()
}

/// What became of it, as the portal's tables name it.
pub fn outcome<T>(result: &Result<T, Failed>) -> &'static str {
    match result {
        Ok(_) => "OK",
        Err(failed) => failed.fault.code.as_str(),
    }
}

async fn made() -> (Portal, TcpListener, String) {
    let settings = PortalSettings {
        slow: Duration::from_secs(60),
        seed: Some(7),
        ..PortalSettings::default()
    };
    let portal = Portal::new(settings, clock_of_the_portal()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (portal, listener, url)
}

fn clock() -> Clock {
    Arc::new(|| Timestamp::from_millisecond(1_800_000_000_000).unwrap())
}

fn clock_of_the_portal() -> ayni_sandbox::bank::Clock {
    Arc::new(|| Timestamp::from_millisecond(1_800_000_000_000).unwrap())
}
