//! `ayni dev`: the first start makes everything, later ones keep it.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::support::{House, Serving, json, run};

#[test]
fn the_first_start_makes_an_account_and_the_second_one_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let first = Serving::start(&data, &["dev", "--port", "0"]);
    let file = data.join("dev.json");
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(written, first.ready);
    let keys = [
        "gateway_url",
        "demo_bank_url",
        "portal_url",
        "database",
        "receiver_id",
        "secret",
        "api_key",
        "console_url",
        "console_email",
        "console_password",
    ];
    assert!(keys.iter().all(|key| !written[key].is_null()), "{written}");
    for secret in ["dev.json", "master.key"] {
        let mode = std::fs::metadata(data.join(secret)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{secret}");
    }
    assert!(first.stop().success());
    let second = Serving::start(&data, &["dev", "--port", "0"]);
    for kept in ["database", "receiver_id", "secret", "api_key", "console_password"] {
        assert_eq!(second.ready[kept], written[kept], "{kept}");
    }
}

#[test]
fn a_developer_collects_in_every_currency_but_the_one_that_is_paid_in_pesos() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    let listed = house.json(&["account", "list", "--account", &id]);
    let accounts = listed["collecting_accounts"].as_array().unwrap();
    let mut currencies: Vec<&str> = accounts
        .iter()
        .map(|account| account["currency"].as_str().unwrap())
        .collect();
    currencies.sort_unstable();
    assert_eq!(
        currencies,
        ["ARS", "BOB", "CLP", "COP", "EUR", "MXN", "PEN", "USD"]
    );
    assert!(accounts.iter().all(|account| account["has_login"] == true));
}

#[test]
fn without_its_file_the_account_is_found_again_and_gets_a_new_key() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let first = Serving::start(data, &["dev", "--port", "0"]);
    let (id, key) = (first.ready["receiver_id"].clone(), first.ready["api_key"].clone());
    first.stop();
    std::fs::remove_file(data.join("dev.json")).unwrap();
    let second = Serving::start(data, &["dev", "--port", "0"]);
    assert_eq!(second.ready["receiver_id"], id);
    assert_ne!(second.ready["api_key"], key);
}

#[test]
fn a_taken_port_is_told_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = run(&data, &["dev", "--port", &port]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains(&format!("127.0.0.1:{port} is taken")),
        "{}",
        said.err
    );
    assert!(said.err.contains("--port"), "{}", said.err);
    assert!(!data.exists());
}

#[test]
fn a_bank_that_does_not_answer_is_told_and_no_account_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{nobody}");
    let said = run(folder.path(), &["dev", "--port", "0", "--demo-bank-url", &url]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains(&format!("DemoBank does not answer at {url}")),
        "{}",
        said.err
    );
    assert_eq!(
        json(folder.path(), &["merchant", "list"])["merchants"],
        Value::Array(Vec::new())
    );
}

#[test]
fn a_bank_in_a_process_of_its_own_serves_as_well() {
    let (banks, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let bank = Serving::start(banks.path(), &["sandbox", "demo-bank", "--port", "0"]);
    let url = bank.ready["demo_bank_url"].as_str().unwrap().to_owned();
    let gateway = Serving::start(data.path(), &["dev", "--port", "0", "--demo-bank-url", &url]);
    assert_eq!(gateway.ready["demo_bank_url"], url.as_str());
    assert!(!data.path().join("demo-bank.db").exists());
    assert!(gateway.stop().success());
    assert!(bank.stop().success());
}

#[test]
fn a_portal_in_a_process_of_its_own_serves_as_well() {
    let data = tempfile::tempdir().unwrap();
    let portal = Serving::start(data.path(), &["sandbox", "portal", "--port", "0"]);
    let url = portal.ready["portal_url"].as_str().unwrap().to_owned();
    let gateway = Serving::start(data.path(), &["dev", "--port", "0", "--portal-url", &url]);
    assert_eq!(gateway.ready["portal_url"], url.as_str());
    assert!(gateway.stop().success());
    let again = Serving::start(data.path(), &["dev", "--port", "0"]);
    assert_ne!(again.ready["portal_url"], url.as_str());
    assert!(again.stop().success());
    assert!(portal.stop().success());
}
