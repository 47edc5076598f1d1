//! A whole gateway for one test: its own database, DemoBank and the bill portal on ports of their own, a clock that the
//! test moves.
//!
//! Background work is not running: the test says [`TestGateway::work`] and everything that is due is done before it
//! goes on. So nothing depends on timing, and two days of retries take as long as their deliveries.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use ayni_connectors::{Connectors, SiteSettings};
use ayni_crypto::entropy::Entropy;
use ayni_crypto::master::MasterKey;
use ayni_gateway::app::{App, Parts, Shared};
use ayni_gateway::background;
use ayni_gateway::banks::Banks;
use ayni_gateway::clock::Clock;
use ayni_gateway::http::serve::{Serving, serve};
use ayni_gateway::privacy::retention::Retention;
use ayni_gateway::settings::Settings;
use ayni_gateway::settlement::holidays;
use ayni_outbound::Outbound;
use ayni_outbound::mail::Mailer;
use ayni_outbound::policy::Policy;
use ayni_store::db::Db;
use ayni_store::location::Location;
use ayni_store::options::Options;
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::account::{self, Account};
use crate::bank::Bank;
use crate::engine::{Database, Engine};
use crate::http::{self, Answer};
use crate::logs;
use crate::mail_server::{MailServer, Way};
use crate::portal::Portal;

/// A running gateway, its bank, the bill portal and a developer account.
pub struct TestGateway {
    /// What handlers and jobs share.
    pub app: Shared,
    /// `host:port` of the gateway.
    pub address: String,
    /// The bank.
    pub bank: Bank,
    /// The bill portal.
    pub portal: Portal,
    /// The developer account's `receiver_id`.
    pub receiver_id: i64,
    /// The secret that signs its notifications.
    pub secret: String,
    /// Its API key.
    pub api_key: String,
    /// The clock that the gateway and its bank read.
    pub clock: Clock,
    /// Where files of the test may be put.
    pub folder: TempDir,
    mail: Option<MailServer>,
    database: Database,
    wishes: Wishes,
    serving: (CancellationToken, JoinHandle<()>),
}

/// Another node over a gateway's database.
pub struct Node {
    /// What its handlers and jobs share.
    pub app: Shared,
    /// Its `host:port`.
    pub address: String,
    serving: (CancellationToken, JoinHandle<()>),
}

/// What a test may want otherwise.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// Requests a second and key.
    pub rate_limit_per_s: u32,
    /// Largest body.
    pub body_limit_bytes: usize,
    /// Seeds everything random.
    pub seed: u64,
    /// Whether merchants on the loopback address may be called, without TLS.
    pub may_call_loopback: bool,
    /// How long a delivery waits for the merchant.
    pub delivery_timeout: Duration,
    /// Between two periodic readings of a statement.
    pub statement_pause: Duration,
    /// How long the portal's slow pages take.
    pub portal_slow: Duration,
    /// How long an operation may take.
    pub operation_budget: Duration,
    /// Payments of one settlement at most.
    pub settlement_payments: i64,
    /// Whether there is a mail server.
    pub mail: bool,
    /// How long personal data is kept.
    pub retention: Retention,
    /// How often this gateway was carried elsewhere.
    pub lives: u64,
}

impl Default for Wishes {
    fn default() -> Wishes {
        Wishes {
            rate_limit_per_s: 100_000,
            body_limit_bytes: 2 * 1024 * 1024,
            seed: 7,
            may_call_loopback: true,
            delivery_timeout: Duration::from_secs(10),
            statement_pause: Duration::from_secs(30),
            portal_slow: Duration::from_secs(90),
            operation_budget: Duration::from_secs(50),
            settlement_payments: 5_000,
            mail: false,
            retention: Retention::default(),
            lives: 0,
        }
    }
}

/// What most tests want.
pub fn usual() -> Wishes {
    Wishes::default()
}

impl TestGateway {
    /// Starts one on this engine.
    pub async fn start(engine: Engine) -> Result<TestGateway> {
        TestGateway::start_with(engine, Wishes::default()).await
    }

    /// Starts one that differs from the usual.
    pub async fn start_with(engine: Engine, wishes: Wishes) -> Result<TestGateway> {
        logs::keep();
        let folder = TempDir::new()?;
        let clock = Clock::manual(START.parse::<Timestamp>()?);
        let database = Database::create(engine, folder.path(), clock.now())?;
        let bank = Bank::start(folder.path(), now_of(&clock), wishes.seed).await?;
        let portal = Portal::start(now_of(&clock), wishes.portal_slow, wishes.seed).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let sites = sites(&bank, &portal);
        let mail = wishes.mail.then(MailServer::start).transpose()?;
        let mailer = mail.as_ref().map(|mail| mail.mailer(Way::Starttls)).transpose()?;
        let app = open_app(&database, &clock, &address, (&sites, mailer), &wishes).await?;
        let serving = start_serving(&app, listener);
        let Account {
            receiver_id,
            secret,
            api_key,
        } = account::open(&app, MERCHANT_RUT, None).await?;
        Ok(TestGateway {
            app,
            address,
            bank,
            portal,
            receiver_id,
            secret,
            api_key,
            clock,
            folder,
            mail,
            database,
            wishes,
            serving,
        })
    }

    /// Ends this gateway's life, has its database carried to another place, and goes on from there at the same address, with
    /// the same bank and the same keys.
    pub async fn over(
        self,
        carry: impl FnOnce(&Location) -> Result<Database> + Send + 'static,
    ) -> Result<TestGateway> {
        let (stop, ended) = self.serving;
        stop.cancel();
        ended.await?;
        drop(self.app);
        let old = self.database;
        let (old, database) = tokio::task::spawn_blocking(move || {
            let carried = carry(&old.location);
            carried.map(|carried| (old, carried))
        })
        .await??;
        drop(old);
        let sites = sites(&self.bank, &self.portal);
        let mailer = self
            .mail
            .as_ref()
            .map(|mail| mail.mailer(Way::Starttls))
            .transpose()?;
        // What is random must not come a second time.
        let wishes = Wishes {
            lives: self.wishes.lives + 1,
            ..self.wishes
        };
        let app = open_app(&database, &self.clock, &self.address, (&sites, mailer), &wishes).await?;
        let listener = TcpListener::bind(&self.address).await?;
        Ok(TestGateway {
            serving: start_serving(&app, listener),
            app,
            address: self.address,
            bank: self.bank,
            portal: self.portal,
            receiver_id: self.receiver_id,
            secret: self.secret,
            api_key: self.api_key,
            clock: self.clock,
            folder: self.folder,
            mail: self.mail,
            database,
            wishes,
        })
    }

    /// Starts another node over the same database, on the same clock, at an address of its own.
    pub async fn node(&self) -> Result<Node> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        // What is random must not come a second time.
        let wishes = Wishes {
            lives: self.wishes.lives + 1,
            ..self.wishes.clone()
        };
        let sites = sites(&self.bank, &self.portal);
        let app = open_app(&self.database, &self.clock, &address, (&sites, None), &wishes).await?;
        Ok(Node {
            serving: start_serving(&app, listener),
            app,
            address,
        })
    }

    /// Where its database is.
    pub fn location(&self) -> &Location {
        &self.database.location
    }

    /// Its database's engine.
    pub fn engine(&self) -> Engine {
        match self.database.is_on_server() {
            true => Engine::Postgres,
            false => Engine::Sqlite,
        }
    }

    /// The mail server that was wished for.
    pub fn mail(&self) -> Result<&MailServer> {
        self.mail.as_ref().context("no mail server was wished for")
    }

    /// The database, as a process would be given it.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Does all background work that is due now.
    pub async fn work(&self) -> Result<()> {
        background::drain_due(&self.app).await.context("background work")
    }

    /// Moves the clock and does what became due.
    pub async fn advance(&self, by: jiff::SignedDuration) -> Result<()> {
        self.clock.advance_ms(i64::try_from(by.as_millis())?);
        self.work().await
    }

    /// A call of the API with the developer account's key.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Result<Answer> {
        self.call_with(method, path, body, &[]).await
    }

    /// The same with more headers.
    pub async fn call_with(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Result<Answer> {
        self.call_by(&self.api_key, method, path, body, headers).await
    }

    /// The same with another account's key.
    pub async fn call_by(
        &self,
        api_key: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Result<Answer> {
        let mut request = http::request(method, &self.address, path).header("x-api-key", api_key);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(json) => {
                request = request.header("content-type", "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body)?).await
    }

    /// A call without a body, with these headers only: another account's key, or none.
    pub async fn call_as(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        let mut request = http::request(method, &self.address, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty())?).await
    }

    /// A POST with these headers only: a token's, or none.
    pub async fn post_as(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Answer> {
        let mut request =
            http::request("POST", &self.address, path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_string()))?).await
    }

    /// Any request.
    pub async fn send(&self, request: Request<Body>) -> Result<Answer> {
        http::send(&self.address, request).await
    }

    /// Creates a payment and returns its id; anything but 200 fails the test.
    pub async fn create(&self, body: Value) -> Result<String> {
        let answer = self.call("POST", "/v3/payments", Some(body)).await?;
        anyhow::ensure!(
            answer.status == 200,
            "creation answered {}: {}",
            answer.status,
            answer.text()
        );
        Ok(answer.json()["payment_id"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// A payment as `GET` answers it.
    pub async fn payment(&self, id: &str) -> Result<Value> {
        Ok(self
            .call("GET", &format!("/v3/payments/{id}"), None)
            .await?
            .json())
    }
}

impl Node {
    /// Ends its serving.
    pub async fn end(self) -> Result<()> {
        let (stop, ended) = self.serving;
        stop.cancel();
        Ok(ended.await?)
    }
}

fn start_serving(app: &Shared, listener: TcpListener) -> (CancellationToken, JoinHandle<()>) {
    let stop = CancellationToken::new();
    let front = ayni_gateway::http::front(app);
    let serving = tokio::spawn(serve(listener, front, Serving::default(), stop.clone()));
    (stop, serving)
}

fn sites(bank: &Bank, portal: &Portal) -> SiteSettings {
    let base_urls = [
        ("demo-bank".to_owned(), bank.url()),
        ("servipag.com".to_owned(), portal.url()),
    ];
    SiteSettings {
        base_urls: base_urls.into(),
        ..SiteSettings::default()
    }
}

async fn open_app(
    database: &Database,
    clock: &Clock,
    address: &str,
    (sites, mailer): (&SiteSettings, Option<Mailer>),
    wishes: &Wishes,
) -> Result<Shared> {
    let entropy = Entropy::seeded(wishes.seed + (wishes.lives << 32));
    let loopback: &[&str] = if wishes.may_call_loopback {
        &["127.0.0.0/8", "::1/128"]
    } else {
        &[]
    };
    let mut settings = Settings::with_public_url(format!("http://{address}").parse()?);
    settings.development = true;
    settings.rate_limit_per_s = wishes.rate_limit_per_s;
    settings.body_limit_bytes = wishes.body_limit_bytes;
    settings.delivery_timeout = wishes.delivery_timeout;
    settings.statement_pause = wishes.statement_pause;
    settings.operation_budget = wishes.operation_budget;
    settings.settlement_payments = wishes.settlement_payments;
    settings.retention = wishes.retention;
    settings.calendar = holidays::shipped()?;
    let parts = Parts {
        db: Db::open(&database.location, Options::default())?,
        master: MasterKey::generate(&Entropy::seeded(wishes.seed)),
        clock: clock.clone(),
        entropy,
        outbound: Outbound::new(Policy {
            allow: loopback
                .iter()
                .filter_map(|network| network.parse().ok())
                .collect(),
        })?,
        mailer,
        connectors: Connectors::load(sites, now_of(clock))?,
        banks: Banks::shipped()?,
        settings,
        metrics: None,
    };
    Ok(App::open(parts).await?)
}

pub(crate) fn now_of(clock: &Clock) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

/// The instant at which every test begins: a Monday noon in Chile.
pub const START: &str = "2026-03-02T15:00:00Z";

/// The merchant's own RUT at DemoBank.
pub const MERCHANT_RUT: &str = "76.086.428-5";
