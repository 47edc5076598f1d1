//! `ayni payment pay`: its exit codes are what scripts go by.

use crate::support::{House, Said};

#[test]
fn a_payment_is_authorised_refused_or_uncertain_as_the_coordinates_say() {
    let house = House::open();
    for (coordinates, code, word) in [
        ("11 22 33", 0, "authorised"),
        ("99 99 99", 3, "refused"),
        ("66 66 66", 4, "uncertain"),
    ] {
        let id = house.payment();
        let said = house.run(&["--json", "payment", "pay", &id, "--coordinates", coordinates]);
        assert_eq!(said.code, code, "{coordinates}: {said:?}");
        let told: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(told["outcome"], word);
    }
    let book = house.json(&["sandbox", "book"]);
    // 11.111.111-1 has an odd check digit: without a clear answer its money moves.
    assert_eq!(book["operations"].as_array().unwrap().len(), 2);
}

#[test]
fn a_refused_payment_can_be_paid_again() {
    let house = House::open();
    let id = house.payment();
    assert_eq!(
        house
            .run(&["payment", "pay", &id, "--coordinates", "99 99 99"])
            .code,
        3
    );
    assert_eq!(
        house.run(&["payment", "pay", &id, "--rut", "44.444.444-4"]).code,
        0
    );
}

#[test]
fn what_can_not_be_paid_is_told_with_the_reason() {
    let house = House::open();
    let unknown = house.run(&["payment", "pay", "aaaaaaaaaaaa"]);
    assert_eq!(unknown.code, 1);
    assert!(
        unknown.err.contains("there is no payment aaaaaaaaaaaa"),
        "{}",
        unknown.err
    );
    let id = house.payment();
    let rut = house.run(&["payment", "pay", &id, "--rut", "11.111.111-2"]);
    assert_eq!(rut.code, 1);
    assert!(rut.err.contains("is no RUT"), "{}", rut.err);
    let coordinates = house.run(&["payment", "pay", &id, "--coordinates", "11 22"]);
    assert_eq!(coordinates.code, 1);
    assert!(
        coordinates.err.contains("three coordinates"),
        "{}",
        coordinates.err
    );
}

#[test]
fn a_live_accounts_payment_is_not_paid_so() {
    let house = House::open();
    let made = house.json(&["merchant", "create", "--name", "Sol", "--email", "sol@example.cl"]);
    let account = made["receiver_id"].to_string();
    let refused = add_account(&house, &account, "none");
    assert_eq!(refused.code, 1);
    let offered = refused.err.split("the banks are: ").nth(1).unwrap();
    let first = offered.split(',').next().unwrap().trim();
    assert_eq!(add_account(&house, &account, first).code, 0);
    let create = [
        "payment",
        "create",
        "--account",
        &account,
        "--amount",
        "1000",
        "--subject",
        "Pan",
    ];
    let payment = house.json(&create);
    let said = house.run(&["payment", "pay", payment["payment_id"].as_str().unwrap()]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("only developer accounts"), "{}", said.err);
}

fn add_account(house: &House, account: &str, bank: &str) -> Said {
    let holder = ["--holder-name", "Sol", "--holder-rut", "44.444.444-4"];
    let add = [
        "account",
        "add",
        "--account",
        account,
        "--bank",
        bank,
        "--number",
        "1",
        "--no-login",
    ];
    house.run(&[&add[..], &holder].concat())
}
