//! The bill portal as a person's browser, and a gateway, meets it.

mod browse;
mod debts;
mod hostile;
mod login;
mod scripts;
mod services;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ayni_domain::time::from_ms;

use super::browser::{Answer, Browser};
use crate::portal::magic::PASSWORD;
use crate::portal::{Portal, PortalSettings};

/// A company whose clients have eight digits.
const WATER: &str = "/pagar/aguas-andinas";

struct TestPortal {
    portal: Portal,
    now_ms: Arc<AtomicI64>,
}

impl TestPortal {
    fn open() -> TestPortal {
        let now_ms = Arc::new(AtomicI64::new(1_790_000_000_123));
        let clock = Arc::clone(&now_ms);
        let now = Arc::new(move || from_ms(clock.load(Ordering::SeqCst)));
        let settings = PortalSettings {
            slow: Duration::from_millis(20),
            seed: Some(7),
            ..PortalSettings::default()
        };
        let portal = Portal::new(settings, now).unwrap();
        TestPortal { portal, now_ms }
    }

    fn move_clock_minutes(&self, minutes: i64) {
        self.now_ms.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    fn browser(&self) -> Browser {
        Browser::new(self.portal.router())
    }
}

fn token(page: &Answer) -> &str {
    page.after("name=\"_token\" value=\"")
}

/// Opens the form at that address and sends it in.
async fn ask(browser: &mut Browser, path: &str, identifier: &str) -> Answer {
    let form = browser.get(path).await;
    let fields = [("_token", token(&form)), ("identificador", identifier)];
    browser.post(path, &fields).await
}

async fn log_in_with(browser: &mut Browser, rut: &str, password: &str) -> Answer {
    let form = browser.get("/ingresar").await;
    let fields = [("_token", token(&form)), ("rut", rut), ("clave", password)];
    browser.post("/ingresar", &fields).await
}

async fn log_in(browser: &mut Browser, rut: &str) -> Answer {
    log_in_with(browser, rut, PASSWORD).await
}

/// Every value of a cell of that class, in the order of the page.
fn cells(page: &Answer, class: &str) -> Vec<String> {
    let before = format!("<td class=\"{class}\"");
    let pieces = page.html.split(&before).skip(1);
    pieces
        .map(|piece| {
            let (_, text) = piece.split_once('>').unwrap();
            text.split('<').next().unwrap().to_owned()
        })
        .collect()
}
