//! Integrators, an account's people, disabled accounts, and payments that were paid elsewhere.

use serde_json::{Value, json};

use crate::support::House;

#[test]
fn an_account_of_an_integrator_collects_on_the_integrators_bank_accounts() {
    let house = House::open();
    let integrator = house.serving.ready["receiver_id"].to_string();
    let create = &[
        "merchant",
        "create",
        "--developer",
        "--name",
        "Hija",
        "--integrator",
        &integrator,
    ];
    let refused = house.run(create);
    assert!(
        refused.err.contains("grant it the privilege integrator"),
        "{}",
        refused.err
    );
    house.json(&["merchant", "grant", &integrator, "integrator"]);
    let child = house.json(create)["receiver_id"].to_string();
    let accounts = house.json(&["account", "list", "--account", &child]);
    assert_eq!(accounts["collecting_accounts"], json!([]));
    let made = house.json(&[
        "payment",
        "create",
        "--amount",
        "1000",
        "--subject",
        "Pan",
        "--account",
        &child,
        "--field",
        "integrator_fee=100",
    ]);
    let id = made["payment_id"].as_str().unwrap();
    assert_eq!(house.run(&["payment", "pay", id]).code, 0);
}

#[test]
fn a_link_to_set_a_password_is_made_for_who_is_a_user_or_becomes_one() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    let invite = ["merchant", "user", "invite", id.as_str(), "Ana@Example.cl"];
    let refused = house.run(&invite);
    assert_eq!(refused.code, 1);
    assert!(
        refused.err.contains("has no user ana@example.cl"),
        "{}",
        refused.err
    );
    let made = house.json(&[&invite[..], &["--role", "collector"]].concat());
    assert_eq!(made["email"], "ana@example.cl");
    assert_eq!(made["role"], "collector");
    assert_eq!(made["mailed"], true, "dev puts mails into a folder");
    let gateway = house.serving.ready["gateway_url"].as_str().unwrap();
    let link = made["url"].as_str().unwrap();
    assert!(
        link.starts_with(&format!("{gateway}/console/password/")),
        "{link}"
    );
    let said = house.run(&[&invite[..], &["--without-second-factor"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("/console/password/") && !said.out.contains(link),
        "a new link each time"
    );
}

#[test]
fn the_people_of_an_account_are_named_and_its_last_owner_stays() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    let user = |arguments: &[&str]| house.run(&[&["merchant", "user"], arguments].concat());
    assert_eq!(
        user(&["add", &id, "luis@example.cl", "--role", "read-only"]).code,
        0
    );
    let users = house.json(&["merchant", "user", "list", &id]);
    let roles: Vec<&Value> = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| &user["role"])
        .collect();
    assert_eq!(roles, [&json!("owner"), &json!("read-only")]);
    assert_eq!(user(&["add", &id, "luis@example.cl", "--role", "boss"]).code, 1);
    let owner = users["users"][0]["email"].as_str().unwrap();
    let refused = user(&["remove", &id, owner]);
    assert!(refused.err.contains("only owner"), "{}", refused.err);
    assert_eq!(user(&["remove", &id, "luis@example.cl"]).code, 0);
    assert_eq!(user(&["remove", &id, "luis@example.cl"]).code, 1);
}

#[test]
fn a_disabled_account_makes_no_payment_until_it_is_enabled() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    assert!(house.json(&["merchant", "disable", &id])["disabled_at"].is_string());
    let create = &["payment", "create", "--amount", "1000", "--subject", "Pan"];
    let refused = house.run(create);
    assert!(refused.err.contains("disabled"), "{}", refused.err);
    assert!(house.json(&["merchant", "enable", &id])["disabled_at"].is_null());
    assert_eq!(house.run(create).code, 0);
    assert_eq!(house.run(&["merchant", "disable", "1"]).code, 1);
}

#[test]
fn a_payment_that_was_paid_elsewhere_is_marked_and_its_events_are_told() {
    let house = House::open();
    let id = house.payment();
    assert_eq!(house.run(&["payment", "mark-paid", &id]).code, 0);
    assert_eq!(
        house.json(&["payment", "show", &id])["status_detail"],
        "marked-paid-by-receiver"
    );
    let events = house.json(&["payment", "events", &id]);
    assert_eq!(events["events"][0]["kind"], "marked-paid-by-receiver");
    for command in ["mark-paid", "events"] {
        assert_eq!(house.run(&["payment", command, "aaaaaaaaaaaa"]).code, 1);
    }
    assert_eq!(house.run(&["payment", "mark-paid", &id]).code, 1);
}
