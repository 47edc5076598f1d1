//! Every command beside a running gateway: what it does is seen, and `--json` is JSON.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{House, ayni, run, said};

#[test]
fn keys_are_made_listed_and_expired() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    let made = house.json(&["key", "create", "--account", &id, "--alias", "shop"]);
    assert_eq!(made["api_key"].as_str().unwrap().len(), 36);
    let twice = house.run(&["key", "create", "--account", &id, "--alias", "shop"]);
    assert_eq!(twice.code, 1);
    assert!(twice.err.contains("«shop» exists already"), "{}", twice.err);
    house.json(&["key", "expire", "--account", &id, "--alias", "shop"]);
    let keys = house.json(&["key", "list", "--account", &id])["keys"]
        .as_array()
        .unwrap()
        .clone();
    let shop = keys.iter().find(|key| key["alias"] == "shop").unwrap();
    assert!(shop["expires_at"].is_string());
    assert!(keys.iter().all(|key| key.get("api_key").is_none()));
}

#[test]
fn clients_are_made_listed_and_expired() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    let made = house.json(&[
        "client",
        "create",
        "--account",
        &id,
        "--name",
        "Cuentas Claras",
        "--redirect-uri",
        "https://cuentas.example/callback",
        "--scope",
        "com_services_servipag",
    ]);
    assert_eq!(made["client_secret"].as_str().unwrap().len(), 64);
    let client = made["client_id"].as_str().unwrap();
    let plain = ["--name", "x", "--redirect-uri", "http://cuentas.example/"];
    let refused = house.run(&[&["client", "create", "--account", &id][..], &plain].concat());
    assert_eq!(refused.code, 1);
    assert!(
        refused.err.contains("https, or http on 127.0.0.1"),
        "{}",
        refused.err
    );
    house.json(&["client", "expire", "--account", &id, "--id", client]);
    let clients = house.json(&["client", "list", "--account", &id])["clients"].clone();
    let ended = clients
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["client_id"] == client);
    assert!(ended.unwrap()["expired_at"].is_string());
    assert!(ended.unwrap().get("client_secret").is_none());
}

#[test]
fn keys_of_the_gateway_are_rotated() {
    let house = House::open();
    let first = house.json(&["keys", "rotate"]);
    assert_eq!(
        (first["data_key"].as_str(), first["seals_in_s"].as_i64()),
        (Some("seal-2"), Some(60))
    );
    let second = house.json(&["keys", "rotate"]);
    assert_eq!(second["data_key"], "seal-3");
    assert_ne!(second["signing_key"], first["signing_key"]);
    let keys = house.json(&["keys", "list"])["data_keys"].clone();
    assert_eq!(keys.as_array().unwrap().len(), 3);
    assert_eq!(
        (&keys[0]["seals"], &keys[2]["seals"]),
        (&true.into(), &false.into())
    );
    assert!(
        keys[0]["sealed"]["accounts.secret_sealed"].as_u64() > Some(0),
        "{keys}"
    );
    for (asked, said) in [
        (&["keys", "reseal"][..], "seals in"),
        (&["keys", "retire", "seal-1"][..], "can't be retired"),
        (&["keys", "retire", "seal-9"][..], "ayni keys list"),
    ] {
        let refused = house.run(asked);
        assert!(refused.code == 1 && refused.err.contains(said), "{}", refused.err);
    }
}

#[test]
fn what_the_current_key_sealed_is_not_sealed_anew() {
    let house = House::open();
    let done = house.json(&["keys", "reseal"]);
    assert_eq!(done["data_key"], "seal-1");
    let columns = done["sealed_anew"].as_object().unwrap();
    assert!(
        columns.len() >= 7 && columns.values().all(|anew| *anew == 0),
        "{done}"
    );
    let said = house.run(&["keys", "list"]);
    assert!(
        said.out.contains("seal-1") && said.out.contains("seals"),
        "{}",
        said.out
    );
}

#[test]
fn another_master_key_opens_the_database_once_it_was_changed_and_the_old_one_no_longer() {
    let house = House::open();
    let secret = house.json(&["merchant", "list"]);
    let (old, new) = (
        house.directory().join("master.key"),
        house.directory().join("new.key"),
    );
    let changed = house.json(&["keys", "change-master", "--new-key-file", new.to_str().unwrap()]);
    assert_eq!(changed["data_keys"], 2);

    let refused = house.run(&["keys", "rotate"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("another master key"), "{}", refused.err);
    std::fs::rename(new, old).unwrap();
    assert_eq!(house.json(&["keys", "rotate"])["data_key"], "seal-2");
    assert_eq!(house.json(&["merchant", "list"]), secret);
}

#[test]
fn merchants_are_made_shown_and_granted_privileges() {
    let house = House::open();
    let made = house.json(&[
        "merchant",
        "create",
        "--name",
        "Panadería Sol",
        "--email",
        "sol@example.cl",
    ]);
    let id = made["receiver_id"].to_string();
    assert_eq!(made["secret"].as_str().unwrap().len(), 40);
    assert_eq!(
        house.json(&["merchant", "list"])["merchants"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        house.json(&["merchant", "grant", &id, "refunds,confirm"])["privileges"],
        "refunds,confirm"
    );
    assert_eq!(house.run(&["merchant", "grant", &id, "everything"]).code, 1);
    let shown = house.json(&["merchant", "show", &id]);
    assert_eq!(
        (shown["mode"].as_str(), shown.get("secret")),
        (Some("live"), None)
    );
    assert_eq!(
        house.json(&["merchant", "show", &id, "--secret"])["secret"],
        made["secret"]
    );
    let developer = house.json(&["merchant", "create", "--developer"]);
    let accounts = house.json(&[
        "account",
        "list",
        "--account",
        &developer["receiver_id"].to_string(),
    ]);
    assert_eq!(accounts["collecting_accounts"].as_array().unwrap().len(), 8);
}

#[test]
fn a_payment_is_made_by_flags_or_by_a_whole_body_and_read_back() {
    let house = House::open();
    let id = house.payment();
    assert_eq!(house.json(&["payment", "show", &id])["status"], "pending");
    let mut child = ayni(
        &house.directory(),
        &["--json", "payment", "create", "--body-file", "-"],
    )
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let body = br#"{"amount": "25.5", "currency": "USD", "subject": "Book", "transaction_id": "o-7"}"#;
    child.stdin.take().unwrap().write_all(body).unwrap();
    assert_eq!(said(child.wait_with_output().unwrap()).code, 0);
    let listed = house.json(&["payment", "list", "--transaction-id", "o-7"]);
    assert_eq!(listed["payments"][0]["amount"], "25.5000");
    let page = house.json(&["payment", "list", "--limit", "1"]);
    assert!(page["next_cursor"].is_string());
}

#[test]
fn every_violation_of_a_payment_is_told() {
    let house = House::open();
    let wrong = house.run(&[
        "payment",
        "create",
        "--amount",
        "10.55",
        "--subject",
        "",
        "--field",
        "bank_id=nobank",
    ]);
    assert_eq!(wrong.code, 1);
    for field in ["amount:", "subject:", "bank_id:"] {
        assert!(wrong.err.contains(field), "{field} {}", wrong.err);
    }
}

#[test]
fn money_that_matches_no_payment_waits_for_review_and_can_be_returned() {
    let house = House::open();
    let receiver = house.serving.ready["receiver_id"].to_string();
    let accounts = house.json(&["account", "list", "--account", &receiver]);
    let pesos = accounts["collecting_accounts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["currency"] == "CLP")
        .unwrap();
    let number = pesos["number"].as_str().unwrap().to_owned();
    let moved = house.json(&[
        "sandbox",
        "transfer",
        "--to",
        &number,
        "--amount",
        "77",
        "--comment",
        "hola",
    ]);
    assert!(moved["operation"].is_string());
    // Paying reads the statement, and so finds the other money too.
    assert_eq!(house.run(&["payment", "pay", &house.payment()]).code, 0);
    let waiting = || {
        house.json(&["review", "list"])["movements"]
            .as_array()
            .unwrap()
            .clone()
    };
    let found = (0..TRIES)
        .map(|_| waiting())
        .find(|waiting| !waiting.is_empty())
        .unwrap();
    assert_eq!(found[0]["amount"], "77.0000");
    let (account, movement) = (
        found[0]["account"].as_str().unwrap(),
        found[0]["movement"].as_str().unwrap(),
    );
    let shown = house.json(&["review", "show", account, movement]);
    assert_eq!(shown["state"], "review");
    assert_eq!(shown["left"], "77.0000");
    let refused = house.run(&["review", "acknowledge", account, movement, "--reason", "x"]);
    assert!(
        refused.code == 1 && refused.err.contains("brought money"),
        "{}",
        refused.err
    );
    let returned = house.json(&["review", "return", account, movement]);
    assert_eq!(returned["state"], "returned");
    assert!(waiting().is_empty());
    let shown = house.json(&["review", "show", account, movement]);
    assert_eq!(shown["returns"][0]["order"], returned["order"]);
    assert_eq!(
        house
            .run(&["review", "assign", account, movement, "aaaaaaaaaaaa"])
            .code,
        1
    );
}

#[test]
fn what_is_not_there_is_an_error_and_what_is_not_understood_wrong_usage() {
    let house = House::open();
    for arguments in [
        &["merchant", "show", "1"][..],
        &["key", "list", "--account", "1"],
        &["account", "list", "--account", "1"],
        &["payment", "show", "aaaaaaaaaaaa"],
        &["notices", "show", "none"],
        &["notices", "resend", "none"],
    ] {
        let said = house.run(arguments);
        assert_eq!(said.code, 1, "{arguments:?}");
        assert!(said.err.starts_with("error: "), "{}", said.err);
        let json = house.run(&[&["--json"], arguments].concat());
        let told: Value = serde_json::from_str(&json.err).unwrap();
        assert!(told["error"].is_string());
    }
    assert_eq!(house.run(&["payment", "creat"]).code, 2);
    assert_eq!(house.run(&["payment", "create"]).code, 2);
}

#[test]
fn what_only_prints_prints() {
    let folder = tempfile::tempdir().unwrap();
    let document: Value = serde_json::from_str(&run(folder.path(), &["openapi", "payments"]).out).unwrap();
    assert!(document["paths"]["/v3/payments"].is_object());
    let data = run(folder.path(), &["openapi", "data"]).out;
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/data.json");
    assert!(
        std::fs::read_to_string(committed).unwrap() == data,
        "openapi/data.json is out of date: run `cargo xtask openapi`"
    );
    assert!(run(folder.path(), &["completions", "bash"]).out.contains("ayni"));
    let house = House::open();
    assert_eq!(
        house.json(&["notices", "list"])["notices"],
        Value::Array(Vec::new())
    );
    assert_eq!(
        house.json(&["sandbox", "book"])["operations"],
        Value::Array(Vec::new())
    );
    assert_eq!(house.json(&["migrate"])["applied"], Value::Array(Vec::new()));
}

/// More than any reading of a statement takes: each try is a process.
const TRIES: usize = 300;

#[test]
fn a_collecting_accounts_login_is_replaced_once_the_bank_lets_it_in() {
    let house = House::open();
    let receiver = house.serving.ready["receiver_id"].to_string();
    let listed = house.json(&["account", "list", "--account", &receiver]);
    let account = &listed["collecting_accounts"][0];
    let uuid = account["uuid"].as_str().unwrap();
    let rut = account["holder_identifier"].as_str().unwrap();
    let file = house.directory().join("login");
    let log_in = |text: &str, more: &[&str], bank: Option<&str>| {
        std::fs::write(&file, text).unwrap();
        let given = ["--json", "account", "login", uuid, "--login-file"];
        let mut command = ayni(&house.directory(), &given);
        command.arg(&file).args(more);
        if let Some(url) = bank {
            command.env("AYNI_DEMO_BANK_URL", url);
        }
        said(command.output().unwrap())
    };
    let refused = log_in(&format!("{rut}\nwrong\n"), &[], None);
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert!(
        refused.err.contains("did not let this login in"),
        "{}",
        refused.err
    );
    let others = log_in("1234\n", &["--rut", "44.444.444-4"], None);
    assert!(others.err.contains("this login has no account"), "{}", others.err);
    let stored = log_in("1234\n", &["--rut", rut], None);
    assert_eq!(stored.code, 0, "{}", stored.err);
    assert!(stored.out.contains("\"tried\": true"), "{}", stored.out);
    let untried = log_in(&format!("{rut}\n1234\n"), &[], Some("http://127.0.0.1:1"));
    assert_eq!(untried.code, 0, "{}", untried.err);
    assert!(untried.out.contains("\"tried\": false"), "{}", untried.out);
    let unknown = house.run(&["account", "login", "nobody", "--rut", rut]);
    assert!(
        unknown.err.contains("no collecting account nobody"),
        "{}",
        unknown.err
    );
}

#[test]
fn a_secret_is_rotated_and_the_next_one_told_once() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    let old = house.serving.ready["secret"].as_str().unwrap().to_owned();
    let shown = || house.json(&["merchant", "show", &id, "--secret"])["secret"].clone();
    let next = house.json(&["merchant", "rotate-secret", &id])["next_secret"].clone();
    assert_eq!(next.as_str().unwrap().len(), 40);
    assert_eq!(shown(), Value::from(old));
    let twice = house.run(&["merchant", "rotate-secret", &id, "--overlap", "1h"]);
    assert!(twice.err.contains("--finish"), "{}", twice.err);
    house.json(&["merchant", "rotate-secret", &id, "--finish"]);
    assert_eq!(shown(), next);
    let too_long = house.run(&["merchant", "rotate-secret", &id, "--overlap", "9000h"]);
    assert!(too_long.err.contains("overlap of"), "{}", too_long.err);
}
