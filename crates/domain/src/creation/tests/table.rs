//! The rules of single fields, as tables.

use serde_json::{Value, json};

use super::World;
use crate::creation::fields::Field;
use crate::currency::Currency;
use crate::fields::FieldName;
use crate::money::Amount;
use crate::privilege::Privilege;
use crate::violation::{Expected, Problem, Violation};

fn chars(count: usize) -> String {
    "ñ".repeat(count)
}

fn long_url(length: usize) -> String {
    format!("https://a.cl/{}", "x".repeat(length - 13))
}

#[test]
fn amounts_are_read_from_their_text() {
    for (currency, amount, expected) in [
        ("CLP", "1000", Ok("1000")),
        ("CLP", "1000.0000", Ok("1000")),
        ("CLP", "\"1000.00\"", Ok("1000")),
        ("CLP", "1e3", Ok("1000")),
        (
            "CLP",
            "1000.50000",
            Err(Problem::TooManyDecimalsFor(Currency::Clp)),
        ),
        ("COP", "0.1", Err(Problem::TooManyDecimalsFor(Currency::Cop))),
        ("USD", "\"10.55\"", Ok("10.55")),
        ("USD", "10.555", Err(Problem::TooManyDecimalsFor(Currency::Usd))),
        ("CLF", "0.0001", Ok("0.0001")),
        ("CLF", "0.00010", Ok("0.0001")),
        ("CLF", "0.00001", Err(Problem::TooManyDecimals)),
        ("XXX", "0.00001", Err(Problem::TooManyDecimals)),
        ("CLP", "10000000000000", Ok("10000000000000")),
        ("CLP", "1E13", Ok("10000000000000")),
        ("CLP", "10000000000001", Err(Problem::TooLarge(Amount::MAX))),
        ("CLP", "1e400", Err(Problem::TooLarge(Amount::MAX))),
        ("CLP", "0", Err(Problem::NotPositive)),
        ("CLP", "-0.0", Err(Problem::NotPositive)),
        ("CLP", "-1000", Err(Problem::NotPositive)),
        ("CLP", "\"1e3\"", Err(Problem::NotANumber)),
        ("CLP", "\"1.000,50\"", Err(Problem::NotANumber)),
        ("CLP", "\" 1000\"", Err(Problem::NotANumber)),
        ("CLP", "\"mil\"", Err(Problem::NotANumber)),
        ("CLP", "[1000]", Err(Problem::WrongType(Expected::Number))),
        ("CLP", "{}", Err(Problem::WrongType(Expected::Number))),
    ] {
        let body = format!(r#"{{"subject":"s","currency":"{currency}","amount":{amount}}}"#);
        let result = World::ordinary().create_text(&body);
        match expected {
            Ok(plain) => assert_eq!(result.unwrap().amount.plain(), plain, "{body}"),
            Err(problem) => {
                assert!(
                    result.unwrap_err().contains(&Violation::new("amount", problem)),
                    "{body}"
                );
            }
        }
    }
}

#[test]
fn text_fields_have_their_lengths_in_characters() {
    for (field, most) in [
        ("subject", 255),
        ("transaction_id", 255),
        ("body", 5120),
        ("payer_name", 255),
        ("fixed_payer_personal_identifier", 255),
    ] {
        assert_eq!(
            World::ordinary().problems(&json!({ field: chars(most) })),
            [],
            "{field}"
        );
        let problems = World::ordinary().problems(&json!({ field: chars(most + 1) }));
        assert_eq!(problems, [(field, Problem::TooLong(most))]);
    }
    for field in ["return_url", "cancel_url", "picture_url", "notify_url"] {
        assert_eq!(
            World::ordinary().problems(&json!({ field: long_url(1024) })),
            [],
            "{field}"
        );
        let problems = World::ordinary().problems(&json!({ field: long_url(1025) }));
        assert_eq!(problems, [(field, Problem::TooLong(1024))]);
    }
    for field in [
        "notify_api_version",
        "payer_email",
        "responsible_user_email",
        "collect_account_uuid",
        "currency",
    ] {
        let problems = World::ordinary().problems(&json!({ field: chars(256) }));
        assert_eq!(problems, [(field, Problem::TooLong(255))]);
    }
    assert_eq!(
        World::ordinary().problems(&json!({ "custom": chars(100_000) })),
        []
    );
}

#[test]
fn every_field_refuses_another_type() {
    let world = World {
        has_integrator: true,
        ..World::with(Privilege::Psp)
    };
    for place in 3..25 {
        let name = Field::NAMES[place];
        let wrong = if name.starts_with("send_") {
            Expected::Flag
        } else {
            Expected::Text
        };
        for value in [
            json!(7),
            json!([]),
            json!({}),
            json!(if wrong == Expected::Flag {
                json!("true")
            } else {
                json!(true)
            }),
        ] {
            let problems = world.problems(&json!({ name: value }));
            assert!(
                problems.contains(&(name, Problem::WrongType(wrong))),
                "{name}: {problems:?}"
            );
        }
    }
}

#[test]
fn only_absolute_http_urls_are_urls() {
    for url in [
        "https://a.cl",
        "HTTP://localhost:3000/x",
        "http://[::1]/",
        "https://ñandú.cl/á?b=ç",
    ] {
        assert_eq!(
            World::ordinary().problems(&json!({ "return_url": url })),
            [],
            "{url}"
        );
    }
    for url in [
        "a.cl",
        "/x",
        "//a.cl",
        "ftp://a.cl",
        "javascript:alert(1)",
        "https:a.cl",
        "https:///a.cl",
        "https://",
        "https://a b.cl",
        " https://a.cl",
        "https://a.cl\n",
        "https:\\\\a.cl",
        "http://a.cl:99999",
        "khipu://x",
    ] {
        let problems = World::ordinary().problems(&json!({ "cancel_url": url }));
        assert_eq!(problems, [("cancel_url", Problem::BadUrl(url.into()))]);
    }
}

#[test]
fn a_contract_needs_the_privilege_and_a_fixed_payer() {
    let contract = json!({ "contract_url": "https://a.cl/c.pdf" });
    let needs_payer = (
        "fixed_payer_personal_identifier",
        Problem::RequiredWith("contract_url"),
    );
    let world = World::with(Privilege::Contracts);
    assert_eq!(
        World::ordinary().problems(&contract),
        [("contract_url", Problem::NotGranted), needs_payer.clone()]
    );
    assert_eq!(world.problems(&contract), [needs_payer]);
    let complete = json!({ "contract_url": "https://a.cl/c.pdf", "fixed_payer_personal_identifier": "1-9" });
    assert_eq!(world.problems(&complete), []);
}

#[test]
fn an_integrators_fee_leaves_room_for_the_accounts_own() {
    let mut world = World::with_integrator();
    world.fee.minimum = Amount::from_units(100);
    for (fee, amount, currency, has_room) in [
        ("900", 1000.0, "CLP", true),
        ("901", 1000.0, "CLP", false),
        ("0", 50.0, "CLP", true),
        ("0.9974", 1.0, "CLF", true),
        ("0.9976", 1.0, "CLF", false),
    ] {
        let changes = json!({ "integrator_fee": fee, "amount": amount, "currency": currency });
        let expected = match has_room {
            true => vec![],
            false => vec![("integrator_fee", Problem::NoRoomBesideTheFee)],
        };
        assert_eq!(world.problems(&changes), expected, "{changes}");
    }
}

#[test]
fn an_integrators_fee_is_at_most_the_amount() {
    let world = World::with_integrator();
    for (fee, expected) in [
        ("0", vec![]),
        ("1000", vec![]),
        ("1000.00", vec![]),
        ("1001", vec![Problem::AboveTheAmount]),
        ("-1", vec![Problem::Negative]),
        ("0.5", vec![Problem::TooManyDecimalsFor(Currency::Clp)]),
        ("1e2", vec![Problem::NotANumber]),
        ("00000000000000100", vec![Problem::TooLong(16)]),
    ] {
        let found: Vec<_> = world
            .problems(&json!({ "integrator_fee": fee }))
            .into_iter()
            .map(|(_, it)| it)
            .collect();
        assert_eq!(found, expected, "{fee}");
    }
}

#[test]
fn a_psp_names_its_client() {
    let world = World::with(Privilege::Psp);
    assert_eq!(
        world.problems(&json!({})),
        [("psp_client_merchant_name", Problem::Required)]
    );
    for (name, expected) in [
        ("PSP 1->PSP 2->Client Name", None),
        ("ñññ", None),
        ("ab", Some(Problem::TooShort(3))),
        ("PSP-> ->Client", Some(Problem::EmptyName)),
        ("PSP->", Some(Problem::EmptyName)),
    ] {
        let problems = world.problems(&json!({ "psp_client_merchant_name": name }));
        assert_eq!(problems.into_iter().map(|(_, it)| it).next(), expected, "{name}");
    }
}

/// Each change and what must be said about it, and nothing else.
fn check<const N: usize>(world: &World, table: [(Value, Option<(&'static str, Problem)>); N]) {
    for (changes, expected) in table {
        assert_eq!(world.problems(&changes), Vec::from_iter(expected), "{changes}");
    }
}

#[test]
fn enumerations_are_kept() {
    let wrong = |field, allowed: &[&'static str]| Some((field, Problem::NotOneOf(allowed.to_vec())));
    check(
        &World::ordinary(),
        [
            (
                json!({ "currency": "clp" }),
                wrong("currency", &Currency::ALL.map(Currency::code)),
            ),
            (json!({ "notify_api_version": "1.3" }), None),
            (
                json!({ "notify_api_version": "2.0" }),
                wrong("notify_api_version", &["3.0", "1.3"]),
            ),
            (json!({ "mandatory_payment_method": "Simplified_Transfer" }), None),
            (
                json!({ "mandatory_payment_method": "webpay" }),
                wrong(
                    "mandatory_payment_method",
                    &["SIMPLIFIED_TRANSFER", "REGULAR_TRANSFER"],
                ),
            ),
            (json!({ "bank_id": "Bawdf" }), None),
            (
                json!({ "bank_id": "bawdf" }),
                Some(("bank_id", Problem::UnknownBank)),
            ),
            (
                json!({ "subject": "a\u{0}b" }),
                Some(("subject", Problem::UnreadableText)),
            ),
            (json!({ "unknown": [1, { "a": 2 }], "__proto__": {} }), None),
        ],
    );
}

#[test]
fn dates_are_instants_in_the_future() {
    for field in ["expires_date", "confirm_timeout_date"] {
        let world = World::ordinary();
        check(
            &world,
            [
                (json!({ field: "2026-11-21T12:00:00.001Z" }), None),
                (json!({ field: "2026-11-21T09:30:00-0300" }), None),
                (
                    json!({ field: "2026-11-21T12:00:00Z" }),
                    Some((field, Problem::NotInTheFuture)),
                ),
                (
                    json!({ field: "2026-11-21T12:30:00+01:00" }),
                    Some((field, Problem::NotInTheFuture)),
                ),
                (
                    json!({ field: "2026-12-31T15:45:00" }),
                    Some((field, Problem::NoOffset)),
                ),
                (json!({ field: "2026-12-31" }), Some((field, Problem::BadInstant))),
                (json!({ field: "mañana" }), Some((field, Problem::BadInstant))),
            ],
        );
    }
}

#[test]
fn people_are_named_with_valid_addresses_of_the_right_ones() {
    check(
        &World::ordinary(),
        [
            (
                json!({ "payer_email": "pagador" }),
                Some(("payer_email", Problem::BadEmail)),
            ),
            (json!({ "responsible_user_email": "ANA@comercio.cl" }), None),
            (
                json!({ "responsible_user_email": "ana" }),
                Some(("responsible_user_email", Problem::BadEmail)),
            ),
            (
                json!({ "responsible_user_email": "otro@comercio.cl" }),
                Some(("responsible_user_email", Problem::NotACollectingUser)),
            ),
            (json!({ "fixed_payer_personal_identifier": "11.000.111-9" }), None),
            (
                json!({ "send_email": true, "payer_name": "Ana", "payer_email": "ana@b.cl" }),
                None,
            ),
            (
                json!({ "send_email": true, "payer_name": "Ana" }),
                Some(("payer_email", Problem::RequiredWith("send_email"))),
            ),
            (
                json!({ "send_email": true, "payer_email": "ana@b.cl" }),
                Some(("payer_name", Problem::RequiredWith("send_email"))),
            ),
        ],
    );
}

#[test]
fn what_the_account_has_not_can_not_be_used() {
    let account = "collect_account_uuid";
    check(
        &World::ordinary(),
        [
            (json!({ account: "UUID-CLP" }), None),
            (
                json!({ account: "uuid-USD" }),
                Some((account, Problem::CollectingAccountIsIn(Currency::Usd))),
            ),
            (
                json!({ account: "otra" }),
                Some((account, Problem::UnknownCollectingAccount)),
            ),
            (
                json!({ "integrator_fee": "10" }),
                Some(("integrator_fee", Problem::NoIntegrator)),
            ),
            (
                json!({ "psp_client_merchant_name": "Tienda" }),
                Some(("psp_client_merchant_name", Problem::NotGranted)),
            ),
        ],
    );
}

#[test]
fn only_urls_that_we_connect_to_pass_the_outgoing_policy() {
    let inside = "http://10.0.0.1/";
    for field in ["picture_url", "notify_url"] {
        let refused = Some((field, Problem::AddressRefused(inside.into())));
        check(
            &World::ordinary(),
            [
                (json!({ field: inside }), refused),
                (json!({ field: "https://a.cl/x?a=1#b" }), None),
            ],
        );
    }
    for field in ["return_url", "cancel_url"] {
        check(&World::ordinary(), [(json!({ field: inside }), None)]);
    }
}
