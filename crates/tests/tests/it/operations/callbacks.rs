//! Accepted operations: durable, told once they are over, at the latest by their deadline.

use std::time::Duration;

use anyhow::Result;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::Value;

use super::calls::{DEBT, code, envelope, of_debt};

on_both_engines!(with hasty;
    a_callback_is_the_envelope_signed_and_any_2xx_acknowledges_it,
    while_it_runs_it_is_told_as_accepted,
    a_site_that_is_down_is_visited_again_until_the_deadline,
    a_process_that_was_down_past_the_deadline_says_so_at_once,
    the_same_idempotency_key_is_accepted_once,
    an_answer_that_does_not_open_is_no_delivered_one,
);

fn hasty() -> Wishes {
    Wishes {
        operation_budget: Duration::from_secs(5),
        ..Wishes::default()
    }
}

async fn accept(gateway: &TestGateway, client: &str, url: &str) -> Result<Value> {
    let answer = gateway
        .call("POST", DEBT, Some(of_debt(client, Some(url))))
        .await?;
    assert_eq!(answer.status, 202, "{}", answer.text());
    envelope(&answer)
}

async fn a_callback_is_the_envelope_signed_and_any_2xx_acknowledges_it(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_next([Reply::Status(500), Reply::Status(204)]);
    let accepted = accept(gateway, "25252525", &merchant.url("/c")).await?;
    assert_eq!(accepted["LifeSpan"], "2026-03-02T15:15:00.000Z");
    gateway.work().await?;
    gateway.advance(SignedDuration::from_secs(10)).await?;
    gateway.advance(SignedDuration::from_hours(2)).await?;
    let received = merchant.received();
    assert_eq!(received.len(), 2, "204 acknowledges");
    assert_eq!(received[0].body, received[1].body);
    for one in &received {
        assert_eq!(one.headers["content-type"], "application/json");
        let (t, _) = one.signature().split_once(',').unwrap();
        let t_ms: i64 = t.trim_start_matches("t=").parse()?;
        let expected = ayni_crypto::sign::notification_header(&gateway.secret, t_ms, &one.body);
        assert_eq!(one.signature(), expected);
        let body = one.json();
        assert_eq!(body["OperationId"], accepted["OperationId"]);
        assert_eq!(body["Data"]["Debt"]["PendingDebt"], 15340);
    }
    Ok(())
}

async fn while_it_runs_it_is_told_as_accepted(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let accepted = accept(gateway, "25252525", &merchant.url("/c")).await?;
    let path = format!("/v1/operations/{}", accepted["OperationId"].as_str().unwrap());
    let running = gateway.call("GET", &path, None).await?;
    assert_eq!(running.status, 202);
    assert_eq!(envelope(&running)?, accepted);
    gateway.work().await?;
    let over = gateway.call("GET", &path, None).await?;
    assert_eq!(over.status, 200);
    assert_eq!(over.body, merchant.received()[0].body);
    Ok(())
}

async fn a_site_that_is_down_is_visited_again_until_the_deadline(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    gateway.portal.stop().await?;
    accept(gateway, "25252525", &merchant.url("/c")).await?;
    let given_up = accept(gateway, "25252526", &merchant.url("/given-up")).await?;
    gateway.work().await?;
    gateway.advance(SignedDuration::from_secs(5)).await?;
    let early = merchant.received();
    assert!(early.is_empty(), "{early:?}");
    gateway.advance(SignedDuration::from_secs(14 * 60 + 40)).await?;
    gateway.advance(SignedDuration::from_secs(12)).await?;
    let received = merchant.wait_for(2).await?;
    assert!(
        received.iter().all(|one| code(&one.json()) == "E201"),
        "{received:?}"
    );
    assert!(
        received
            .iter()
            .any(|one| one.json()["OperationId"] == given_up["OperationId"])
    );

    accept(gateway, "25252525", &merchant.url("/mended")).await?;
    gateway.work().await?;
    gateway.portal.start_again().await?;
    gateway.advance(SignedDuration::from_secs(60)).await?;
    let mended = merchant.wait_for(3).await?;
    assert_eq!(code(&mended[2].json()), "OK");
    Ok(())
}

async fn a_process_that_was_down_past_the_deadline_says_so_at_once(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    accept(gateway, "25252525", &merchant.url("/c")).await?;
    let visits = gateway.portal.visits();
    gateway.advance(SignedDuration::from_mins(16)).await?;
    assert_eq!(code(&merchant.received()[0].json()), "T000");
    assert_eq!(gateway.portal.visits(), visits);
    Ok(())
}

async fn the_same_idempotency_key_is_accepted_once(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let body = of_debt("25252525", Some(&merchant.url("/c")));
    let key = [("idempotency-key", "once")];
    let first = gateway.call_with("POST", DEBT, Some(body.clone()), &key).await?;
    let second = gateway.call_with("POST", DEBT, Some(body), &key).await?;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (202, 202));
    assert_eq!(first.body, second.body);
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    let other = of_debt("25252526", Some(&merchant.url("/c")));
    let refused = gateway.call_with("POST", DEBT, Some(other), &key).await?;
    assert_eq!(refused.status, 422);
    envelope(&refused)?;
    gateway.work().await?;
    assert_eq!(merchant.received().len(), 1);
    Ok(())
}

async fn an_answer_that_does_not_open_is_no_delivered_one(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let accepted = accept(gateway, "25252525", &merchant.url("/c")).await?;
    merchant.reply_next([Reply::Status(500)]);
    gateway.work().await?;
    let damage = |tx: &mut ayni_store::tx::Tx<'_>| {
        let damaged: &[u8] = &[1, 0, 9, 9];
        tx.exec("UPDATE operations SET answer_sealed = $1", &[damaged.into()])
    };
    gateway.app.db.write("test.damage", damage).await?;
    gateway.advance(SignedDuration::from_mins(2)).await?;
    assert_eq!(merchant.received().len(), 1, "nothing else is sent in its place");
    let notices = rows(&gateway.app.db, "SELECT state, tries FROM notices").await?;
    assert_eq!(
        (notices[0].str(0)?, notices[0].int(1)?),
        ("pending", 2),
        "{accepted}"
    );
    Ok(())
}
