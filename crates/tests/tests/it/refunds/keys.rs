//! `Idempotency-Key` on refunds: what was done is done once, and a refusal is kept too.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::Answer;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use serde_json::{Value, json};

use super::house::{Shop, errors, refunds};

on_both_engines!(
    the_same_key_many_times_at_once_refunds_once,
    a_refused_refund_is_kept_and_a_wrong_one_is_not,
);

async fn the_same_key_many_times_at_once_refunds_once(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    let path = format!("/v3/payments/{id}/refunds");
    let asked = (0..20).map(|_| send(gateway, &path, "r", json!({"amount": 100})));
    let mut done = Vec::new();
    for answer in all_at_once(asked).await {
        let answer = answer?;
        match answer.status.as_u16() {
            200 => done.push(answer),
            status => assert_eq!(status, 409, "{}", answer.text()),
        }
    }
    let first = done
        .iter()
        .filter(|answer| answer.header("idempotent-replayed").is_none());
    assert_eq!(first.count(), 1);
    assert_eq!(refunds(gateway, &id).await?.1, "100.0000");
    let again = send(gateway, &path, "r", json!({"amount": 100})).await?;
    assert_eq!(
        (again.status.as_u16(), again.header("idempotent-replayed")),
        (200, Some("true"))
    );
    assert_eq!(
        send(gateway, &path, "r", json!({"amount": 200})).await?.status,
        422
    );
    assert_eq!(
        send(gateway, &path, "s", json!({"amount": 100})).await?.status,
        200
    );
    assert_eq!(refunds(gateway, &id).await?.1, "200.0000");
    Ok(())
}

async fn a_refused_refund_is_kept_and_a_wrong_one_is_not(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    let body = json!({"type": "partial", "payment_id": id, "amount": "400"});
    let refused = send(gateway, "/v3/refunds", "w", body.clone()).await?;
    assert_eq!(errors(&refused)[0].1, "Saldo de la billetera insuficiente");
    shop.top_up(gateway, 5000).await?;
    let again = send(gateway, "/v3/refunds", "w", body.clone()).await?;
    assert_eq!(
        (again.status.as_u16(), again.header("idempotent-replayed")),
        (400, Some("true"))
    );
    assert_eq!(again.body, refused.body);
    assert_eq!(send(gateway, "/v3/refunds", "x", body).await?.status, 200);
    let wrong = json!({"type": "partial", "payment_id": id});
    assert_eq!(send(gateway, "/v3/refunds", "y", wrong).await?.status, 400);
    let mended = json!({"type": "partial", "payment_id": id, "amount": "100"});
    assert_eq!(send(gateway, "/v3/refunds", "y", mended).await?.status, 200);
    assert_eq!(refunds(gateway, &id).await?.1, "500.0000");
    Ok(())
}

async fn send(gateway: &TestGateway, path: &str, key: &str, body: Value) -> Result<Answer> {
    gateway
        .call_with("POST", path, Some(body), &[("idempotency-key", key)])
        .await
}
