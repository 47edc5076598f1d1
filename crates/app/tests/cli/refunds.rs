//! `ayni refund` and `ayni orders` beside a running gateway.

use serde_json::Value;

use crate::support::House;

#[test]
fn a_paid_payment_is_refunded_in_part_by_an_order_that_is_listed() {
    let house = House::open();
    let payment = house.payment();
    let early = house.run(&["refund", "create", &payment]);
    assert!(
        early.code == 1 && early.err.contains("can't be refunded"),
        "{}",
        early.err
    );
    house.json(&["payment", "pay", &payment]);
    until(&house, &["payment", "show", &payment], "done");

    house.json(&["refund", "create", &payment, "--amount", "400"]);
    let listed = house.json(&["refund", "list"]);
    let [refund] = listed["refunds"].as_array().unwrap().as_slice() else {
        panic!("{listed}");
    };
    let id = refund["id"].as_str().unwrap();
    until(&house, &["refund", "show", id], "paid");
    let order = house.json(&["orders", "show", id]);
    assert_eq!(
        (order["kind"].as_str(), order["state"].as_str()),
        (Some("refund"), Some("paid"))
    );
    let shown = house.json(&["payment", "show", &payment]);
    assert_eq!(
        (shown["status_detail"].as_str(), shown["total_refunded"].as_str()),
        (Some("partially-refunded"), Some("400.0000"))
    );
    assert_eq!(house.run(&["ledger", "check"]).code, 0);
    let again = house.run(&["refund", "create", &payment, "--amount", "601"]);
    assert_eq!(again.code, 1, "{}", again.out);
}

/// Asks until the answer has this status.
fn until(house: &House, command: &[&str], status: &str) {
    let mut last = Value::Null;
    for _ in 0..ASKED_MAX {
        last = house.json(command);
        if last["status"] == status {
            return;
        }
    }
    panic!("{command:?} does not come to {status}: {last}");
}

/// Each asking starts a process of its own: half a minute and more.
const ASKED_MAX: u32 = 600;
