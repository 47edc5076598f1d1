//! `ayni trigger`: the events really happen.

use ayni_gateway::events::Kind;
use serde_json::Value;

use crate::shop::Shop;
use crate::support::House;

#[test]
fn every_listed_event_is_made_to_happen() {
    let house = House::open();
    let listed = house.json(&["trigger", "--list"]);
    let events: Vec<&str> = (listed["events"].as_array().unwrap().iter())
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    for kind in Kind::ALL {
        assert!(events.contains(&kind.as_str()), "{} is not listed", kind.as_str());
    }
    for event in events {
        let made = house.json(&["trigger", event]);
        assert_eq!(made["event"], event);
        let subject = made["subject"].as_str().unwrap();
        let (command, status, detail) = match event {
            "payment.done" => (["payment", "show"], "done", "normal"),
            "payment.rejected" => (["payment", "show"], "done", "rejected-by-payer"),
            "payment.abuse" => (["payment", "show"], "done", "marked-as-abuse"),
            "payment.marked-paid" => (["payment", "show"], "done", "marked-paid-by-receiver"),
            "payment.deleted" => (["payment", "show"], "deleted", "pending"),
            "payment.expired" => (["payment", "show"], "pending", "pending"),
            "refund.paid" => (["refund", "show"], "paid", ""),
            "refund.expired" => (["refund", "show"], "expired", ""),
            "settlement.done" => (["settlement", "show"], "", ""),
            "operation.callback" => (["operations", "show"], "", ""),
            other => panic!("{other} is not looked at"),
        };
        let shown = house.json(&[command[0], command[1], subject]);
        if !status.is_empty() {
            assert_eq!(shown["status"], status, "{event}: {shown}");
        }
        if !detail.is_empty() {
            assert_eq!(shown["status_detail"], detail, "{event}: {shown}");
        }
    }
}

#[test]
fn a_step_that_fails_is_told_and_the_notification_goes_where_it_is_wanted() {
    let (mut house, shop) = (House::open(), Shop::open());
    let made = house.json(&[
        "trigger",
        "payment.done",
        "--notify-url",
        &shop.url,
        "--amount",
        "2500",
    ]);
    let mut received = Vec::new();
    for _ in 0..600 {
        received = shop.received();
        if !received.is_empty() {
            break;
        }
        house.json(&["notices", "list"]);
    }
    let body: Value = serde_json::from_str(&received[0].body).unwrap();
    assert_eq!(
        (&body["payment_id"], &body["amount"]),
        (&made["subject"], &"2500.0000".into())
    );
    let refused = house.run(&["trigger", "payment.done", "--amount", "10.5"]);
    assert!(
        refused.code == 1 && refused.err.contains("amount"),
        "{}",
        refused.err
    );
    let unknown = house.run(&["trigger", "payment.exploded"]);
    assert!(
        unknown.code == 2 && unknown.err.contains("payment.rejected"),
        "{}",
        unknown.err
    );
    house.serving.signal("KILL");
    let gone = house.run(&["trigger", "payment.done"]);
    assert!(
        gone.code == 1 && gone.err.contains("is the gateway running?"),
        "{}",
        gone.err
    );
    house.serving = crate::support::Serving::start(&house.directory(), &["dev", "--port", "0"]);
}
