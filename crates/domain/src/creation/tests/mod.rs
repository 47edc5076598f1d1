//! Whole requests; the rules of single fields are in [`table`].

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::details::NotifyVersion;
use super::*;
use crate::fields::{FieldName, Fields, NotJson, place_of};
use crate::privilege::Privilege;
use crate::sampled::cases;
use crate::violation::{Expected, Problem};

mod table;

const NOW: &str = "2026-11-21T12:00:00Z";

/// An account and what surrounds it.
struct World {
    privileges: Privileges,
    has_integrator: bool,
    currencies: Vec<Currency>,
    fee: FeeTerms,
}

impl World {
    fn ordinary() -> World {
        World {
            privileges: Privileges::default(),
            has_integrator: false,
            currencies: Currency::ALL.to_vec(),
            fee: FeeTerms::default(),
        }
    }

    fn with(privilege: Privilege) -> World {
        World {
            privileges: Privileges::default().with(privilege),
            ..World::ordinary()
        }
    }

    fn with_integrator() -> World {
        World {
            has_integrator: true,
            ..World::ordinary()
        }
    }

    fn collecting_in(currencies: &[Currency]) -> World {
        World {
            currencies: currencies.to_vec(),
            ..World::ordinary()
        }
    }

    fn create_text(&self, body: &str) -> Result<NewPayment, Vec<Violation>> {
        let collecting: Vec<CollectingChoice> = (1..)
            .zip(&self.currencies)
            .map(|(id, currency)| CollectingChoice {
                id,
                uuid: format!("uuid-{currency}"),
                currency: *currency,
            })
            .collect();
        let context = CreationContext {
            lang: Lang::Es,
            now: NOW.parse().unwrap(),
            privileges: &self.privileges,
            has_integrator: self.has_integrator,
            fee: self.fee,
            uf_value: Amount::from_units(39_500),
            collecting: &collecting,
            collecting_users: &["ana@comercio.cl".into()],
            methods: &Method::ALL,
            is_bank: &|id| id == "Bawdf",
            may_call: &|url| !url.contains("10.0.0.1"),
        };
        create(&Fields::from_json(body.as_bytes()).unwrap(), &context)
    }

    /// Creates with what every payment needs and these fields.
    fn create(&self, changes: &Value) -> Result<NewPayment, Vec<Violation>> {
        let mut body = Map::from_iter([
            ("amount".into(), json!(1000)),
            ("currency".into(), json!("CLP")),
            ("subject".into(), json!("Cobro de prueba")),
        ]);
        body.extend(changes.as_object().unwrap().clone());
        self.create_text(&Value::Object(body).to_string())
    }

    fn problems(&self, changes: &Value) -> Vec<(&'static str, Problem)> {
        let violations = self.create(changes).err().unwrap_or_default();
        violations
            .into_iter()
            .map(|violation| (violation.field, violation.problem))
            .collect()
    }
}

fn fields_of(result: Result<NewPayment, Vec<Violation>>) -> Vec<&'static str> {
    result
        .unwrap_err()
        .iter()
        .map(|violation| violation.field)
        .collect()
}

#[test]
fn a_request_with_five_wrong_fields_names_all_five() {
    let body = r#"{"amount":true,"currency":7,"subject":"","bank_id":"zzzzzz","send_email":"yes"}"#;
    let violations = World::ordinary().create_text(body).unwrap_err();
    let found: Vec<_> = violations
        .into_iter()
        .map(|violation| (violation.field, violation.problem))
        .collect();
    assert_eq!(
        found,
        [
            ("amount", Problem::WrongType(Expected::Number)),
            ("currency", Problem::WrongType(Expected::Text)),
            ("subject", Problem::Required),
            ("bank_id", Problem::TooLong(5)),
            ("send_email", Problem::WrongType(Expected::Flag)),
        ]
    );
}

#[test]
fn an_empty_request_lacks_what_is_required() {
    for body in ["", " \n", "{}", r#"{"amount":null,"currency":"","subject":null}"#] {
        assert_eq!(
            fields_of(World::ordinary().create_text(body)),
            ["amount", "currency", "subject"],
            "{body:?}"
        );
    }
}

#[test]
fn an_account_collects_in_the_currencies_of_its_bank_accounts() {
    let world = World::collecting_in(&[Currency::Usd, Currency::Clp]);
    let payment = world
        .create(&json!({ "currency": "CLF", "amount": "1.5" }))
        .unwrap();
    assert_eq!(payment.collecting_id, 2);
    assert_eq!(
        world.create(&json!({ "currency": "USD" })).unwrap().collecting_id,
        1
    );
    assert_eq!(
        world.problems(&json!({ "currency": "EUR" })),
        [("currency", Problem::NotCollectedIn(Currency::Eur))]
    );
}

#[test]
fn what_is_not_set_takes_its_default() {
    let unset = json!({ "body": null, "bank_id": "", "send_email": null, "expires_date": "", "notify_api_version": null });
    let payment = World::ordinary().create(&unset).unwrap();
    assert_eq!(payment.expires_at, "2026-11-22T12:00:00Z".parse().unwrap());
    assert_eq!(payment.details, PaymentDetails::default());
    assert_eq!(payment.details.to_row().unwrap(), None);
    assert_eq!(payment.details.notify_api_version, NotifyVersion::V3_0);
    assert_eq!((payment.transaction_id, payment.custom), (None, None));
}

#[test]
fn details_hold_what_was_set_and_read_back() {
    let changes = json!({ "payer_email": "ana@b.cl", "bank_id": "Bawdf", "notify_api_version": "1.3", "custom": "<xml/>" });
    let payment = World::ordinary().create(&changes).unwrap();
    let row = payment.details.to_row().unwrap().unwrap();
    assert_eq!(
        row,
        r#"{"bank_id":"Bawdf","notify_api_version":"1.3","payer_email":"ana@b.cl"}"#
    );
    assert_eq!(PaymentDetails::from_row(Some(&row)).unwrap(), payment.details);
    assert!(payment.details.is_ready_for_terminal());
    assert_eq!(payment.custom.as_deref(), Some("<xml/>"));
}

#[test]
fn a_name_that_occurs_twice_counts_as_its_last_value() {
    let body = r#"{"amount":"x","currency":"CLP","subject":"s","\u0061mount":5}"#;
    assert_eq!(
        World::ordinary().create_text(body).unwrap().amount,
        Amount::from_units(5)
    );
}

#[test]
fn half_a_surrogate_pair_is_a_violation_and_not_a_broken_body() {
    let body = r#"{"amount":1,"currency":"CLP","subject":"\ud800"}"#;
    assert_eq!(fields_of(World::ordinary().create_text(body)), ["subject"]);
}

#[test]
fn a_body_that_is_no_object_is_told_apart() {
    for (body, expected) in [
        (&b"[]"[..], NotJson::NotAnObject),
        (b"7", NotJson::NotAnObject),
        (b"null", NotJson::NotAnObject),
        (b"\"a\"", NotJson::NotAnObject),
        (
            b"amount=1000&currency=CLP",
            NotJson::Syntax { line: 1, column: 1 },
        ),
        (b"{\"amount\":1000,}", NotJson::Syntax { line: 1, column: 16 }),
        (b"{} {}", NotJson::Syntax { line: 1, column: 4 }),
        (b"{\"a\":\"\xff\"}", NotJson::Encoding),
    ] {
        assert_eq!(
            Fields::<Field>::from_json(body).unwrap_err(),
            expected,
            "{body:?}"
        );
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn any_text_is_a_request_or_is_refused(text in ".{0,200}") {
        let _ = Fields::<Field>::from_json(text.as_bytes());
    }

    #[test]
    fn any_values_give_violations_in_order_and_never_a_panic(values in proptest::collection::vec(r#"(null|true|-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,9})?(e-?[0-9]{1,9})?|"[a-zA-Z0-9:/.@>-]{0,30}"|\[\])"#, 25)) {
        let pairs: Vec<String> = values.iter().enumerate().map(|(at, value)| format!("\"{}\":{value}", Field::NAMES[at])).collect();
        if let Err(violations) = World::with_integrator().create_text(&format!("{{{}}}", pairs.join(","))) {
            let places: Vec<usize> = violations.iter().map(|violation| place_of::<Field>(violation.field)).collect();
            prop_assert!(!places.is_empty() && places.is_sorted());
        }
    }
}
