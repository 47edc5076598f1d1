//! A browser without scripts, and a bank whose clock and file it can touch.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use ayni_domain::time::from_ms;
use http_body_util::BodyExt;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::bank::DemoBank;

/// The CLP accounts of the payer and the payee in most tests.
pub const PAYER: &str = "11.111.111-1";
pub const PAYER_ACCOUNT: &str = "000000000000111111111";
pub const PAYEE: &str = "44.444.444-4";
pub const PAYEE_ACCOUNT: &str = "000000000000444444444";

/// Where the tests' clock begins.
const START_MS: i64 = 1_790_000_000_123;

/// A bank in a directory of its own.
pub struct TestBank {
    directory: TempDir,
    now_ms: Arc<AtomicI64>,
    pub bank: DemoBank,
}

impl TestBank {
    pub fn open() -> TestBank {
        let directory = tempfile::tempdir().unwrap();
        let now_ms = Arc::new(AtomicI64::new(START_MS));
        let bank = open_at(&directory, &now_ms);
        TestBank {
            directory,
            now_ms,
            bank,
        }
    }

    /// The same file, opened anew; everybody is logged out.
    pub fn restart(&mut self) {
        self.bank = open_at(&self.directory, &self.now_ms);
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("bank.db")
    }

    pub fn move_clock_minutes(&self, minutes: i64) {
        self.now_ms.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.bank.router())
    }

    pub async fn logged_in(&self, rut: &str) -> Browser {
        let mut browser = self.browser();
        assert_eq!(browser.log_in(rut, "1234").await.page(), "accounts");
        browser
    }
}

fn open_at(directory: &TempDir, now_ms: &Arc<AtomicI64>) -> DemoBank {
    let now_ms = Arc::clone(now_ms);
    let now = Arc::new(move || from_ms(now_ms.load(Ordering::SeqCst)));
    DemoBank::open(&directory.path().join("bank.db"), now, Some(7)).unwrap()
}

/// An answer's text.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
}

impl Answer {
    /// What follows the first `before`, up to the next quote or tag.
    pub fn after(&self, before: &str) -> &str {
        let (_, rest) = self
            .html
            .split_once(before)
            .unwrap_or_else(|| panic!("no {before} in {}", self.html));
        rest.split(['"', '<']).next().unwrap_or_default()
    }

    pub fn page(&self) -> &str {
        self.after("data-page=\"")
    }

    pub fn csrf(&self) -> &str {
        self.after("name=\"csrf\" value=\"")
    }

    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// Keeps cookies and follows redirects.
#[derive(Clone)]
pub struct Browser {
    site: Router,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new(site: Router) -> Browser {
        Browser {
            site,
            cookies: BTreeMap::new(),
        }
    }

    /// The same browser, at another site or at a site that was restarted.
    pub fn visit(&mut self, site: Router) {
        self.site = site;
    }

    /// The cookies that it sends.
    pub fn cookies(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Gets without following where the answer leads.
    pub async fn get_only(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let mut answer = self.get_only(path).await;
        while answer.status == StatusCode::SEE_OTHER {
            let next = answer.location().to_owned();
            answer = self.send(Request::get(next), Body::empty()).await;
        }
        answer
    }

    /// Posts without following where the answer leads.
    pub async fn post_only(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)));
        let form = pairs.collect::<Vec<_>>().join("&");
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(form)).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.post_only(path, fields).await;
        if answer.status == StatusCode::SEE_OTHER {
            self.get(answer.location()).await
        } else {
            answer
        }
    }

    pub async fn log_in(&mut self, rut: &str, password: &str) -> Answer {
        let form = self.get("/login").await;
        self.post(
            "/login",
            &[("csrf", form.csrf()), ("rut", rut), ("password", password)],
        )
        .await
    }

    /// Fills in the transfer form; some fields can be given other values.
    pub async fn order(&mut self, changed: &[(&str, &str)]) -> Answer {
        let form = self.get("/transfer").await;
        let mut fields = BTreeMap::from([
            ("csrf", form.csrf()),
            ("origin", PAYER_ACCOUNT),
            ("bank", "DemoBank"),
            ("number", PAYEE_ACCOUNT),
            ("holder", "Cobrador de desarrollo #990.939"),
            ("rut", PAYEE),
            ("email", ""),
            ("amount", "1000"),
            ("comment", "gqzdy6chjne9-1"),
        ]);
        fields.extend(changed.iter().copied());
        self.post("/transfer", &fields.into_iter().collect::<Vec<_>>())
            .await
    }

    /// Gives the coordinates on the card's page.
    pub async fn confirm(&mut self, card: &Answer, coordinates: &str) -> Answer {
        let path = format!("/transfer/{}", card.after("data-draft=\""));
        let typed: Vec<&str> = coordinates.split(' ').collect();
        let fields = [
            ("csrf", card.csrf()),
            ("coordinate_1", typed[0]),
            ("coordinate_2", typed[1]),
            ("coordinate_3", typed[2]),
        ];
        self.post(&path, &fields).await
    }

    pub async fn transfer(&mut self, changed: &[(&str, &str)], coordinates: &str) -> Answer {
        let card = self.order(changed).await;
        assert_eq!(card.page(), "coordinates");
        self.confirm(&card, coordinates).await
    }

    /// What the page of accounts says that this one holds.
    pub async fn balance(&mut self, account: &str) -> String {
        let statement = self.get(&format!("/accounts/{account}")).await;
        statement
            .after("class=\"soft\">Saldo disponible</span> <data value=\"")
            .to_owned()
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = request.header(header::COOKIE, self.cookies());
        let response = self
            .site
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie::Cookie::parse(line.to_str().unwrap()).unwrap();
            assert!(cookie.http_only() == Some(true) && cookie.same_site().is_some());
            self.cookies
                .insert(cookie.name().to_owned(), cookie.value().to_owned());
        }
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer {
            status,
            headers,
            html: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
