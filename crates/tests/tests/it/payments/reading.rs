//! `GET /v3/payments/{id}`: every documented key, always, sorted.

use anyhow::Result;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::{Value, json};

use crate::bodies::payment;

on_both_engines!(
    a_new_payment_has_every_key_with_its_default,
    a_paid_payment_tells_who_paid_and_how,
    another_accounts_payment_is_not_found,
    what_is_no_payment_is_not_found,
);

async fn a_new_payment_has_every_key_with_its_default(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let answer = gateway.call("GET", &format!("/v3/payments/{id}"), None).await?;
    let read = answer.json();
    let token = read["notification_token"].as_str().unwrap();
    assert!(
        token.len() == 64 && token.chars().all(|c| c.is_ascii_hexdigit()),
        "{token}"
    );
    let at = format!("http://{}/payment", gateway.address);
    let expected = json!({
        "amount": "1000.0000", "app_url": format!("khipu:///pos/{id}"), "attachment_urls": [],
        "authorizer_operation_code": "", "bank": "", "bank_account_number": "", "bank_id": "", "body": "",
        "cancel_url": "", "conciliation_date": null, "currency": "CLP", "custom": "", "discount": "0.0000",
        "expires_date": "2026-03-03T15:00:00.000Z", "funds_source": "", "notification_token": token,
        "notify_api_version": "3.0", "notify_url": "", "out_of_date_conciliation": false, "payer_email": "",
        "payer_name": "", "payment_id": id, "payment_method": "not_available",
        "payment_url": format!("{at}/info/{id}"), "personal_identifier": "", "picture_url": "",
        "ready_for_terminal": false, "receipt_url": "", "receiver_id": gateway.receiver_id, "refunds": [],
        "responsible_user_email": "cobros@comercio.example", "return_url": "", "send_email": false,
        "send_reminders": false, "simplified_transfer_url": format!("{at}/simplified/{id}"), "status": "pending",
        "status_detail": "pending", "subject": "Cobro de prueba", "total_refunded": "0.0000", "transaction_id": "",
        "transfer_url": format!("{at}/manual/{id}"),
    });
    assert_eq!(read, expected);
    assert_keys_are_sorted(&answer.text(), &expected);
    Ok(())
}

async fn a_paid_payment_tells_who_paid_and_how(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    Payer::at(gateway)?.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    let read = gateway.payment(&id).await?;
    for (key, value) in [
        ("status", json!("done")),
        ("status_detail", json!("normal")),
        ("bank", json!("DemoBank")),
        ("bank_id", json!("Bawdf")),
        ("bank_account_number", json!("000000000000111111111")),
        ("personal_identifier", json!("11.111.111-1")),
        ("payment_method", json!("simplified_transfer")),
        ("funds_source", json!("debit")),
        ("conciliation_date", json!("2026-03-02T15:00:00.000Z")),
        ("out_of_date_conciliation", json!(false)),
    ] {
        assert_eq!(read[key], value, "{key}");
    }
    let receipt = read["receipt_url"].as_str().unwrap();
    assert!(
        receipt.starts_with(&format!("http://{}/payment/receipt/{id}-", gateway.address))
            && receipt.ends_with(&format!("/CPKH-0203261200-{id}.pdf")),
        "{receipt}"
    );
    Ok(())
}

async fn another_accounts_payment_is_not_found(gateway: &TestGateway) -> Result<()> {
    let other = account::open(
        &gateway.app,
        "77.777.777-7",
        Some(Merchant::start().await?.url("/")),
    )
    .await?;
    let id = gateway.create(payment(&json!({}))).await?;
    for method in ["GET", "DELETE"] {
        let headers = [("x-api-key", other.api_key.as_str())];
        let answer = gateway
            .call_as(method, &format!("/v3/payments/{id}"), &headers)
            .await?;
        assert_eq!(answer.status, 404, "{method}");
        assert_eq!(
            answer.json(),
            json!({"status": 404, "message": "Recurso no disponible"})
        );
    }
    assert_eq!(gateway.payment(&id).await?["status"], "pending");
    Ok(())
}

async fn what_is_no_payment_is_not_found(gateway: &TestGateway) -> Result<()> {
    for id in ["gqzdy6chjne9", "x", "GQZDY6CHJNE9", "%00", "a%2Fb", "ñ"] {
        let path = format!("/v3/payments/{}", id.replace('ñ', "%C3%B1"));
        assert_eq!(gateway.call("GET", &path, None).await?.status, 404, "{id}");
        assert_eq!(gateway.call("DELETE", &path, None).await?.status, 404, "{id}");
    }
    Ok(())
}

fn assert_keys_are_sorted(text: &str, body: &Value) {
    let mut keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    keys.sort();
    let places: Vec<usize> = keys
        .iter()
        .map(|key| text.find(&format!("\"{key}\":")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{text}");
}
