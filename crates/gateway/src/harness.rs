//! A whole gateway in a test: temporary database, a clock that we move, seeded randomness, requests without a socket.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use ayni_connectors::{Connectors, SiteSettings};
use ayni_crypto::entropy::Entropy;
use ayni_crypto::master::MasterKey;
use ayni_domain::currency::Currency;
use ayni_domain::custody::Custody;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Mode, Privileges};
use ayni_outbound::Outbound;
use ayni_outbound::policy::Policy;
use ayni_store::db::Db;
use ayni_store::location::Location;
use ayni_store::options::Options;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::app::{App, Parts, Shared};
use crate::banks::Banks;
use crate::clock::Clock;
use crate::http::front::Front;
use crate::merchants::accounts::{self, NewAccount};
use crate::merchants::collecting::{self, NewCollectingAccount};
use crate::merchants::keys;
use crate::settings::Settings;

/// A gateway with one developer account that collects in pesos.
pub(crate) struct House {
    pub(crate) app: Shared,
    pub(crate) account: AccountId,
    pub(crate) key: String,
    _folder: TempDir,
}

/// What came back.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl House {
    pub(crate) async fn open() -> House {
        House::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> House {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("ayni.db"));
        let start = "2026-03-01T12:00:00Z".parse().unwrap();
        Db::migrate(&location, start).unwrap();
        let entropy = Entropy::seeded(7);
        let clock = Clock::manual(start);
        let mut settings = Settings::with_public_url("https://pay.example".parse().unwrap());
        settings.rate_limit_per_s = 10_000;
        change(&mut settings);
        let policy = Policy {
            allow: vec!["127.0.0.0/8".parse().unwrap()],
        };
        let connectors = Connectors::load(&SiteSettings::default(), Arc::new(move || start)).unwrap();
        let parts = Parts {
            db: Db::open(&location, Options::default()).unwrap(),
            master: MasterKey::generate(&entropy),
            clock,
            entropy,
            outbound: Outbound::new(policy).unwrap(),
            mailer: None,
            connectors,
            banks: Banks::shipped().unwrap(),
            settings,
            metrics: None,
        };
        let app = App::open(parts).await.unwrap();
        let (account, key) = add_account(&app, Mode::Developer, Privileges::of_a_developer()).await;
        House {
            app,
            account,
            key,
            _folder: folder,
        }
    }

    pub(crate) fn front(&self) -> Front {
        crate::http::front(&self.app)
    }

    /// Another account, and its key.
    pub(crate) async fn another(&self, mode: Mode, privileges: Privileges) -> (AccountId, String) {
        add_account(&self.app, mode, privileges).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.send("GET", path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answered {
        self.send("POST", path, &[], body).await
    }

    /// A request with the account's key and further headers; `x-api-key` among them replaces it.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "x-api-key") {
            request = request.header("x-api-key", &self.key);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .front()
            .oneshot(request.body(Body::from(body.to_owned())).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answered {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The fields of `errors`, in order.
    pub(crate) fn fields(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors
            .iter()
            .map(|error| error["field"].as_str().unwrap().to_owned())
            .collect()
    }
}

async fn add_account(app: &App, mode: Mode, privileges: Privileges) -> (AccountId, String) {
    let new = NewAccount {
        name: None,
        email: "Dueno@example.com".into(),
        mode,
        privileges,
        notify_url: None,
        integrator: None,
    };
    let made = accounts::create(app, new).await.unwrap().account;
    let collects = NewCollectingAccount {
        account: made.id,
        bank_id: "Bawdf".into(),
        currency: Currency::Clp,
        number: format!("{:021}", made.id.0),
        holder_name: "Comercio".into(),
        holder_identifier: "111111111".into(),
        holder_email: "cobros@example.com".into(),
        custody: Custody::Gateway,
    };
    collecting::add(app, collects, None).await.unwrap();
    let key = keys::create(app, made.id, "test", None).await.unwrap();
    (made.id, key.to_string())
}
