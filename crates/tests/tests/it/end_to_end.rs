//! The main job, from creation to the signed notification.

use std::time::Duration;

use anyhow::Result;
use ayni_crypto::sign::verify_notification;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::truth::rows;
use serde_json::json;

on_both_engines!(a_payer_pays_and_the_merchant_is_told);

async fn a_payer_pays_and_the_merchant_is_told(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = gateway
        .create(json!({
            "amount": 1000, "currency": "CLP", "subject": "Cobro de prueba \"ñ\"", "transaction_id": "orden-1",
            "custom": "<xml>á</xml>", "body": "Detalle", "notify_url": merchant.url("/webhook"),
        }))
        .await?;
    let mut payer = Payer::at(gateway)?;
    assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
    assert_eq!(gateway.payment(&id).await?["status"], "verifying");
    gateway.work().await?;

    let payment = gateway.payment(&id).await?;
    assert_eq!(
        (&payment["status"], &payment["status_detail"]),
        (&json!("done"), &json!("normal"))
    );
    assert_eq!(payer.open(&format!("/payment/end/{id}")).await?, "done");
    let received = merchant.received();
    assert_eq!(received.len(), 1);
    let now_ms = gateway.clock.now().as_millisecond();
    verify_notification(
        &gateway.secret,
        received[0].signature(),
        &received[0].body,
        now_ms,
        Duration::ZERO,
    )?;
    let noted = rows(&gateway.app.db, "SELECT state, tries FROM notices").await?;
    assert_eq!((noted[0].str(0)?, noted[0].int(1)?), ("delivered", 1));
    let operation = gateway.bank.book()?[0].operation.clone();
    let expected = format!(
        concat!(
            r#"{{"payment_id":"{id}","receiver_id":{receiver},"subject":"Cobro de prueba \"ñ\"","#,
            r#""amount":"1000.0000","discount":"0.0000","currency":"CLP","#,
            r#""receipt_url":"{receipt}","bank":"DemoBank","bank_id":"Bawdf","#,
            r#""payer_name":"{name}","payer_email":"cobros@comercio.example","#,
            r#""personal_identifier":"11.111.111-1","bank_account_number":"000000000000111111111","#,
            r#""out_of_date_conciliation":false,"transaction_id":"orden-1","#,
            r#""authorizer_operation_code":"{operation}","responsible_user_email":"cobros@comercio.example","#,
            r#""custom":"<xml>á</xml>","body":"Detalle","payment_method":"simplified_transfer","#,
            r#""conciliation_date":"2026-03-02T15:00:00.000Z"}}"#
        ),
        id = id,
        receiver = gateway.receiver_id,
        receipt = payment["receipt_url"].as_str().unwrap(),
        name = payment["payer_name"].as_str().unwrap(),
        operation = operation,
    );
    assert_eq!(String::from_utf8_lossy(&received[0].body), expected);
    assert!(
        payment["payer_name"]
            .as_str()
            .unwrap()
            .starts_with("Cobrador de desarrollo #")
    );
    Ok(())
}
