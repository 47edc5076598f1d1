//! A gateway with a real DemoBank on a port of its own, and a clock that the test moves.

use std::sync::Arc;

use axum::Router;
use ayni_connectors::statement::BankLogin;
use ayni_connectors::{Connectors, SiteSettings};
use ayni_crypto::entropy::Entropy;
use ayni_crypto::master::MasterKey;
use ayni_domain::currency::Currency;
use ayni_domain::custody::Custody;
use ayni_domain::ids::PaymentId;
use ayni_domain::payment::Event;
use ayni_domain::privilege::{Mode, Privileges};
use ayni_outbound::Outbound;
use ayni_outbound::policy::Policy;
use ayni_sandbox::bank::DemoBank;
use ayni_sandbox::book::{self, BookEntry};
use ayni_store::db::Db;
use ayni_store::location::Location;
use ayni_store::options::Options;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::app::{App, Parts, Shared};
use crate::banks::Banks;
use crate::clock::Clock;
use crate::merchants::Account;
use crate::merchants::accounts::{self, NewAccount};
use crate::merchants::collecting::{self, NewCollectingAccount};
use crate::payer::attempt::Attempt;
use crate::payer::sql;
use crate::payments::{self, TransitionError};
use crate::settings::Settings;
use crate::{background, http};

/// The gateway, its bank and a developer account.
pub struct House {
    pub app: Shared,
    pub router: Router,
    pub clock: Clock,
    pub account: Account,
    folder: TempDir,
    bank_url: String,
    bank: CancellationToken,
}

impl House {
    /// Opens one, on a public address of this scheme.
    pub async fn open(scheme: &str, clock: Clock) -> House {
        let folder = TempDir::new().unwrap();
        let (bank_url, bank) = open_bank(&folder, &clock).await;
        let location = Location::Sqlite(folder.path().join("ayni.db"));
        Db::migrate(&location, clock.now()).unwrap();
        let app = open_app(&folder, &clock, &bank_url, scheme, 7).await;
        let account = open_account(&app).await;
        let router = http::router(app.clone());
        House {
            app,
            router,
            clock,
            account,
            folder,
            bank_url,
            bank,
        }
    }

    /// Opens one whose clock stands still until it is moved.
    pub async fn on_a_moved_clock() -> House {
        House::open("http", Clock::manual("2026-11-21T15:00:00Z".parse().unwrap())).await
    }

    /// Creates a payment; the fields of the body beside amount, currency and subject are these.
    pub async fn create(&self, more: &str) -> PaymentId {
        let json = format!(r#"{{"amount":1000,"currency":"CLP","subject":"Zapatillas"{more}}}"#);
        self.create_json(&json).await
    }

    /// Creates a payment of this body.
    pub async fn create_json(&self, json: &str) -> PaymentId {
        let answer = payments::create_for(&self.app, &self.account, json.as_bytes())
            .await
            .unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        PaymentId::parse(answer["payment_id"].as_str().unwrap()).unwrap()
    }

    /// Where a payment stands.
    pub async fn state(&self, id: PaymentId) -> String {
        let found = self
            .app
            .db
            .point("test.state", move |tx| payments::find(tx, id))
            .await;
        found.unwrap().unwrap().state.as_str().to_owned()
    }

    /// The attempts at a payment.
    pub async fn attempts(&self, id: PaymentId) -> Vec<Attempt> {
        self.app
            .db
            .point("test.attempts", move |tx| sql::select_attempts(tx, id))
            .await
            .unwrap()
    }

    /// Lets a payment live through these events.
    pub async fn apply(&self, id: PaymentId, events: Vec<Event>) {
        let now = self.clock.now();
        let unit = move |tx: &mut Tx<'_>| {
            for event in &events {
                let payment = payments::find(tx, id)?.unwrap();
                payments::transition(tx, &payment, event, now)?;
            }
            Ok::<_, TransitionError>(())
        };
        self.app.db.write("test.apply", unit).await.unwrap();
    }

    /// The gateway of a process that was started anew on the same database.
    pub async fn restarted(&self) -> Router {
        http::router(open_app(&self.folder, &self.clock, &self.bank_url, "http", 8).await)
    }

    /// Stops the bank.
    pub async fn stop_bank(&self) {
        self.bank.cancel();
        let address = self.bank_url.trim_start_matches("http://");
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// Does all background work that is due.
    pub async fn work(&self) {
        background::drain_due(&self.app).await.unwrap();
    }

    /// Every transfer that moved money.
    pub fn book(&self) -> Vec<BookEntry> {
        book::read(&self.folder.path().join("demo-bank.db")).unwrap()
    }
}

async fn open_app(folder: &TempDir, clock: &Clock, bank_url: &str, scheme: &str, seed: u64) -> Shared {
    let location = Location::Sqlite(folder.path().join("ayni.db"));
    let mut settings = Settings::with_public_url(format!("{scheme}://pagos.example").parse().unwrap());
    settings.development = true;
    let base_urls = [("demo-bank".to_owned(), bank_url.to_owned())].into();
    let sites = SiteSettings {
        base_urls,
        ..SiteSettings::default()
    };
    App::open(Parts {
        db: Db::open(&location, Options::default()).unwrap(),
        master: MasterKey::generate(&Entropy::seeded(MASTER_SEED)),
        clock: clock.clone(),
        entropy: Entropy::seeded(seed),
        outbound: Outbound::new(Policy {
            allow: vec!["127.0.0.0/8".parse().unwrap()],
        })
        .unwrap(),
        connectors: Connectors::load(&sites, now_of(clock)).unwrap(),
        mailer: None,
        banks: Banks::shipped().unwrap(),
        settings,
        metrics: None,
    })
    .await
    .unwrap()
}

async fn open_bank(folder: &TempDir, clock: &Clock) -> (String, CancellationToken) {
    let bank = DemoBank::open(&folder.path().join("demo-bank.db"), now_of(clock), Some(7)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    tokio::spawn(async move { bank.serve(listener, stopped.cancelled_owned()).await });
    (url, stop)
}

async fn open_account(app: &Shared) -> Account {
    let new = NewAccount {
        name: None,
        email: "cobros@comercio.example".to_owned(),
        mode: Mode::Developer,
        privileges: Privileges::of_a_developer(),
        notify_url: None,
        integrator: None,
    };
    let account = accounts::create(app, new).await.unwrap().account;
    for (currency, number) in [
        (Currency::Clp, "000000000000111111111"),
        (Currency::Usd, "400000000000111111111"),
    ] {
        let new = NewCollectingAccount {
            account: account.id,
            bank_id: "Bawdf".to_owned(),
            currency,
            number: number.to_owned(),
            holder_name: "Comercio de Prueba SpA".to_owned(),
            holder_identifier: "111111111".to_owned(),
            holder_email: "cobros@comercio.example".to_owned(),
            custody: Custody::Gateway,
        };
        let login = BankLogin {
            rut: "11.111.111-1".to_owned(),
            password: "1234".to_owned(),
            coordinates: Some("11 22 33".to_owned()),
        };
        collecting::add(app, new, Some(&login)).await.unwrap();
    }
    account
}

fn now_of(clock: &Clock) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

/// Every process of a test has the same master key, and random bytes of its own.
const MASTER_SEED: u64 = 1;
