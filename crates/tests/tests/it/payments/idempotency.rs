//! `Idempotency-Key`: a POST that may be sent again does its work once.

use anyhow::Result;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::Answer;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bodies::payment;

on_both_engines!(
    the_same_key_twenty_times_at_once_makes_one_payment,
    the_same_key_gets_the_first_answer_again,
    the_same_key_with_another_body_is_refused,
    an_answer_is_kept_for_a_day,
    what_had_no_effect_is_not_kept,
    a_key_has_1_to_255_characters,
    a_key_belongs_to_an_account,
    a_kept_answer_is_sealed,
);

async fn the_same_key_twenty_times_at_once_makes_one_payment(gateway: &TestGateway) -> Result<()> {
    let mut answers = Vec::new();
    let requests = (0..20).map(|_| create(gateway, "k", payment(&json!({}))));
    for answer in ayni_testkit::run::all_at_once(requests).await {
        answers.push(answer?);
    }
    let (made, refused): (Vec<&Answer>, Vec<&Answer>) =
        answers.iter().partition(|answer| answer.status == 200);
    assert!(!made.is_empty());
    assert!(made.iter().all(|answer| answer.body == made[0].body));
    assert!(refused.iter().all(|answer| answer.status == 409), "{refused:?}");
    assert_eq!(rows(&gateway.app.db, "SELECT id FROM payments").await?.len(), 1);
    let first = made
        .iter()
        .filter(|answer| answer.header("idempotent-replayed").is_none());
    assert_eq!(first.count(), 1, "all but one are replays");
    Ok(())
}

async fn the_same_key_gets_the_first_answer_again(gateway: &TestGateway) -> Result<()> {
    let first = create(gateway, "k", payment(&json!({}))).await?;
    assert_eq!(
        (first.status.as_u16(), first.header("idempotent-replayed")),
        (200, None)
    );
    gateway.advance(SignedDuration::from_hours(23)).await?;
    let again = create(gateway, "k", payment(&json!({}))).await?;
    assert_eq!(
        (again.status.as_u16(), again.header("idempotent-replayed")),
        (200, Some("true"))
    );
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("content-type"), Some("application/json"));
    let other = create(gateway, "K", payment(&json!({}))).await?;
    assert_ne!(other.body, first.body, "keys differ by case");
    Ok(())
}

async fn the_same_key_with_another_body_is_refused(gateway: &TestGateway) -> Result<()> {
    let first = create(gateway, "k", payment(&json!({}))).await?;
    let other = create(gateway, "k", payment(&json!({"subject": "Otro"}))).await?;
    assert_eq!(other.status, 422);
    let message = "Esta Idempotency-Key ya se usó con otro contenido";
    assert_eq!(other.json(), json!({"status": 422, "message": message}));
    assert_eq!(create(gateway, "k", payment(&json!({}))).await?.body, first.body);
    Ok(())
}

async fn an_answer_is_kept_for_a_day(gateway: &TestGateway) -> Result<()> {
    let first = create(gateway, "k", payment(&json!({}))).await?;
    gateway.clock.advance_ms(24 * 3_600_000);
    let after = create(gateway, "k", payment(&json!({}))).await?;
    assert_eq!(
        (after.status.as_u16(), after.header("idempotent-replayed")),
        (200, None)
    );
    assert_ne!(after.body, first.body);
    assert_eq!(
        create(gateway, "k", payment(&json!({}))).await?.body,
        after.body,
        "the new answer is kept in turn"
    );
    gateway.advance(SignedDuration::from_hours(24)).await?;
    assert!(
        rows(&gateway.app.db, "SELECT key FROM idempotent_answers")
            .await?
            .is_empty(),
        "old answers are deleted"
    );
    Ok(())
}

async fn what_had_no_effect_is_not_kept(gateway: &TestGateway) -> Result<()> {
    let wrong = create(gateway, "k", payment(&json!({"amount": -1}))).await?;
    assert_eq!(wrong.status, 400);
    let mended = create(gateway, "k", payment(&json!({}))).await?;
    assert_eq!(
        (mended.status.as_u16(), mended.header("idempotent-replayed")),
        (200, None)
    );
    Ok(())
}

async fn a_key_has_1_to_255_characters(gateway: &TestGateway) -> Result<()> {
    for key in [String::new(), "k".repeat(256)] {
        let answer = create(gateway, &key, payment(&json!({"subject": ""}))).await?;
        assert_eq!(answer.status, 400);
        let mut fields = answer.fields();
        fields.sort();
        assert_eq!(
            fields,
            ["Idempotency-Key", "subject"],
            "with the body's own violations"
        );
    }
    assert!(rows(&gateway.app.db, "SELECT id FROM payments").await?.is_empty());
    assert_eq!(
        create(gateway, &"k".repeat(255), payment(&json!({})))
            .await?
            .status,
        200
    );
    Ok(())
}

async fn a_key_belongs_to_an_account(gateway: &TestGateway) -> Result<()> {
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    let own = create(gateway, "k", payment(&json!({}))).await?;
    let (account, headers) = (other.api_key.as_str(), [("idempotency-key", "k")]);
    let theirs = gateway
        .call_by(
            account,
            "POST",
            "/v3/payments",
            Some(payment(&json!({}))),
            &headers,
        )
        .await?;
    assert_eq!(
        (theirs.status.as_u16(), theirs.header("idempotent-replayed")),
        (200, None)
    );
    assert_ne!(theirs.body, own.body);
    Ok(())
}

async fn a_kept_answer_is_sealed(gateway: &TestGateway) -> Result<()> {
    let answer = create(gateway, "k", payment(&json!({}))).await?;
    let id = answer.json()["payment_id"].as_str().unwrap().to_owned();
    let kept = rows(&gateway.app.db, "SELECT answer_sealed FROM idempotent_answers").await?;
    let sealed = kept[0].bytes(0)?;
    assert!(!sealed.windows(id.len()).any(|bytes| bytes == id.as_bytes()));
    Ok(())
}

async fn create(gateway: &TestGateway, key: &str, body: Value) -> Result<Answer> {
    gateway
        .call_with("POST", "/v3/payments", Some(body), &[("idempotency-key", key)])
        .await
}
