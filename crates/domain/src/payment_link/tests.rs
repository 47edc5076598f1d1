use jiff::SignedDuration;

use super::order::{Objection, Typed};
use super::terms::{BankLimits, Price, SUBJECT_LENGTH_MAX, TermsContext};
use super::*;
use crate::currency::Currency;
use crate::fields::Fields;
use crate::lang::Lang;
use crate::money::Amount;
use crate::violation::{Problem, Violation};

fn now() -> Timestamp {
    "2026-03-02T15:00:00Z".parse().unwrap()
}

fn pesos(pesos: i64) -> Amount {
    Amount::from_units(pesos)
}

fn read(body: &Value) -> Result<Terms, Vec<Violation>> {
    let text = body.to_string();
    let context = TermsContext {
        now: now(),
        banks: BankLimits {
            minimum: pesos(200),
            maximum: pesos(5_000_000),
        },
        may_call: &|url| url.starts_with("https://"),
    };
    terms::read(&Fields::from_json(text.as_bytes()).unwrap(), &context)
}

fn refused(body: &Value) -> Vec<(&'static str, Problem)> {
    let violations = read(body).err().unwrap_or_default();
    violations
        .into_iter()
        .map(|found| (found.field, found.problem))
        .collect()
}

fn link(terms: Terms) -> PaymentLink {
    PaymentLink {
        code: LinkCode::from_random_bytes(&[7; 16]),
        account: AccountId(1),
        created_at: now(),
        version: 1,
        terms,
        uses: 0,
        deactivated_at: None,
    }
}

#[test]
fn a_link_has_a_fixed_price_or_a_free_one_within_the_banks_limits() {
    let fixed =
        read(&json!({ "amount": 4500, "currency": "CLP", "subject": "Entrada", "quantity_max": "10" }));
    assert_eq!(
        fixed.unwrap().price,
        Price::Fixed {
            unit: pesos(4500),
            quantity_max: 10
        }
    );
    let free = read(&json!({ "currency": "CLP", "subject": "Aporte", "minimum_amount": "1000" }));
    let (minimum, maximum) = (pesos(1000), pesos(5_000_000));
    assert_eq!(free.unwrap().price, Price::Free { minimum, maximum });
    let cents = read(&json!({ "currency": "USD", "subject": "Tip" })).unwrap();
    assert_eq!(cents.sample().plain(), "0.01");
}

#[test]
fn what_is_wrong_with_a_link_s_price_is_told() {
    for (more, wrong) in [
        (
            json!({ "amount": 199 }),
            vec![("amount", Problem::TooSmall(pesos(200)))],
        ),
        (json!({ "amount": 0 }), vec![("amount", Problem::NotPositive)]),
        (
            json!({ "amount": 9_000_000 }),
            vec![("amount", Problem::TooLarge(pesos(5_000_000)))],
        ),
        (
            json!({ "amount": 1.5 }),
            vec![("amount", Problem::TooManyDecimalsFor(Currency::Clp))],
        ),
        (
            json!({ "amount": 1_000_000, "quantity_max": 6 }),
            vec![("quantity_max", Problem::TooManyOf(pesos(5_000_000)))],
        ),
        (
            json!({ "amount": 500, "quantity_max": 0 }),
            vec![("quantity_max", Problem::OutOfRange(1, 999))],
        ),
        (
            json!({ "quantity_max": 3 }),
            vec![("quantity_max", Problem::RequiredWith("amount"))],
        ),
        (
            json!({ "amount": 500, "minimum_amount": 500 }),
            vec![("minimum_amount", Problem::NotWith("amount"))],
        ),
        (
            json!({ "minimum_amount": 900, "maximum_amount": 800 }),
            vec![("maximum_amount", Problem::TooSmall(pesos(900)))],
        ),
    ] {
        assert_eq!(refused_with(&more), wrong, "{more}");
    }
}

#[test]
fn all_that_is_wrong_with_a_link_is_told_at_once() {
    for (more, wrong) in [
        (
            json!({ "amount": 500, "uses_max": "many" }),
            vec![("uses_max", Problem::OutOfRange(1, 1_000_000))],
        ),
        (
            json!({ "amount": 500, "expires_date": "2026-03-02T15:00:00Z" }),
            vec![("expires_date", Problem::NotInTheFuture)],
        ),
        (
            json!({ "amount": 500, "notify_url": "http://shop.example", "return_url": "x" }),
            vec![
                ("return_url", Problem::BadUrl("x".into())),
                (
                    "notify_url",
                    Problem::AddressRefused("http://shop.example".into()),
                ),
            ],
        ),
        (
            json!({ "amount": 500, "subject": "x".repeat(SUBJECT_LENGTH_MAX + 1), "currency": "clp" }),
            vec![
                (
                    "currency",
                    Problem::NotOneOf(Currency::ALL.map(Currency::code).to_vec()),
                ),
                ("subject", Problem::TooLong(SUBJECT_LENGTH_MAX)),
            ],
        ),
    ] {
        assert_eq!(refused_with(&more), wrong, "{more}");
    }
}

#[test]
fn a_link_is_open_until_it_is_switched_off_expires_or_is_used_up() {
    let body = json!({ "amount": 500, "currency": "CLP", "subject": "x", "uses_max": 2, "expires_date": "2026-03-03T00:00:00Z" });
    let mut link = link(read(&body).unwrap());
    let later = now() + SignedDuration::from_hours(9);
    for (uses, off, at, standing) in [
        (0, false, now(), Standing::Open),
        (1, false, now(), Standing::Open),
        (2, false, now(), Standing::Exhausted),
        (2, false, later, Standing::Expired),
        (0, false, later, Standing::Expired),
        (0, true, now(), Standing::Inactive),
    ] {
        link.uses = uses;
        link.deactivated_at = off.then(now);
        assert_eq!(link.standing(at), standing, "{uses} {off} {at}");
    }
}

#[test]
fn an_order_is_the_unit_price_times_the_quantity_or_what_the_payer_gives() {
    let several =
        read(&json!({ "amount": 4500, "currency": "CLP", "subject": "x", "quantity_max": 10 })).unwrap();
    let free = read(&json!({ "currency": "CLP", "subject": "x", "maximum_amount": 9000 })).unwrap();
    let amount = |terms: &Terms, amount, quantity| {
        let typed = Typed {
            amount,
            quantity,
            ..Typed::default()
        };
        order::read(terms, typed, Lang::Es).map(|order| (order.amount, order.quantity))
    };
    assert_eq!(
        amount(&several, "1", "3"),
        Ok((pesos(13_500), 3)),
        "the amount is not asked"
    );
    for quantity in ["", "0", "11", "-1", "1.5", "x"] {
        assert_eq!(
            amount(&several, "", quantity),
            Err(vec![Objection::Quantity(10)]),
            "{quantity}"
        );
    }
    for (typed, read) in [
        ("8.500", Ok((pesos(8500), 1))),
        ("", Err(vec![Objection::AmountMissing])),
        ("mucho", Err(vec![Objection::AmountUnreadable])),
        ("199", Err(vec![Objection::AmountTooSmall(pesos(200))])),
        ("9.001", Err(vec![Objection::AmountTooLarge(pesos(9000))])),
    ] {
        assert_eq!(amount(&free, typed, ""), read, "{typed}");
    }
}

#[test]
fn a_payer_is_asked_for_name_and_address_only_where_the_link_asks_and_may_leave_them_out() {
    let asking = json!({ "amount": 500, "currency": "CLP", "subject": "x", "asks_payer_email": true, "asks_payer_name": true });
    let asking = read(&asking).unwrap();
    let silent = read(&json!({ "amount": 500, "currency": "CLP", "subject": "x" })).unwrap();
    let typed = Typed {
        name: " Ana ",
        email: "ana@ejemplo.example",
        ..Typed::default()
    };
    let order = order::read(&asking, typed, Lang::Es).unwrap();
    assert_eq!(
        (order.name.as_deref(), order.email.as_deref()),
        (Some("Ana"), Some("ana@ejemplo.example"))
    );
    let order = order::read(&silent, typed, Lang::Es).unwrap();
    assert_eq!((order.name, order.email), (None, None));
    assert!(order::read(&asking, Typed::default(), Lang::Es).is_ok());
    let wrong = Typed {
        email: "ana",
        ..Typed::default()
    };
    assert_eq!(order::read(&asking, wrong, Lang::Es), Err(vec![Objection::Email]));
}

#[test]
fn the_payment_of_an_order_tells_its_link_and_quantity() {
    let terms = read(&json!({ "amount": 4500, "currency": "CLP", "subject": "Entrada", "quantity_max": 10 }))
        .unwrap();
    let link = link(terms);
    let order = Order {
        amount: pesos(13_500),
        quantity: 3,
        name: None,
        email: None,
    };
    let body = Value::Object(link.request(&order));
    let custom = format!(r#"{{"payment_link":"{}","quantity":3}}"#, link.code);
    assert_eq!(
        body,
        json!({
            "amount": "13500", "currency": "CLP", "subject": "3 × Entrada",
            "transaction_id": link.code.as_str(), "custom": custom,
        })
    );
}

/// What is wrong with a plain link that has these fields, too.
fn refused_with(more: &Value) -> Vec<(&'static str, Problem)> {
    let mut body = json!({ "currency": "CLP", "subject": "x" });
    let fields = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    refused(&body)
}
