//! What `POST /v3/payments` refuses: every violation of a request, in one answer, by the field's name.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::{Value, json};

use crate::bodies::payment;

on_both_engines!(
    each_field_has_its_rule,
    five_wrong_fields_are_named_at_once,
    an_empty_request_names_what_is_required,
    texts_are_in_the_language_that_was_asked_for,
    what_an_account_may_not_use_is_refused,
    lengths_are_counted_in_characters,
);

async fn each_field_has_its_rule(gateway: &TestGateway) -> Result<()> {
    for (fields, expected) in wrong_texts().into_iter().chain(wrong_kinds()).chain(wrong_urls()) {
        let answer = gateway
            .call("POST", "/v3/payments", Some(payment(&fields)))
            .await?;
        assert_eq!(answer.status, 400, "{fields}");
        assert_eq!(answer.fields(), expected, "{fields}: {}", answer.text());
    }
    Ok(())
}

/// Fields that break a rule, and the fields that the answer names.
fn wrong_texts() -> Vec<(Value, Vec<&'static str>)> {
    let long = |length: usize| "x".repeat(length);
    vec![
        (json!({"currency": "clp"}), vec!["currency"]),
        (json!({"currency": "XXX"}), vec!["currency"]),
        (json!({"currency": 152}), vec!["currency"]),
        (json!({"currency": null}), vec!["currency"]),
        (json!({"subject": ""}), vec!["subject"]),
        (json!({"subject": 7}), vec!["subject"]),
        (json!({"subject": long(256)}), vec!["subject"]),
        (json!({"subject": "a\u{0}b"}), vec!["subject"]),
        (json!({"transaction_id": long(256)}), vec!["transaction_id"]),
        (json!({"transaction_id": 12}), vec!["transaction_id"]),
        (json!({"custom": {"a": 1}}), vec!["custom"]),
        (json!({"body": long(5121)}), vec!["body"]),
        (json!({"bank_id": "nobnk"}), vec!["bank_id"]),
        (json!({"bank_id": "toolong"}), vec!["bank_id"]),
    ]
}

/// The same, of the fields with a shape of their own.
fn wrong_kinds() -> Vec<(Value, Vec<&'static str>)> {
    let long = |length: usize| "x".repeat(length);
    vec![
        (json!({"notify_api_version": "2.0"}), vec!["notify_api_version"]),
        (json!({"notify_api_version": 3.0}), vec!["notify_api_version"]),
        (
            json!({"expires_date": "2020-01-01T00:00:00Z"}),
            vec!["expires_date"],
        ),
        (
            json!({"expires_date": "2026-03-02T15:00:00Z"}),
            vec!["expires_date"],
        ),
        (
            json!({"expires_date": "2030-01-01T00:00:00"}),
            vec!["expires_date"],
        ),
        (json!({"expires_date": "mañana"}), vec!["expires_date"]),
        (json!({"expires_date": 1_900_000_000}), vec!["expires_date"]),
        (
            json!({"confirm_timeout_date": "2020-01-01T00:00:00Z"}),
            vec!["confirm_timeout_date"],
        ),
        (json!({"send_email": true}), vec!["payer_name", "payer_email"]),
        (
            json!({"send_email": true, "payer_name": "Ana"}),
            vec!["payer_email"],
        ),
        (json!({"send_email": "true"}), vec!["send_email"]),
        (json!({"send_reminders": 1}), vec!["send_reminders"]),
        (json!({"payer_email": "ana"}), vec!["payer_email"]),
        (json!({"payer_email": "ana@"}), vec!["payer_email"]),
        (
            json!({"payer_email": format!("{}@b.example", long(255))}),
            vec!["payer_email"],
        ),
        (json!({"payer_name": long(256)}), vec!["payer_name"]),
        (
            json!({"responsible_user_email": "otro@comercio.example"}),
            vec!["responsible_user_email"],
        ),
        (
            json!({"fixed_payer_personal_identifier": long(256)}),
            vec!["fixed_payer_personal_identifier"],
        ),
        (
            json!({"collect_account_uuid": "007367340234"}),
            vec!["collect_account_uuid"],
        ),
        (
            json!({"mandatory_payment_method": "cash"}),
            vec!["mandatory_payment_method"],
        ),
    ]
}

/// The same, of the URLs.
fn wrong_urls() -> Vec<(Value, Vec<&'static str>)> {
    let url = |length: usize| format!("https://a.example/{}", "x".repeat(length));
    let mut table = Vec::new();
    for field in ["return_url", "cancel_url", "picture_url", "notify_url"] {
        for bad in [
            "tienda",
            "/r",
            "ftp://a.example/",
            "javascript:alert(1)",
            "https://",
            "http:///r",
            "https://a b/",
        ] {
            table.push((json!({ field: bad }), vec![field]));
        }
        table.push((json!({ field: url(1024) }), vec![field]));
        table.push((json!({ field: ["https://a.example"] }), vec![field]));
    }
    for field in ["picture_url", "notify_url"] {
        for private in ["http://10.0.0.1/", "https://192.168.1.1/", "https://[fe80::1]/"] {
            table.push((json!({ field: private }), vec![field]));
        }
    }
    table
}

async fn five_wrong_fields_are_named_at_once(gateway: &TestGateway) -> Result<()> {
    let body = json!({
        "amount": true, "currency": "CLP", "subject": "x".repeat(256), "body": 5,
        "return_url": "tienda", "payer_email": "ana",
    });
    let answer = gateway.call("POST", "/v3/payments", Some(body)).await?;
    let expected = json!({
        "status": 400,
        "message": "Error de validación",
        "errors": [
            {"field": "amount", "message": "Debe ser un número, o un texto que contenga solo un número"},
            {"field": "subject", "message": "Debe tener como máximo 255 caracteres"},
            {"field": "body", "message": "Debe ser un texto (string JSON)"},
            {"field": "return_url", "message": "La URL tienda no es válida"},
            {"field": "payer_email", "message": "No es un correo electrónico válido"},
        ],
    });
    assert_eq!(answer.json(), expected);
    Ok(())
}

async fn an_empty_request_names_what_is_required(gateway: &TestGateway) -> Result<()> {
    for body in [None, Some(json!({}))] {
        let answer = gateway.call("POST", "/v3/payments", body).await?;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.fields(), ["amount", "currency", "subject"]);
    }
    Ok(())
}

async fn texts_are_in_the_language_that_was_asked_for(gateway: &TestGateway) -> Result<()> {
    for (language, message, reason) in [
        ("es", "Error de validación", "La URL x no es válida"),
        ("es-CL,en;q=0.5", "Error de validación", "La URL x no es válida"),
        ("fr", "Error de validación", "La URL x no es válida"),
        ("en", "Validation error", "The URL x is not valid"),
        ("en-US,es;q=0.1", "Validation error", "The URL x is not valid"),
    ] {
        let headers = [("accept-language", language)];
        let body = payment(&json!({"return_url": "x"}));
        let answer = gateway
            .call_with("POST", "/v3/payments", Some(body), &headers)
            .await?
            .json();
        assert_eq!(answer["message"], message, "{language}");
        assert_eq!(answer["errors"][0]["message"], reason, "{language}");
    }
    Ok(())
}

async fn what_an_account_may_not_use_is_refused(gateway: &TestGateway) -> Result<()> {
    for (fields, expected) in [
        (json!({"integrator_fee": "10"}), vec!["integrator_fee"]),
        (
            json!({"psp_client_merchant_name": "PSP 1->Cliente"}),
            vec!["psp_client_merchant_name"],
        ),
        (
            json!({"contract_url": "http://127.0.0.1:9/c.pdf"}),
            vec!["contract_url", "contract_url", "fixed_payer_personal_identifier"],
        ),
    ] {
        let answer = gateway
            .call("POST", "/v3/payments", Some(payment(&fields)))
            .await?;
        let mut fields = answer.fields();
        fields.dedup();
        let mut expected = expected;
        expected.dedup();
        assert_eq!(fields, expected, "{}", answer.text());
    }
    Ok(())
}

async fn lengths_are_counted_in_characters(gateway: &TestGateway) -> Result<()> {
    for (subject, status) in [
        ("ñ".repeat(255), 200),
        ("ñ".repeat(256), 400),
        ("\u{1F600}".repeat(255), 200),
    ] {
        let body = payment(&json!({"subject": subject}));
        assert_eq!(
            gateway.call("POST", "/v3/payments", Some(body)).await?.status,
            status
        );
    }
    Ok(())
}
