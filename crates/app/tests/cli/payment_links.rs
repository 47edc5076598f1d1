//! `ayni payment-link` beside a running gateway.

use crate::support::House;

#[test]
fn a_link_is_made_shown_listed_and_switched_off() {
    let house = House::open();
    let create = [
        "payment-link",
        "create",
        "--subject",
        "Entrada",
        "--amount",
        "4500",
    ];
    let made = house.json(
        &[
            &create[..],
            &["--quantity-max", "10", "--uses-max", "2", "--ask-email"],
        ]
        .concat(),
    );
    let code = made["code"].as_str().unwrap();
    assert!(
        made["url"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/payment/process/{code}")),
        "{made}"
    );
    assert_eq!(
        (made["state"].as_str(), made["uses_max"].as_i64()),
        (Some("active"), Some(2))
    );

    let listed = house.json(&["payment-link", "list"]);
    assert_eq!(listed["payment_links"][0]["code"].as_str(), Some(code));
    let shown = house.json(&["payment-link", "show", code]);
    assert_eq!(
        (
            shown["amount"].as_str(),
            shown["payments"].as_array().unwrap().len()
        ),
        (Some("4500.0000"), 0)
    );

    assert_eq!(
        house.json(&["payment-link", "deactivate", code])["state"],
        "inactive"
    );
    assert_eq!(house.json(&["payment-link", "activate", code])["state"], "active");
    let text = house.run(&["payment-link", "list"]);
    assert!(
        text.out.contains("CLP 4500 × 1-10") && text.out.contains("0 of 2"),
        "{}",
        text.out
    );
}

#[test]
fn what_is_wrong_with_a_link_is_told() {
    let house = House::open();
    let refused = house.run(&[
        "payment-link",
        "create",
        "--subject",
        "x",
        "--minimum",
        "5",
        "--currency",
        "XXX",
    ]);
    assert!(
        refused.code == 1 && refused.err.contains("currency: Not a valid value"),
        "{}",
        refused.err
    );
    let unknown = house.run(&["payment-link", "show", "aaaaaaaaaaaa"]);
    assert!(
        unknown.code == 1 && unknown.err.contains("no payment link"),
        "{}",
        unknown.err
    );
}
