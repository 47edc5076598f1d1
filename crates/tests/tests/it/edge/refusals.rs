//! What is refused before a capability sees it, always in the one shape of an error.

use anyhow::Result;
use axum::body::Body;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::http::{Answer, request};
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use serde_json::json;

use crate::bodies::payment;

on_both_engines!(
    a_body_that_is_no_json_object_is_refused,
    a_body_over_the_limit_is_refused,
    unknown_paths_and_methods_are_answered_in_json,
    a_content_type_without_a_body_is_harmless,
    what_no_text_can_be_is_found_nowhere_on_either_engine,
    a_request_id_is_echoed_or_made,
);
on_both_engines!(with slow; over_its_rate_a_key_is_told_when_to_come_back);

async fn a_body_that_is_no_json_object_is_refused(gateway: &TestGateway) -> Result<()> {
    for body in [
        &b"amount=1000&currency=CLP&subject=x"[..],
        b"{\"amount\": 1000,}",
        b"{\"amount\": 1000",
        b"[]",
        b"\"text\"",
        b"17",
        b"nonsense",
        b"{\"subject\": \"\xff\"}",
        b"{} {}",
    ] {
        let answer = post(gateway, body.to_vec(), "application/json").await?;
        let text = String::from_utf8_lossy(body);
        assert_eq!(answer.status, 400, "{text}");
        let json = answer.json();
        assert_eq!(
            (json["status"].as_i64(), json.get("errors")),
            (Some(400), None),
            "{text}"
        );
        assert!(
            json["message"].as_str().unwrap().starts_with("El cuerpo"),
            "{text}: {json}"
        );
    }
    Ok(())
}

async fn a_body_over_the_limit_is_refused(gateway: &TestGateway) -> Result<()> {
    let limit = gateway.app.settings.body_limit_bytes;
    let fixed = payment(&json!({"custom": ""})).to_string().len();
    for (length, status) in [(limit - fixed, 200), (limit - fixed + 1, 413), (2 * limit, 413)] {
        let body = payment(&json!({"custom": "x".repeat(length)})).to_string();
        let answer = post(gateway, body.into_bytes(), "application/json").await?;
        assert_eq!(answer.status, status, "{length}");
        if status == 413 {
            let message = "El cuerpo de la solicitud supera el límite de 2097152 bytes";
            assert_eq!(answer.json(), json!({"status": 413, "message": message}));
        }
    }
    Ok(())
}

async fn unknown_paths_and_methods_are_answered_in_json(gateway: &TestGateway) -> Result<()> {
    for (method, path) in [
        ("GET", "/v3/nothing"),
        ("POST", "/v3/payments/gqzdy6chjne9/nothing"),
        ("GET", "/"),
        ("GET", "/v2/payments"),
        ("GET", "/v3/payments/"),
    ] {
        let answer = gateway.call(method, path, None).await?;
        assert_eq!(answer.status, 404, "{method} {path}");
        assert_eq!(
            answer.json(),
            json!({"status": 404, "message": "Recurso no disponible"}),
            "{path}"
        );
    }
    for (method, path, allowed) in [
        ("PUT", "/v3/payments", vec!["GET", "POST"]),
        ("PATCH", "/v3/payments/gqzdy6chjne9", vec!["DELETE", "GET"]),
        ("POST", "/v3/banks", vec!["GET"]),
        ("DELETE", "/v3/payments", vec!["GET", "POST"]),
    ] {
        let answer = gateway.call(method, path, None).await?;
        assert_eq!(answer.status, 405, "{method} {path}");
        let mut allow: Vec<&str> = answer
            .header("allow")
            .unwrap()
            .split(',')
            .map(str::trim)
            .collect();
        allow.retain(|method| *method != "HEAD");
        allow.sort_unstable();
        assert_eq!(allow, allowed, "{method} {path}");
        assert_eq!(answer.json()["status"], 405);
    }
    Ok(())
}

async fn a_content_type_without_a_body_is_harmless(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    for method in ["GET", "DELETE"] {
        let headers = [
            ("x-api-key", gateway.api_key.as_str()),
            ("content-type", "application/json"),
            ("content-length", "0"),
        ];
        let answer = gateway
            .call_as(method, &format!("/v3/payments/{id}"), &headers)
            .await?;
        assert_eq!(answer.status, 200, "{method}: {}", answer.text());
    }
    Ok(())
}

async fn what_no_text_can_be_is_found_nowhere_on_either_engine(gateway: &TestGateway) -> Result<()> {
    for path in [
        "/ayni/v1/notices/%00",
        "/ayni/v1/events/a%00",
        "/ayni/v1/settlements/%00",
        "/refund-wallet/%00",
    ] {
        assert_eq!(gateway.call("GET", path, None).await?.status, 404, "{path}");
    }
    let mut person = Person::at(gateway);
    person.open("/console/sign-in").await?;
    let fields = [
        ("email", "ana\0@example.com"),
        ("password", "una clave cualquiera"),
    ];
    assert_eq!(person.submit("#sign-in", &fields).await?, "sign-in");
    assert_eq!(person.status(), 422);
    let mut owner = gateway.console().await?;
    for path in [
        "/console/payments?q=%00",
        "/console/payments?bank=%00",
        "/console/deliveries?payment=%00&url=%00",
        "/console/deliveries?after=1~%00",
        "/console/settlements?before=%00.%00",
        "/console/audit?email=%00",
    ] {
        owner.open(path).await?;
        assert_eq!(owner.status(), 200, "{path}");
    }
    owner.open("/console/deliveries/%00").await?;
    assert_eq!(owner.status(), 404);
    Ok(())
}

async fn a_request_id_is_echoed_or_made(gateway: &TestGateway) -> Result<()> {
    let echoed = gateway
        .call_with("GET", "/v3/banks", None, &[("x-request-id", "mi-id-1")])
        .await?;
    assert_eq!(echoed.header("x-request-id"), Some("mi-id-1"));
    let long = "x".repeat(129);
    let mut made = Vec::new();
    for (path, headers) in [
        ("/v3/banks", vec![]),
        ("/v3/banks", vec![("x-request-id", long.as_str())]),
        ("/nothing", vec![]),
        ("/readyz", vec![]),
    ] {
        let answer = gateway.call_with("GET", path, None, &headers).await?;
        made.push(answer.header("x-request-id").unwrap().to_owned());
    }
    assert!(made.iter().all(|id| id.len() == 36), "{made:?}");
    made.sort();
    made.dedup();
    assert_eq!(made.len(), 4);
    Ok(())
}

fn slow() -> Wishes {
    Wishes {
        rate_limit_per_s: 2,
        ..Wishes::default()
    }
}

async fn over_its_rate_a_key_is_told_when_to_come_back(gateway: &TestGateway) -> Result<()> {
    let requests = (0..30).map(|_| gateway.call("GET", "/v3/banks", None));
    let mut answers = Vec::new();
    for answer in ayni_testkit::run::all_at_once(requests).await {
        answers.push(answer?);
    }
    assert!(
        answers
            .iter()
            .all(|answer| answer.header("ratelimit-limit") == Some("2"))
    );
    assert!(
        answers
            .iter()
            .all(|answer| answer.header("ratelimit-remaining").is_some())
    );
    assert!(answers.iter().any(|answer| answer.status == 200));
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("ratelimit-remaining"), Some("0"));
    assert_eq!(refused.json()["status"], 429);
    Ok(())
}

async fn post(gateway: &TestGateway, body: Vec<u8>, content_type: &str) -> Result<Answer> {
    let request = request("POST", &gateway.address, "/v3/payments")
        .header("x-api-key", &gateway.api_key)
        .header("content-type", content_type);
    gateway.send(request.body(Body::from(body))?).await
}
