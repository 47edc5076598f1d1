//! Whole requests, and each field's rule in a table.

use serde_json::{Map, Value, json};

use super::*;

fn whole() -> Map<String, Value> {
    let body = json!({
        "admin_first_name": "Ana", "admin_last_name": "Soto", "admin_email": "ana@panaderia.cl",
        "country_code": "CL", "business_identifier": "76.086.428-5", "business_category": "PANADERÍA",
        "business_name": "Panadería Sol SpA", "business_phone": "+56988887777",
        "business_address_line_1": "Calle Uno 11", "business_address_line_2": "Local 3",
        "business_address_line_3": "Ñuñoa", "contact_full_name": "Luis Rojas", "contact_job_title": "Dueño",
        "contact_email": "luis@panaderia.cl", "contact_phone": "+56977776666",
        "bank_account_bank_id": "Bawdf", "bank_account_type": "corriente",
        "bank_account_identifier": "76086428-5", "bank_account_name": "Panadería Sol SpA",
        "bank_account_number": "000-123", "notify_url": "https://panaderia.cl/n",
        "rendition_url": "https://panaderia.cl/r",
    });
    match body {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn created(fields: &Map<String, Value>) -> Result<NewReceiver, Vec<Violation>> {
    let text = Value::Object(fields.clone()).to_string();
    let context = ReceiverContext {
        is_bank: &|id| id == "Bawdf",
        may_call: &|url| !url.contains("10.0.0.1"),
    };
    create(&Fields::from_json(text.as_bytes()).unwrap(), &context)
}

fn problems(changes: &Value) -> Vec<(&'static str, Problem)> {
    let mut fields = whole();
    fields.extend(changes.as_object().unwrap().clone());
    let violations = created(&fields).err().unwrap_or_default();
    violations
        .into_iter()
        .map(|violation| (violation.field, violation.problem))
        .collect()
}

#[test]
fn a_whole_request_becomes_an_account_with_its_business_and_its_bank_account() {
    let new = created(&whole()).unwrap();
    assert_eq!(new.business.identifier, "760864285");
    assert_eq!(new.business.address_lines, ["Calle Uno 11", "Local 3", "Ñuñoa"]);
    let account = new.payout_account.unwrap();
    assert_eq!(
        (account.currency, account.account_type, account.number.as_str()),
        (Currency::Clp, AccountType::Checking, "000-123")
    );
    assert_eq!(
        (account.holder_identifier.as_str(), account.holder_email.as_str()),
        ("760864285", "ana@panaderia.cl")
    );
}

#[test]
fn an_empty_request_names_every_required_field_in_the_documentations_order() {
    let violations = created(&Map::new()).unwrap_err();
    let named: Vec<_> = violations.iter().map(|violation| violation.field).collect();
    assert_eq!(named, Field::NAMES[..15]);
    assert!(
        violations
            .iter()
            .all(|violation| violation.problem == Problem::Required)
    );
}

#[test]
fn what_is_optional_may_be_absent() {
    let mut fields = whole();
    for name in &Field::NAMES[15..] {
        fields.remove(*name);
    }
    let new = created(&fields).unwrap();
    assert_eq!(
        (new.payout_account, new.notify_url, new.rendition_url),
        (None, None, None)
    );
}

#[test]
fn each_field_has_its_rule() {
    let countries = Problem::NotOneOf(COUNTRIES.map(|(code, _)| code).to_vec());
    let types = Problem::NotOneOf(vec!["CORRIENTE", "VISTA", "AHORRO"]);
    let refused = |url: &str| Problem::AddressRefused(url.to_owned());
    for (field, value, problem) in [
        ("admin_first_name", json!("x".repeat(256)), Problem::TooLong(255)),
        ("admin_email", json!("ana"), Problem::BadEmail),
        ("contact_email", json!("luis@"), Problem::BadEmail),
        ("country_code", json!("cl"), countries.clone()),
        ("country_code", json!("XX"), countries),
        ("business_identifier", json!("76.086.428-6"), Problem::NotARut),
        ("business_identifier", json!("1-9"), Problem::TooShort(8)),
        ("business_phone", json!("1234"), Problem::TooShort(5)),
        ("contact_phone", json!("1".repeat(21)), Problem::TooLong(20)),
        ("business_address_line_3", json!("abc"), Problem::TooShort(4)),
        (
            "business_address_line_1",
            json!("x".repeat(301)),
            Problem::TooLong(300),
        ),
        ("bank_account_bank_id", json!("nobnk"), Problem::UnknownBank),
        ("bank_account_type", json!("cash"), types),
        ("bank_account_identifier", json!("1-2"), Problem::NotARut),
        ("bank_account_number", json!("12 3"), Problem::NotAnAccountNumber),
        ("notify_url", json!("tienda"), Problem::BadUrl("tienda".into())),
        (
            "rendition_url",
            json!("https://10.0.0.1/"),
            refused("https://10.0.0.1/"),
        ),
    ] {
        assert_eq!(
            problems(&json!({ field: value })),
            [(field, problem)],
            "{field} {value}"
        );
    }
}

#[test]
fn a_bank_account_is_said_wholly_or_not_at_all() {
    let without = json!({"bank_account_bank_id": null, "bank_account_name": "", "bank_account_number": null});
    let missing = |field| (field, Problem::RequiredWith("bank_account_type"));
    assert_eq!(
        problems(&without),
        ["bank_account_bank_id", "bank_account_name", "bank_account_number"].map(missing)
    );
}

#[test]
fn a_business_of_another_country_has_a_tax_number_of_its_own() {
    let abroad =
        json!({"country_code": "PE", "business_identifier": "20100070970", "bank_account_identifier": "x-1"});
    assert_eq!(problems(&abroad), []);
}
