//! What every request meets before a capability sees it.

use ayni_domain::privilege::{Mode, Privileges};
use serde_json::json;

use crate::harness::House;
use crate::merchants::keys;

#[tokio::test]
async fn a_request_without_a_valid_key_is_refused() {
    let house = House::open().await;
    for key in ["", "nonsense", "3e5bd2ff-07ae-4d6e-9b6e-6a7c26d1ae5d"] {
        let answered = house.send("GET", "/v3/banks", &[("x-api-key", key)], "").await;
        assert_eq!(answered.status, 401);
        assert!(answered.json().get("errors").is_none());
    }
    let text = house
        .send(
            "GET",
            "/v3/banks",
            &[("x-api-key", ""), ("accept-language", "en")],
            "",
        )
        .await
        .text;
    assert!(text.contains("Missing or invalid credentials"), "{text}");
}

#[tokio::test]
async fn a_key_that_has_expired_is_refused_by_the_next_request() {
    let house = House::open().await;
    assert_eq!(house.get("/v3/banks").await.status, 200);
    keys::expire(&house.app, house.account, "test").await.unwrap();
    assert_eq!(house.get("/v3/banks").await.status, 401);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_told_in_json() {
    let house = House::open().await;
    for (method, path, status, allow) in [
        ("GET", "/nowhere", 404, ""),
        ("GET", "/v3/nowhere", 404, ""),
        ("POST", "/v3/payments/aaaaaaaaaaaa/confirm", 404, ""),
        ("PUT", "/v3/payments", 405, "GET,HEAD,POST"),
        ("POST", "/v3/payments/aaaaaaaaaaaa", 405, "DELETE,GET,HEAD"),
        ("POST", "/v3/banks", 405, "GET,HEAD"),
    ] {
        let answered = house.send(method, path, &[], "").await;
        assert_eq!(answered.status, status, "{method} {path}");
        assert_eq!(answered.json()["status"], status);
        assert_eq!(answered.header("allow"), allow, "{method} {path}");
        assert_eq!(answered.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused_whatever_it_calls_itself() {
    let house = House::open().await;
    for body in ["amount=1000&currency=CLP", "[1]", "{\"amount\":", "null", "\u{0}"] {
        let answered = house
            .send(
                "POST",
                "/v3/payments",
                &[("content-type", "application/json")],
                body,
            )
            .await;
        assert_eq!(answered.status, 400, "{body}");
        assert!(
            answered.json()["message"]
                .as_str()
                .unwrap()
                .starts_with("El cuerpo"),
            "{}",
            answered.text
        );
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_and_one_at_the_limit_is_read() {
    let house = House::with(|settings| settings.body_limit_bytes = 200).await;
    let padded = |length: usize| {
        let start = r#"{"amount":1,"currency":"CLP","subject":"s","custom":""#;
        format!("{start}{}\"}}", "x".repeat(length - start.len() - 2))
    };
    assert_eq!(house.post("/v3/payments", &padded(200)).await.status, 200);
    let answered = house.post("/v3/payments", &padded(201)).await;
    assert_eq!(
        (answered.status.as_u16(), answered.json()["status"].clone()),
        (413, json!(413))
    );
}

#[tokio::test]
async fn a_key_that_asks_too_much_is_told_when_to_come_again() {
    let house = House::with(|settings| settings.rate_limit_per_s = 2).await;
    let (_, other) = house.another(Mode::Live, Privileges::default()).await;
    let first = house.get("/v3/banks").await;
    assert_eq!(
        (first.status.as_u16(), first.header("ratelimit-limit")),
        (200, "2")
    );
    assert_eq!(first.header("ratelimit-remaining"), "1");
    house.get("/v3/banks").await;
    let refused = house.get("/v3/banks").await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (429, "1")
    );
    assert_eq!(refused.json()["status"], 429);
    assert_eq!(
        house
            .send("GET", "/v3/banks", &[("x-api-key", &other)], "")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn messages_are_spanish_unless_english_is_asked_for() {
    let house = House::open().await;
    let english = [("accept-language", "en-US,en;q=0.9")];
    let body = house.send("POST", "/v3/payments", &english, "{}").await.json();
    assert_eq!(body["message"], "Validation error");
    assert_eq!(
        body["errors"][0],
        json!({"field": "amount", "message": "This field is required"})
    );
    let body = house.post("/v3/payments", "{}").await.json();
    assert_eq!(body["errors"][0]["message"], "Este campo es obligatorio");
}

#[tokio::test]
async fn a_request_s_id_is_echoed_or_made() {
    let house = House::open().await;
    let echoed = house
        .send("GET", "/v3/banks", &[("x-request-id", "mine-7")], "")
        .await;
    assert_eq!(echoed.header("x-request-id"), "mine-7");
    let made = house.get("/v3/nowhere").await;
    assert_eq!(made.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn the_documentation_is_served_whole_with_a_policy_of_its_own() {
    let house = House::open().await;
    let nobody = [("x-api-key", "")];
    let document = house.send("GET", "/openapi/payments.json", &nobody, "").await;
    assert_eq!(document.json()["openapi"], "3.1.0");
    let page = house.send("GET", "/docs/", &nobody, "").await;
    assert_eq!(page.status, 200);
    assert!(
        !page.text.contains("http://") && !page.text.contains("https://"),
        "{}",
        page.text
    );
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'self';")
    );
    for file in ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js"] {
        assert_eq!(
            house
                .send("GET", &format!("/docs/{file}"), &nobody, "")
                .await
                .status,
            200,
            "{file}"
        );
    }
}
