//! The wallet: topped up by a transfer with its reference, and refunds out of it.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

use super::house::{Shop, error, errors, not_refundable, owed, read_statement, refunds};
use crate::bodies::state;

on_both_engines!(
    a_top_up_is_known_by_its_reference_and_by_nothing_else,
    a_wallet_refund_tells_what_is_left_and_is_paid,
    the_wallet_is_never_spent_beyond_what_it_holds,
    a_payment_is_refunded_out_of_the_wallet_for_180_days,
    everything_wrong_with_a_wallet_refund_is_told,
    each_merchant_has_a_wallet_of_its_own,
);

async fn a_top_up_is_known_by_its_reference_and_by_nothing_else(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let wallet = shop.wallet(gateway).await?;
    assert_eq!(
        (&wallet["balance"], &wallet["currency"]),
        (&json!("0.0000"), &json!("CLP"))
    );
    let reference = shop.reference(gateway).await?;
    assert_eq!(shop.reference(gateway).await?, reference, "it stays the same");
    let id = shop.paid(gateway, 700).await?;
    for (pesos, comment) in [
        (1000, reference.clone()),
        (250, format!("Fondos: {}", reference.to_uppercase())),
        (60, format!("{reference} {id}")),
        (7, "para la billetera".to_owned()),
        (8, format!("{reference}x")),
    ] {
        gateway
            .bank
            .transfer("11.111.111-1", &shop.rut, pesos, &comment)
            .await?;
    }
    read_statement(gateway).await?;
    assert_eq!(shop.wallet(gateway).await?["balance"], "1250.0000");
    assert_eq!(owed(gateway, "wallet").await?, 1250);
    let waiting = rows(
        &gateway.app.db,
        "SELECT amount FROM movements WHERE state = 'review' ORDER BY amount",
    )
    .await?;
    let waiting: Vec<i64> = waiting.iter().map(|row| row.int(0).unwrap() / 10_000).collect();
    assert_eq!(
        waiting,
        [7, 8, 60],
        "what names no wallet, or more than a wallet, is for a person"
    );
    Ok(())
}

async fn a_wallet_refund_tells_what_is_left_and_is_paid(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    shop.top_up(gateway, 5000).await?;
    let answer = shop.wallet_refund(gateway, &id, Some("300.0000")).await?;
    let body = answer.json();
    let refund = body["id"].as_str().unwrap();
    assert_eq!(
        body,
        json!({
            "id": refund, "payment_id": id, "refunded_amount": "300.0000", "total_refunded": "300.0000",
            "remaining": "700.0000", "currency": "CLP",
            "message": "El reembolso fue aceptado y está en proceso",
        })
    );
    assert_eq!(shop.wallet(gateway).await?["balance"], "4700.0000");
    assert_eq!(state(gateway, &id).await?, "done/partially-refunded");
    gateway.work().await?;
    let read = gateway
        .call("GET", &format!("/v3/refunds/{refund}"), None)
        .await?
        .json();
    assert_eq!(
        (&read["status"], &read["type"]),
        (&json!("paid"), &json!("wallet"))
    );
    let full = shop.wallet_refund(gateway, &id, None).await?.json();
    assert_eq!(
        (&full["refunded_amount"], &full["remaining"]),
        (&json!("700.0000"), &json!("0.0000"))
    );
    assert_eq!(
        state(gateway, &id).await?,
        "done/fully-refunded",
        "out of the wallet it is no reversal"
    );
    gateway.work().await?;
    assert_eq!(
        (owed(gateway, "transit").await?, owed(gateway, "wallet").await?),
        (0, 4000)
    );
    Ok(())
}

async fn the_wallet_is_never_spent_beyond_what_it_holds(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    shop.top_up(gateway, 1500).await?;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(shop.paid(gateway, 1000).await?);
    }
    let asked = ids.iter().map(|id| shop.wallet_refund(gateway, id, None));
    let mut accepted = 0;
    for answer in ayni_testkit::run::all_at_once(asked).await {
        let answer = answer?;
        match answer.status.as_u16() {
            200 => accepted += 1,
            _ => assert_eq!(
                errors(&answer),
                [error("amount", "Saldo de la billetera insuficiente")]
            ),
        }
    }
    assert_eq!(accepted, 1);
    assert_eq!(shop.wallet(gateway).await?["balance"], "500.0000");
    Ok(())
}

async fn a_payment_is_refunded_out_of_the_wallet_for_180_days(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    shop.top_up(gateway, 1000).await?;
    gateway
        .clock
        .advance_ms(SignedDuration::from_hours(180 * 24 - 1).as_millis().try_into()?);
    assert_eq!(shop.wallet_refund(gateway, &id, Some("100")).await?.status, 200);
    gateway
        .clock
        .advance_ms(SignedDuration::from_hours(2).as_millis().try_into()?);
    let refused = shop.wallet_refund(gateway, &id, Some("100")).await?;
    assert_eq!(errors(&refused), [not_refundable(&id)]);
    Ok(())
}

async fn everything_wrong_with_a_wallet_refund_is_told(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let (id, other) = (
        shop.paid(gateway, 1000).await?,
        Shop::open(gateway, "77.777.777-7").await?,
    );
    for (body, expected) in [
        (json!({}), vec!["type", "payment_id"]),
        (
            json!({"type": "full", "payment_id": id, "amount": "1"}),
            vec!["amount"],
        ),
        (json!({"type": "partial", "payment_id": id}), vec!["amount"]),
        (json!({"type": "half", "payment_id": id}), vec!["type"]),
        (
            json!({"type": "partial", "payment_id": id, "amount": "0.5"}),
            vec!["amount"],
        ),
    ] {
        let answer = gateway.call("POST", "/v3/refunds", Some(body.clone())).await?;
        let fields: Vec<String> = errors(&answer).into_iter().map(|(field, _)| field).collect();
        assert_eq!(
            (answer.status.as_u16(), fields),
            (400, expected.into_iter().map(String::from).collect()),
            "{body}"
        );
    }
    for unknown in ["aaaaaaaaaaaa", "no-es-un-pago"] {
        let refused = shop.wallet_refund(gateway, unknown, None).await?;
        assert_eq!(errors(&refused), [not_refundable(unknown)]);
    }
    assert_eq!(
        errors(&other.wallet_refund(gateway, &id, None).await?),
        [not_refundable(&id)]
    );
    let unknown = gateway
        .call("GET", "/v3/refund-wallet/balance?currency=CLF", None)
        .await?;
    assert_eq!(errors(&unknown)[0].0, "currency");
    let dollars = gateway
        .call("GET", "/v3/refund-wallet/balance?currency=USD", None)
        .await?
        .json();
    assert_eq!(
        (&dollars["balance"], &dollars["currency"]),
        (&json!("0.0000"), &json!("USD"))
    );
    assert_eq!(
        gateway
            .call("GET", "/v3/refunds/aaaaaaaaaaaa", None)
            .await?
            .status,
        404
    );
    Ok(())
}

async fn each_merchant_has_a_wallet_of_its_own(gateway: &TestGateway) -> Result<()> {
    let (shop, other) = (Shop::of(gateway), Shop::open(gateway, "77.777.777-7").await?);
    shop.top_up(gateway, 900).await?;
    assert_ne!(shop.reference(gateway).await?, other.reference(gateway).await?);
    assert_eq!(other.wallet(gateway).await?["balance"], "0.0000");
    let stray = shop.reference(gateway).await?;
    gateway
        .bank
        .transfer("11.111.111-1", &other.rut, 50, &stray)
        .await?;
    read_statement(gateway).await?;
    assert_eq!(other.wallet(gateway).await?["balance"], "0.0000");
    assert_eq!(
        shop.wallet(gateway).await?["balance"],
        "900.0000",
        "it came to another bank account"
    );
    let id = other.paid(gateway, 1000).await?;
    let refused = other.wallet_refund(gateway, &id, None).await?;
    assert_eq!(
        errors(&refused),
        [error("amount", "Saldo de la billetera insuficiente")]
    );
    let path = format!("/v3/payments/{id}");
    let read = other.call(gateway, "GET", &path, None).await?.json();
    assert_eq!(
        (&read["refunds"], &read["total_refunded"]),
        (&json!([]), &json!("0.0000"))
    );
    assert!(refunds(gateway, &id).await.is_err(), "another account's payment");
    Ok(())
}
