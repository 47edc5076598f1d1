//! `confirm_timeout_date` and `POST /v3/payments/{id}/confirm`.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Privilege, Privileges};
use ayni_gateway::merchants::accounts;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::{Value, json};

use super::house::{all, only, paid, paid_plain, run_now, set_payout_account, until};
use crate::bodies::payment;

on_both_engines!(
    a_held_payment_is_settled_on_its_date,
    a_confirmed_payment_is_settled_on_the_next_business_day,
    what_can_not_be_confirmed_says_why,
    confirming_needs_its_privilege,
    a_key_gets_the_same_answer_again,
    two_who_confirm_at_once_both_succeed_and_it_is_released_once,
);

const HELD_UNTIL: &str = "2026-03-20T13:00:00Z";

async fn confirm(gateway: &TestGateway, id: &str) -> Result<(u16, Value)> {
    let answer = gateway
        .call("POST", &format!("/v3/payments/{id}/confirm"), None)
        .await?;
    Ok((answer.status.as_u16(), answer.json()))
}

async fn a_held_payment_is_settled_on_its_date(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    paid(gateway, &json!({"confirm_timeout_date": HELD_UNTIL})).await?;
    until(gateway, "2026-03-19T20:00:00Z").await?;
    assert!(all(gateway).await?.is_empty());
    until(gateway, "2026-03-20T17:05:00Z").await?;
    assert_eq!(only(gateway).await?.settlement.day, "2026-03-20");
    Ok(())
}

async fn a_confirmed_payment_is_settled_on_the_next_business_day(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    let id = paid(gateway, &json!({"confirm_timeout_date": HELD_UNTIL})).await?;
    until(gateway, "2026-03-05T15:00:00Z").await?;
    for _ in 0..2 {
        let (status, body) = confirm(gateway, &id).await?;
        assert_eq!(status, 200);
        assert_eq!(
            body["message"],
            "El pago fue confirmado y se rendirá el próximo día hábil"
        );
    }
    until(gateway, "2026-03-05T18:00:00Z").await?;
    assert!(all(gateway).await?.is_empty(), "not on the same day");
    until(gateway, "2026-03-06T17:05:00Z").await?;
    assert_eq!(only(gateway).await?.settlement.day, "2026-03-06");
    assert_eq!(
        confirm(gateway, &id).await?.0,
        200,
        "confirmed before it was settled"
    );
    Ok(())
}

async fn what_can_not_be_confirmed_says_why(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    let plain = paid_plain(gateway).await?;
    let unpaid = gateway
        .create(payment(&json!({"confirm_timeout_date": HELD_UNTIL})))
        .await?;
    let timed_out = paid(gateway, &json!({"confirm_timeout_date": "2026-03-03T15:00:00Z"})).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    assert_eq!(run_now(gateway).await?, 0);
    for (id, problem) in [
        (&plain, "no está retenido"),
        (&unpaid, "este tiene estado pending"),
        (&timed_out, "ya fue rendido"),
    ] {
        let (status, body) = confirm(gateway, id).await?;
        assert_eq!(
            (status, &body["errors"][0]["field"]),
            (400, &json!("payment_id")),
            "{body}"
        );
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(problem), "{message}");
    }
    for id in ["gqzdy6chjne9", "nonsense"] {
        assert_eq!(confirm(gateway, id).await?.0, 404);
    }
    Ok(())
}

async fn confirming_needs_its_privilege(gateway: &TestGateway) -> Result<()> {
    let id = paid(gateway, &json!({"confirm_timeout_date": HELD_UNTIL})).await?;
    let all = Privilege::ALL
        .into_iter()
        .filter(|privilege| *privilege != Privilege::Confirm);
    accounts::grant(
        &gateway.app.db,
        AccountId(gateway.receiver_id),
        Privileges::from_iter(all),
    )
    .await?;
    let (status, body) = confirm(gateway, &id).await?;
    assert_eq!(status, 403);
    assert!(body.get("errors").is_none());
    Ok(())
}

async fn a_key_gets_the_same_answer_again(gateway: &TestGateway) -> Result<()> {
    let id = paid(gateway, &json!({"confirm_timeout_date": HELD_UNTIL})).await?;
    let path = format!("/v3/payments/{id}/confirm");
    let key = [("Idempotency-Key", "confirm-1")];
    let first = gateway.call_with("POST", &path, None, &key).await?;
    let again = gateway.call_with("POST", &path, None, &key).await?;
    assert!(first.status == 200 && again.status == 200);
    assert_eq!(first.text(), again.text());
    let other = gateway
        .call_with("POST", &path, Some(json!({"x": 1})), &key)
        .await?;
    assert_eq!(other.status, 422);
    Ok(())
}

async fn two_who_confirm_at_once_both_succeed_and_it_is_released_once(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    let id = paid(gateway, &json!({"confirm_timeout_date": HELD_UNTIL})).await?;
    let outcomes = ayni_testkit::run::all_at_once((0..8).map(|_| confirm(gateway, &id))).await;
    for outcome in outcomes {
        assert_eq!(outcome?.0, 200);
    }
    until(gateway, "2026-03-03T17:05:00Z").await?;
    assert_eq!(only(gateway).await?.settlement.totals.payments, 1);
    Ok(())
}
