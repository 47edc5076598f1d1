//! What `POST /v3/payments` takes, and what it makes of what is absent.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::{Value, json};

use crate::bodies::payment;

on_both_engines!(
    the_answer_tells_where_to_send_the_payer,
    every_field_is_kept_as_it_was_sent,
    null_and_empty_text_mean_not_set,
    unknown_fields_are_ignored,
    custom_comes_back_verbatim,
    a_payment_is_ready_for_the_terminal_when_email_and_bank_are_known,
    a_payment_lives_a_day_unless_it_says_otherwise,
    instants_are_taken_with_any_offset,
);

async fn the_answer_tells_where_to_send_the_payer(gateway: &TestGateway) -> Result<()> {
    let answer = gateway
        .call("POST", "/v3/payments", Some(payment(&json!({}))))
        .await?;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    let id = body["payment_id"].as_str().unwrap();
    assert!(
        id.len() == 12 && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
        "{id}"
    );
    let at = format!("http://{}/payment", gateway.address);
    let expected = json!({
        "payment_id": id,
        "payment_url": format!("{at}/info/{id}"),
        "simplified_transfer_url": format!("{at}/simplified/{id}"),
        "transfer_url": format!("{at}/manual/{id}"),
        "app_url": format!("khipu:///pos/{id}"),
        "ready_for_terminal": false,
    });
    assert_eq!(body, expected);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    Ok(())
}

async fn every_field_is_kept_as_it_was_sent(gateway: &TestGateway) -> Result<()> {
    let fields = json!({
        "subject": "Ñandú «1» \u{1F600}", "transaction_id": "orden 1/ñ", "custom": "{\"a\": 1}", "body": "línea 1\nlínea 2",
        "bank_id": "Bawdf", "return_url": "http://tienda.example/r?a=1&b=ñ", "cancel_url": "https://tienda.example/c",
        "picture_url": "http://127.0.0.1:9/p.png", "notify_url": "http://127.0.0.1:9/n", "notify_api_version": "1.3",
        "payer_name": "Ana Pérez", "payer_email": "ana@ejemplo.example", "send_email": true, "send_reminders": true,
        "responsible_user_email": "cobros@comercio.example",
    });
    let id = gateway.create(payment(&fields)).await?;
    let read = gateway.payment(&id).await?;
    for (name, value) in fields.as_object().unwrap() {
        assert_eq!(&read[name], value, "{name}");
    }
    Ok(())
}

async fn null_and_empty_text_mean_not_set(gateway: &TestGateway) -> Result<()> {
    for nothing in [Value::Null, json!("")] {
        let mut body = payment(&json!({}));
        for field in [
            "transaction_id",
            "custom",
            "body",
            "bank_id",
            "return_url",
            "notify_url",
            "notify_api_version",
            "expires_date",
            "send_email",
            "payer_email",
            "integrator_fee",
            "collect_account_uuid",
            "confirm_timeout_date",
            "mandatory_payment_method",
            "psp_client_merchant_name",
            "contract_url",
        ] {
            body[field] = nothing.clone();
        }
        gateway.create(body).await?;
    }
    Ok(())
}

async fn unknown_fields_are_ignored(gateway: &TestGateway) -> Result<()> {
    let extra =
        json!({"colour": "red", "amountt": -1, "nested": {"amount": 5}, "list": [1, 2], "Subject": 7});
    let id = gateway.create(payment(&extra)).await?;
    let read = gateway.payment(&id).await?;
    assert_eq!(read["amount"], "1000.0000");
    assert!(read.get("colour").is_none());
    Ok(())
}

async fn custom_comes_back_verbatim(gateway: &TestGateway) -> Result<()> {
    for custom in [
        "<xml a=\"1\">\r\n\t</xml>".to_owned(),
        "  blanks around  ".to_owned(),
        "\u{1F9E1} \u{202E} \\ \" / \u{7f}".to_owned(),
        "x".repeat(1_000_000),
    ] {
        let id = gateway.create(payment(&json!({"custom": custom}))).await?;
        assert_eq!(gateway.payment(&id).await?["custom"], custom);
    }
    Ok(())
}

async fn a_payment_is_ready_for_the_terminal_when_email_and_bank_are_known(
    gateway: &TestGateway,
) -> Result<()> {
    for (fields, ready) in [
        (json!({}), false),
        (json!({"bank_id": "Bawdf"}), false),
        (json!({"payer_email": "ana@ejemplo.example"}), false),
        (
            json!({"bank_id": "Bawdf", "payer_email": "ana@ejemplo.example"}),
            true,
        ),
    ] {
        let body = payment(&fields);
        let answer = gateway.call("POST", "/v3/payments", Some(body)).await?.json();
        assert_eq!(answer["ready_for_terminal"], ready, "{fields}");
        let read = gateway.payment(answer["payment_id"].as_str().unwrap()).await?;
        assert_eq!(read["ready_for_terminal"], ready, "{fields}");
    }
    Ok(())
}

async fn a_payment_lives_a_day_unless_it_says_otherwise(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    assert_eq!(
        gateway.payment(&id).await?["expires_date"],
        "2026-03-03T15:00:00.000Z"
    );
    Ok(())
}

async fn instants_are_taken_with_any_offset(gateway: &TestGateway) -> Result<()> {
    for text in [
        "2026-12-31T15:45:00-04:00",
        "2026-12-31T15:45:00-0400",
        "2026-12-31T19:45:00Z",
        "2026-12-31T19:45:00.000Z",
        "2026-12-31T20:45:00.000000+01:00",
    ] {
        let id = gateway.create(payment(&json!({"expires_date": text}))).await?;
        assert_eq!(
            gateway.payment(&id).await?["expires_date"],
            "2026-12-31T19:45:00.000Z",
            "{text}"
        );
    }
    Ok(())
}
