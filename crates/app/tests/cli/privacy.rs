//! `ayni privacy` beside a running gateway.

use serde_json::Value;

use crate::support::House;

const EMAIL: &str = "ana@example.com";

#[test]
fn a_person_is_told_and_erased_and_the_books_stay() {
    let house = House::open();
    let create = ["payment", "create", "--amount", "1000", "--subject", "Two cups"];
    let made = house.json(&[&create[..], &["--field", "payer_email=Ana@example.com"]].concat());
    let payment = made["payment_id"].as_str().unwrap();
    let other = house.payment();
    let export = ["privacy", "export", "--email", EMAIL];

    let told = told(&house, &export);
    assert_eq!(told["payments"][0]["payment"]["payment_id"], payment);
    assert_eq!(told["payments"].as_array().unwrap().len(), 1);
    let erase = ["privacy", "erase", "--email", EMAIL];
    let would = house.run(&erase);
    assert_eq!(would.code, 0, "{}", would.err);
    assert!(
        would.out.contains(payment) && would.out.contains("--yes"),
        "{}",
        would.out
    );
    assert!(!would.out.contains(&other), "{}", would.out);
    assert_eq!(house.json(&erase)["done"], false);
    assert_eq!(
        self::told(&house, &export)["payments"][0]["payment"]["payment_id"],
        payment
    );

    let done = house.json(&[&erase[..], &["--yes"]].concat());
    assert_eq!((&done["done"], &done["payments"]), (&true.into(), &1.into()));
    assert!(!done.to_string().contains(EMAIL), "{done}");
    let left = self::told(&house, &export);
    assert_eq!(left["payments"], Value::Array(Vec::new()));
    assert!(!left.to_string().contains(EMAIL), "{left}");
    let shown = house.json(&["payment", "show", payment]);
    assert_eq!(shown["amount"], "1000.0000");
    assert_eq!(house.run(&["ledger", "check"]).code, 0);
}

#[test]
fn who_is_no_person_or_uses_the_account_is_refused_with_what_to_do() {
    let house = House::open();
    let wrong = house.run(&["privacy", "export", "--rut", "11.111.111-2"]);
    assert_eq!(wrong.code, 1, "{}", wrong.out);
    assert!(
        wrong.err.contains("no RUT") && !wrong.err.contains("11.111"),
        "{}",
        wrong.err
    );
    assert_eq!(
        house.run(&["privacy", "erase", "--yes"]).code,
        2,
        "nobody is meant"
    );
    let user = house.serving.ready["console_email"].as_str().unwrap().to_owned();
    let refused = house.run(&["privacy", "erase", "--email", &user, "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert!(
        refused.err.contains("ayni merchant user remove"),
        "{}",
        refused.err
    );
    let told = told(&house, &["privacy", "export", "--email", &user]);
    assert_eq!(told["console"]["user"]["role"], "owner");
}

/// What an export prints, which is JSON without being asked.
fn told(house: &House, command: &[&str]) -> Value {
    let said = house.run(command);
    assert_eq!(said.code, 0, "{}", said.err);
    serde_json::from_str(&said.out).unwrap()
}
