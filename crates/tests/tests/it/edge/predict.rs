//! `GET /v3/predict`: each outcome, from the bank's limits and the payer's history.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bodies::payment;

on_both_engines!(
    the_banks_limits_and_the_payers_history_decide,
    a_query_names_every_field_that_is_wrong
);

async fn the_banks_limits_and_the_payers_history_decide(gateway: &TestGateway) -> Result<()> {
    let expected = json!({
        "new_destinatary_max_amount": "500000.0000", "max_amount": "5000000.0000", "result": "ok",
        "cool_down_date": "",
    });
    assert_eq!(ask(gateway, 500_000, "CLP").await?, expected);
    for (amount, result) in [
        (199, "not_available_account"),
        (200, "ok"),
        (500_001, "new_destinatary_amount_exceeded"),
        (5_000_001, "max_amount_exceeded"),
    ] {
        assert_eq!(ask(gateway, amount, "CLP").await?["result"], result, "{amount}");
    }
    // 39,500 pesos each: thirteen are above what a new payee may get.
    for (amount, result) in [(12, "ok"), (13, "new_destinatary_amount_exceeded")] {
        assert_eq!(
            ask(gateway, amount, "CLF").await?["result"],
            result,
            "{amount} CLF"
        );
    }

    let id = gateway
        .create(payment(&json!({"payer_email": "ana@ejemplo.example"})))
        .await?;
    Payer::at(gateway)?.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    let soon = ask(gateway, 500_001, "CLP").await?;
    assert_eq!(soon["result"], "new_destinatary_cool_down");
    assert_eq!(soon["cool_down_date"], "2026-03-03T15:00:00.000Z");
    gateway
        .clock
        .advance_ms(i64::try_from(SignedDuration::from_hours(24).as_millis())?);
    assert_eq!(ask(gateway, 500_001, "CLP").await?["result"], "ok");
    assert_eq!(
        ask(gateway, 5_000_001, "CLP").await?["result"],
        "max_amount_exceeded"
    );
    Ok(())
}

async fn a_query_names_every_field_that_is_wrong(gateway: &TestGateway) -> Result<()> {
    let all = ["payer_email", "bank_id", "amount", "currency"];
    for query in [
        "",
        "payer_email=&bank_id=&amount=&currency=",
        "payer_email=x&bank_id=x&amount=x&currency=x",
    ] {
        let answer = gateway.call("GET", &format!("/v3/predict?{query}"), None).await?;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (400, all.map(str::to_owned).to_vec()),
            "{query}"
        );
    }
    for (query, field) in [
        (
            "payer_email=a@b.example&bank_id=Bawdf&amount=10.5&currency=CLP",
            "amount",
        ),
        (
            "payer_email=a@b.example&bank_id=Bawdf&amount=0&currency=CLP",
            "amount",
        ),
        (
            "payer_email=a@b.example&bank_id=Bawdf&amount=1&currency=clp",
            "currency",
        ),
        (
            "payer_email=a@b.example&bank_id=Bawde&amount=1&currency=CLP",
            "bank_id",
        ),
    ] {
        let answer = gateway.call("GET", &format!("/v3/predict?{query}"), None).await?;
        assert_eq!(answer.fields(), [field], "{query}");
    }
    Ok(())
}

async fn ask(gateway: &TestGateway, amount: i64, currency: &str) -> Result<Value> {
    let query = format!("payer_email=ana@ejemplo.example&bank_id=Bawdf&amount={amount}&currency={currency}");
    let answer = gateway.call("GET", &format!("/v3/predict?{query}"), None).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    Ok(answer.json())
}
