//! A DemoBank on loopback with a clock that we move, and the steps of a payer.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::middleware::from_fn_with_state;
use ayni_connectors::bank::Bank;
use ayni_connectors::prompt::{FieldKind, Prompt};
use ayni_connectors::statement::BankLogin;
use ayni_connectors::transfer::{Destination, Next, Session, TransferOrder};
use ayni_connectors::{Clock, Connectors, SiteSettings};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_outbound::site::SiteLimits;
use ayni_sandbox::bank::DemoBank;
use ayni_sandbox::book::{self, BookEntry};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::disturbance::{Fault, What, Wire, wire};

pub const PAYER: &str = "11.111.111-1";
pub const COLLECTOR: &str = "44.444.444-4";
pub const COLLECTOR_ACCOUNT: &str = "000000000000444444444";

pub struct TestBank {
    pub bank: DemoBank,
    pub url: String,
    now_ms: Arc<AtomicI64>,
    wire: Arc<Wire>,
    serving: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    file: PathBuf,
    _directory: tempfile::TempDir,
}

impl TestBank {
    pub async fn start() -> TestBank {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("demo-bank.db");
        let now_ms = Arc::new(AtomicI64::new(1_800_000_000_000));
        let bank = DemoBank::open(&file, clock(&now_ms), Some(7)).unwrap();
        let wire_state = Arc::new(Wire::default());
        let site = bank
            .router()
            .layer(from_fn_with_state(Arc::clone(&wire_state), wire));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            axum::serve(listener, site)
                .with_graceful_shutdown(stopped)
                .await
                .unwrap();
        });
        let serving = Some((stop, serving));
        TestBank {
            bank,
            url,
            now_ms,
            wire: wire_state,
            serving,
            file,
            _directory: directory,
        }
    }

    /// The connectors of one more node.
    pub fn connectors(&self) -> Connectors {
        self.connectors_with(SiteSettings::default())
    }

    pub fn connectors_with(&self, mut settings: SiteSettings) -> Connectors {
        settings.base_urls = [("demo-bank".to_owned(), self.url.clone())].into();
        settings.limits = SiteLimits {
            timeout: Duration::from_secs(2),
            max_answer_bytes: 1024 * 1024,
        };
        Connectors::load(&settings, clock(&self.now_ms)).unwrap()
    }

    pub fn advance_minutes(&self, minutes: i64) {
        self.now_ms.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    pub fn disturb(&self, request: &'static str, what: What) {
        *self.wire.fault.lock().unwrap() = Some(Fault { request, what });
    }

    /// How many requests begin with that.
    pub fn count(&self, request: &str) -> usize {
        self.wire
            .seen
            .lock()
            .unwrap()
            .iter()
            .filter(|seen| seen.starts_with(request))
            .count()
    }

    /// Stops listening and closes every connection.
    pub async fn stop(&mut self) {
        let (stop, serving) = self.serving.take().unwrap();
        stop.send(()).unwrap();
        serving.await.unwrap();
    }

    pub fn book(&self) -> Vec<BookEntry> {
        book::read(&self.file).unwrap()
    }

    /// Money from the payer to the collector by another channel.
    pub async fn book_transfers(&self, comments: impl Iterator<Item = String>) {
        let payer = Rut::parse(PAYER).unwrap();
        for comment in comments {
            let amount = Amount::from_units(1_000);
            let done = self
                .bank
                .transfer_by_hand(payer, COLLECTOR_ACCOUNT, amount, Currency::Clp, &comment)
                .await;
            done.unwrap().unwrap();
        }
    }
}

fn clock(now_ms: &Arc<AtomicI64>) -> Clock {
    let now_ms = Arc::clone(now_ms);
    Arc::new(move || Timestamp::from_millisecond(now_ms.load(Ordering::SeqCst)).unwrap())
}

/// Settings with an operator's site file: the built-in one with one text replaced.
pub fn site_file(from: &str, to: &str) -> (tempfile::TempDir, SiteSettings) {
    let built_in = include_str!("../../src/sites/demo-bank.toml");
    assert!(built_in.contains(from), "{from}");
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("demo-bank.toml"),
        built_in.replace(from, to),
    )
    .unwrap();
    let settings = SiteSettings {
        directory: Some(directory.path().to_owned()),
        ..SiteSettings::default()
    };
    (directory, settings)
}

pub fn bank(connectors: &Connectors) -> &Bank {
    connectors.for_bank("demo-bank").unwrap()
}

pub fn login() -> BankLogin {
    BankLogin {
        rut: COLLECTOR.to_owned(),
        password: "1234".to_owned(),
        coordinates: None,
    }
}

pub fn order() -> TransferOrder {
    TransferOrder {
        amount: Amount::from_units(25_000),
        currency: Currency::Clp,
        destination: Destination {
            bank_name: "DemoBank".to_owned(),
            number: COLLECTOR_ACCOUNT.to_owned(),
            holder_name: "Cobrador de desarrollo #990.939".to_owned(),
            holder_identifier: COLLECTOR.to_owned(),
            email: "cobros@example.com".to_owned(),
        },
        comment: "gqzdy6chjne9-1".to_owned(),
    }
}

/// A payer at one bank, step by step.
pub struct Payer<'a> {
    pub connectors: &'a Connectors,
    pub rut: &'a str,
    pub order: TransferOrder,
}

impl Payer<'_> {
    pub async fn at_account(&self) -> (Prompt, Session) {
        let (_, session) = asked(bank(self.connectors).begin(self.order.clone()));
        asked(
            self.answer(session, &[("rut", self.rut), ("password", "1234")])
                .await,
        )
    }

    pub async fn at_card(&self) -> (Prompt, Session) {
        let (prompt, session) = self.at_account().await;
        let account = first_choice(&prompt);
        asked(self.answer(session, &[("account", &account)]).await)
    }

    pub async fn ready(&self, coordinates: [&str; 3]) -> Session {
        let (prompt, session) = self.at_card().await;
        authorisable(self.give_coordinates(&prompt, session, coordinates).await)
    }

    pub async fn give_coordinates(&self, prompt: &Prompt, session: Session, coordinates: [&str; 3]) -> Next {
        let names = prompt.fields.iter().map(|field| field.name.as_str());
        let answers: Vec<(&str, &str)> = names.zip(coordinates).collect();
        self.answer(session, &answers).await
    }

    pub async fn answer(&self, session: Session, answers: &[(&str, &str)]) -> Next {
        let owned = answers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        bank(self.connectors)
            .answer(session, owned.collect::<BTreeMap<_, _>>())
            .await
    }
}

/// A payer with the usual order.
pub fn payer(connectors: &Connectors) -> Payer<'_> {
    Payer {
        connectors,
        rut: PAYER,
        order: order(),
    }
}

pub fn first_choice(prompt: &Prompt) -> String {
    match &prompt.fields[0].kind {
        FieldKind::Choice(choices) => choices[0].value.clone(),
        other => panic!("no choice: {other:?}"),
    }
}

pub fn asked(next: Next) -> (Prompt, Session) {
    match next {
        Next::Ask(prompt, session) => (prompt, session),
        Next::Authorise(_) => panic!("nothing more was asked"),
        Next::Failed(failure) => panic!("failed: {failure:?}"),
    }
}

pub fn authorisable(next: Next) -> Session {
    match next {
        Next::Authorise(session) => session,
        Next::Ask(prompt, _) => panic!("asked {prompt:?}"),
        Next::Failed(failure) => panic!("failed: {failure:?}"),
    }
}

/// Sealed and opened again, as between two steps.
pub fn stored(session: Session) -> Session {
    let text = serde_json::to_vec(&session).unwrap();
    drop(session);
    serde_json::from_slice(&text).unwrap()
}
