//! A POST that is sent again.

use std::sync::Arc;

use axum::http::StatusCode;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Mode, Privileges};
use tokio::task::JoinSet;

use crate::harness::{Answered, House};

const BODY: &str = r#"{"amount":1000,"currency":"CLP","subject":"once"}"#;

async fn post(house: &House, key: &str, body: &str) -> Answered {
    house
        .send("POST", "/v3/payments", &[("idempotency-key", key)], body)
        .await
}

async fn payments(house: &House) -> usize {
    house.get("/v3/payments?limit=100").await.json()["payments"]
        .as_array()
        .unwrap()
        .len()
}

#[tokio::test]
async fn the_same_key_and_body_get_the_stored_answer_byte_for_byte() {
    let house = House::open().await;
    let first = post(&house, "k", BODY).await;
    assert_eq!(
        (first.status.as_u16(), first.header("idempotent-replayed")),
        (200, "")
    );
    let again = post(&house, "k", BODY).await;
    assert_eq!(
        (again.status.as_u16(), again.header("idempotent-replayed")),
        (200, "true")
    );
    assert_eq!(
        (again.text, again.headers["content-type"].clone()),
        (first.text, first.headers["content-type"].clone())
    );
    assert_eq!(payments(&house).await, 1);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_422() {
    let house = House::open().await;
    post(&house, "k", BODY).await;
    let other = post(&house, "k", &BODY.replace("1000", "1001")).await;
    assert_eq!(
        (other.status.as_u16(), other.json()["status"].clone()),
        (422, 422.into())
    );
    assert_eq!(payments(&house).await, 1);
}

#[tokio::test]
async fn twenty_at_once_make_exactly_one_payment() {
    let house = Arc::new(House::open().await);
    let mut sent = JoinSet::new();
    for _ in 0..20 {
        let house = house.clone();
        sent.spawn(async move { post(&house, "k", BODY).await });
    }
    let answers = sent.join_all().await;
    let told: Vec<&Answered> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert!(!told.is_empty() && told.iter().all(|answer| answer.text == told[0].text));
    assert!(
        answers
            .iter()
            .all(|answer| [200, 409].contains(&answer.status.as_u16()))
    );
    assert_eq!(
        told.iter()
            .filter(|answer| answer.header("idempotent-replayed").is_empty())
            .count(),
        1
    );
    assert_eq!(payments(&house).await, 1);
}

#[tokio::test]
async fn while_a_request_runs_others_with_its_key_are_told_so() {
    let house = House::open().await;
    let running = super::Scope {
        account: house.account,
        method: http::Method::POST,
        path: "/v3/payments".into(),
        key: "k".into(),
    };
    house.app.running.lock().insert(running.clone());
    assert_eq!(post(&house, "k", BODY).await.status, 409);
    assert_eq!(post(&house, "another", BODY).await.status, 200);
    house.app.running.lock().remove(&running);
    assert_eq!(post(&house, "k", BODY).await.status, 200);
    assert!(house.app.running.lock().is_empty());
}

#[tokio::test]
async fn the_answer_of_another_node_that_was_faster_is_replayed() {
    let house = House::open().await;
    let scope = super::Scope {
        account: house.account,
        method: http::Method::POST,
        path: "/v3/payments".into(),
        key: "k".into(),
    };
    let claim = super::Claim {
        app: &house.app,
        scope,
        body_hash: ayni_crypto::digest::sha256(BODY.as_bytes()),
    };
    let first = claim
        .keep(StatusCode::OK, b"{\"from\":\"another node\"}")
        .unwrap();
    let second = claim.keep(StatusCode::OK, b"{\"from\":\"this node\"}").unwrap();
    house
        .app
        .db
        .append("test", move |tx| first.insert(tx))
        .await
        .unwrap();
    let refused = house.app.db.append("test", move |tx| second.insert(tx)).await;
    assert!(matches!(refused, Err(super::NotKept::Taken)));
    drop(claim);
    let replayed = post(&house, "k", BODY).await;
    assert_eq!(replayed.text, "{\"from\":\"another node\"}");
}

#[tokio::test]
async fn what_was_refused_is_not_kept_so_a_mended_request_may_use_its_key() {
    let house = House::open().await;
    assert_eq!(post(&house, "k", "{}").await.status, 400);
    assert_eq!(post(&house, "k", BODY).await.status, 200);
    assert_eq!(payments(&house).await, 1);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day_and_its_row_swept() {
    let house = House::open().await;
    let first = post(&house, "k", BODY).await;
    house.app.clock.advance_ms(24 * 3_600_000 - 1);
    assert_eq!(post(&house, "k", BODY).await.text, first.text);
    house.app.clock.advance_ms(1);
    let second = post(&house, "k", BODY).await;
    assert_ne!(second.text, first.text);
    assert_eq!(second.header("idempotent-replayed"), "");
    assert_eq!(post(&house, "k", BODY).await.text, second.text);
    assert_eq!(payments(&house).await, 2);
    house.app.clock.advance_ms(24 * 3_600_000);
    super::forget_old(&house.app).await.unwrap();
    let count = "SELECT count(*) FROM idempotent_answers";
    let left = house
        .app
        .db
        .point("test", move |tx| tx.one(count, &[])?.unwrap().int(0));
    assert_eq!(left.await.unwrap(), 0);
}

#[tokio::test]
async fn a_key_belongs_to_its_account() {
    let house = House::open().await;
    let (_, other): (AccountId, String) = house.another(Mode::Developer, Privileges::default()).await;
    let first = post(&house, "k", BODY).await;
    let headers = [("idempotency-key", "k"), ("x-api-key", other.as_str())];
    let answered = house.send("POST", "/v3/payments", &headers, BODY).await;
    assert_eq!(answered.header("idempotent-replayed"), "");
    assert_ne!(answered.text, first.text);
}

#[tokio::test]
async fn an_empty_or_overlong_key_is_one_more_violation() {
    let house = House::open().await;
    for key in [String::new(), "k".repeat(256)] {
        assert_eq!(post(&house, &key, BODY).await.fields(), ["Idempotency-Key"]);
        let fields = post(&house, &key, r#"{"amount":1,"currency":"CLP"}"#)
            .await
            .fields();
        assert_eq!(fields, ["subject", "Idempotency-Key"]);
    }
    assert_eq!(post(&house, &"k".repeat(255), BODY).await.status, 200);
    assert_eq!(payments(&house).await, 1);
}

#[tokio::test]
async fn the_stored_answer_can_not_be_read_in_the_database() {
    let house = House::open().await;
    let answered = post(&house, "k", BODY).await.json();
    let id = answered["payment_id"].as_str().unwrap().to_owned();
    let text = "SELECT answer_sealed FROM idempotent_answers";
    let sealed = house
        .app
        .db
        .point("test", move |tx| tx.one(text, &[])?.unwrap().bytes(0))
        .await
        .unwrap();
    assert!(!sealed.windows(id.len()).any(|window| window == id.as_bytes()));
}
