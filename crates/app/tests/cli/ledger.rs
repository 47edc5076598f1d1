//! `ayni ledger` and `ayni merchant fee` beside a running gateway.

use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::options::Options;
use serde_json::{Value, json};

use crate::support::House;

#[test]
fn the_ledger_is_corrected_shown_exported_and_proved() {
    let house = House::open();
    let receiver = house.serving.ready["receiver_id"].to_string();
    let account = in_pesos(&house, &receiver);
    let merchant = format!("collected:{receiver}");
    let correct = [
        "ledger",
        "correct",
        "--account",
        &account,
        "--from",
        "suspense",
        "--to",
        &merchant,
    ];
    let moved = house.json(
        &[
            &correct[..],
            &["--amount", "70", "--reason", "carta, «del banco»"],
        ]
        .concat(),
    );
    let id = moved["transaction"].as_str().unwrap();
    let refused = house.run(&[&correct[..], &["--amount", "0.5", "--reason", "x"]].concat());
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("0.5000 can't be moved"), "{}", refused.err);

    let shown = house.json(&["ledger", "show", "--merchant", &receiver]);
    assert_eq!(shown["balances"][0]["holds"], "70.0000");
    assert_eq!(shown["transactions"][0]["transaction"], id);
    assert_eq!(shown["transactions"][0]["note"], "carta, «del banco»");
    let text = house.run(&["ledger", "show", "--account", &account]);
    assert!(
        text.out.contains(&merchant) && text.out.contains(id),
        "{}",
        text.out
    );

    let csv = house.run(&["ledger", "export", "--account", &account]).out;
    let of_correction: Vec<&str> = csv.lines().filter(|line| line.contains(id)).collect();
    assert_eq!(of_correction.len(), 2, "{csv}");
    assert!(
        of_correction[0].contains("suspense,0,70.0000,0.0000,,\"carta, «del banco»\""),
        "{csv}"
    );
    assert!(
        of_correction[1].contains(&format!("collected,{receiver},0.0000,70.0000")),
        "{csv}"
    );

    let proved = house.json(&["ledger", "check"]);
    assert_eq!(
        (&proved["ok"], &proved["differences"]),
        (&json!(true), &json!([]))
    );
}

#[test]
fn a_ledger_that_does_not_hold_exits_with_one_and_says_where() {
    let house = House::open();
    let receiver = house.serving.ready["receiver_id"].to_string();
    let account = in_pesos(&house, &receiver);
    let correct = [
        "ledger",
        "correct",
        "--account",
        &account,
        "--from",
        "suspense",
        "--to",
        "fees",
    ];
    house.json(&[&correct[..], &["--amount", "70", "--reason", "x"]].concat());
    tamper(
        &house,
        "UPDATE ledger_balances SET balance = balance - 10000 WHERE kind = 'fees'",
    );
    let said = house.run(&["ledger", "check"]);
    assert_eq!(said.code, 1, "{said:?}");
    let expected = "fees of 0 in bank account";
    assert!(
        said.out.contains(expected) && said.out.contains("it does not hold"),
        "{}",
        said.out
    );
}

#[test]
fn a_fee_is_agreed_and_shown() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    let none = house.json(&["merchant", "fee", &id, "--show"]);
    assert_eq!(none["fees"], json!([]));
    let terms = [
        "--currency",
        "CLP",
        "--rate",
        "1.49%",
        "--minimum",
        "100",
        "--vat",
        "19%",
    ];
    let agreed = house.json(&[&["merchant", "fee", &id][..], &terms].concat());
    let expected = json!([{"currency": "CLP", "rate": "1.49%", "minimum": "100.0000", "vat": "19%"}]);
    assert_eq!(agreed["fees"], expected);
    for (wrong, why) in [
        (["--currency", "CLF", "--rate", "1%"], "agree on --currency CLP"),
        (["--currency", "CLP", "--rate", "1.49"], "as 1.49%"),
        (["--currency", "XXX", "--rate", "1%"], "is no currency"),
    ] {
        let said = house.run(&[&["merchant", "fee", &id][..], &wrong].concat());
        assert!(said.code != 0 && said.err.contains(why), "{said:?}");
    }
    assert_eq!(house.json(&["merchant", "fee", &id, "--show"])["fees"], expected);
}

fn in_pesos(house: &House, receiver: &str) -> String {
    let accounts = house.json(&["account", "list", "--account", receiver]);
    let accounts: &Vec<Value> = accounts["collecting_accounts"].as_array().unwrap();
    let pesos = accounts
        .iter()
        .find(|account| account["currency"] == "CLP")
        .unwrap();
    pesos["uuid"].as_str().unwrap().to_owned()
}

/// Changes rows past the program, as nobody should.
fn tamper(house: &House, sql: &'static str) {
    let database = house.serving.ready["database"].as_str().unwrap();
    let db = Db::open(&database.parse().unwrap(), Options::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let changed: Result<u64, StoreError> =
        runtime.block_on(db.write("test.tamper", move |tx| tx.exec(sql, &[])));
    assert_eq!(changed.unwrap(), 1);
}
