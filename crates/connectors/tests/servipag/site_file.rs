//! What an operator can say about the site, while the gateway runs.

use std::path::Path;
use std::time::Duration;

use ayni_connectors::{Connectors, SiteSettings};

use crate::test_portal::{DRIVERS, PATH, TestPortal, WATER, accounts, consult, login, outcome};

const BUILT_IN: &str = include_str!("../../src/sites/servipag.com.toml");
const FILE: &str = "servipag.com.toml";
const CLIENT: &str = "25252525";

fn write(folder: &Path, from: &str, to: &str) {
    assert!(BUILT_IN.contains(from), "{from}");
    std::fs::write(folder.join(FILE), BUILT_IN.replacen(from, to, 1)).unwrap();
}

#[tokio::test]
async fn an_operators_file_holds_from_the_next_visit_on_and_a_broken_one_not_at_all() {
    let site = TestPortal::start().await;
    let folder = tempfile::tempdir().unwrap();
    let connector = site.connector_with(DRIVERS[0], Some(folder.path()), Duration::from_secs(3));
    let asked = async |name| {
        let answer = consult(connector.as_ref(), name, CLIENT).await;
        outcome(&answer)
    };
    assert_eq!(asked("Agüitas").await, "E401");
    write(folder.path(), "aguas andinas s.a.", "Agüitas");
    assert_eq!(asked("Agüitas").await, "OK");
    write(folder.path(), "td.monto", "td.importe-total");
    assert_eq!(asked(WATER).await, "E202");
    write(folder.path(), "td.monto", "td..monto");
    assert_eq!(asked(WATER).await, "E202", "a broken file changes nothing");
    std::fs::remove_file(folder.path().join(FILE)).unwrap();
    assert_eq!(asked(WATER).await, "OK");
    assert_eq!(asked("Agüitas").await, "E401");
}

#[tokio::test]
async fn a_login_that_may_have_been_refused_is_not_sent_again() {
    let site = TestPortal::on_a_wire().await;
    let folder = tempfile::tempdir().unwrap();
    let connector = site.connector_with(DRIVERS[0], Some(folder.path()), Duration::from_secs(3));
    write(
        folder.path(),
        "password = \"clave\"\nproblem = \"#error\"",
        "password = \"clave\"\nproblem = \"#motivo\"",
    );
    let mut wrong = login("11.111.111-1");
    wrong.password = "wrong".to_owned();
    let answer = accounts(connector.as_ref(), &wrong).await;
    assert_eq!(outcome(&answer), "E202");
    assert_eq!(site.count("POST /ingresar"), 1);
}

#[tokio::test]
async fn a_site_without_an_address_is_not_driven_and_a_file_that_is_none_is_refused_at_start() {
    let clock: ayni_connectors::Clock = std::sync::Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
    let nowhere = Connectors::load(&SiteSettings::default(), std::sync::Arc::clone(&clock)).unwrap();
    assert!(nowhere.institution(PATH).is_none());
    let folder = tempfile::tempdir().unwrap();
    let settings = SiteSettings {
        directory: Some(folder.path().to_owned()),
        ..SiteSettings::default()
    };
    for (from, to) in [
        (
            "# base_url = \"https://portal.example\"",
            "base_url = \"ftp://portal.example\"",
        ),
        ("# base_url = \"https://portal.example\"", "base_url = \"portal\""),
        ("[debt]", "[debts]"),
        ("code = \"E402\"", "code = \"E40\""),
        ("page = \"esval\"", "page = \"../salir\""),
        ("name = \"ESVAL\"", "name = \"Aguas andinas\""),
        ("form#consulta", "form##consulta"),
    ] {
        write(folder.path(), from, to);
        let refused = Connectors::load(&settings, std::sync::Arc::clone(&clock));
        assert!(refused.is_err(), "{from} → {to}");
    }
    write(
        folder.path(),
        "# base_url = \"https://portal.example\"",
        "base_url = \"https://portal.example\"",
    );
    assert!(
        Connectors::load(&settings, clock)
            .unwrap()
            .institution(PATH)
            .is_some()
    );
}
