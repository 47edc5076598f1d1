//! Whatever is refused under `/v1` is refused with an envelope, in the caller's language.

use anyhow::Result;
use axum::body::Body;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::http;
use ayni_testkit::on_both_engines;
use serde_json::{Value, json};

use super::calls::{DEBT, SERVICES, code, envelope, of_debt};

on_both_engines!(with narrow;
    every_refusal_is_an_envelope,
    what_is_wrong_is_told_at_once_and_in_both_languages,
    what_only_the_connector_finds_wrong_is_a_bad_request_too,
);

fn narrow() -> Wishes {
    Wishes {
        body_limit_bytes: 2048,
        ..Wishes::default()
    }
}

async fn every_refusal_is_an_envelope(gateway: &TestGateway) -> Result<()> {
    let key = gateway.api_key.clone();
    let with_key = [("x-api-key", key.as_str())];
    let both = [("x-api-key", key.as_str()), ("authorization", "Bearer x.y.z")];
    let forged = [("authorization", "Bearer eyJhbGciOiJub25lIn0.e30.")];
    let long = "x".repeat(4096);
    let cases: Vec<Case<'_>> = vec![
        ("POST", DEBT, &[], "{}", 401, "A000"),
        ("POST", DEBT, &[("x-api-key", "nobody's")], "{}", 401, "A000"),
        ("POST", DEBT, &forged, "{}", 401, "A000"),
        ("POST", DEBT, &[("authorization", "Basic abc")], "{}", 401, "A000"),
        ("POST", DEBT, &both, "{}", 400, "P003"),
        ("POST", DEBT, &with_key, "{", 400, "P002"),
        ("POST", DEBT, &with_key, "[]", 400, "P002"),
        ("POST", DEBT, &with_key, "", 400, "P002"),
        ("POST", DEBT, &with_key, &long, 413, "P003"),
        ("POST", SERVICES, &with_key, r#"{"RequestData":{}}"#, 400, "P001"),
        ("GET", DEBT, &with_key, "", 405, "P004"),
        ("DELETE", "/v1/institutions", &with_key, "", 405, "P004"),
        (
            "POST",
            "/v1/com/services/servipag.com/nothing",
            &with_key,
            "{}",
            404,
            "P004",
        ),
        ("POST", "/v1", &with_key, "{}", 404, "P004"),
        ("GET", "/v1/", &[], "", 404, "P004"),
        ("GET", "/v1/operations/x", &with_key, "", 404, "P004"),
        ("GET", "/v1/operations/%ff", &with_key, "", 404, "P004"),
        ("DELETE", "/v1/links/%ff", &with_key, "", 404, "P004"),
        (
            "GET",
            "/v1/operations/6baf6c19-e485-463b-ae24-a821b025c8a4",
            &with_key,
            "",
            404,
            "P004",
        ),
        (
            "DELETE",
            "/v1/links/6baf6c19-e485-463b-ae24-a821b025c8a4",
            &with_key,
            "",
            404,
            "P004",
        ),
    ];
    for case in cases {
        refused_with_an_envelope(gateway, case).await?;
    }
    Ok(())
}

async fn refused_with_an_envelope(gateway: &TestGateway, case: Case<'_>) -> Result<()> {
    let (method, path, headers, body, status, expected) = case;
    let mut request = http::request(method, &gateway.address, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = gateway.send(request.body(Body::from(body.to_owned()))?).await?;
    let what = format!("{method} {path} {body:.20} {}", answer.text());
    assert_eq!(answer.status, status, "{what}");
    assert_eq!(answer.header("content-type"), Some("application/json"), "{what}");
    assert_eq!(code(&envelope(&answer)?), expected, "{what}");
    let scheme = answer.header("www-authenticate");
    assert_eq!(scheme.is_some(), status == 401, "{what}");
    Ok(())
}

async fn what_is_wrong_is_told_at_once_and_in_both_languages(gateway: &TestGateway) -> Result<()> {
    let body = json!({"RequestData": {"ClientIdentifier": 7, "Otro": 1}, "CallbackUrl": "ftp://x"});
    for (lang, told) in [
        (
            "es",
            "RequestData.EnterpriseName falta; RequestData.ClientIdentifier debe ser un texto; \
                RequestData.Otro no es un parámetro de esta operación; CallbackUrl debe ser una URL http(s) absoluta",
        ),
        (
            "en",
            "RequestData.EnterpriseName is missing; RequestData.ClientIdentifier must be a text; \
                RequestData.Otro is no parameter of this operation; CallbackUrl must be an absolute http(s) URL",
        ),
    ] {
        let headers = [("accept-language", lang)];
        let answer = gateway
            .call_with("POST", DEBT, Some(body.clone()), &headers)
            .await?;
        assert_eq!(answer.status, 400);
        let error: Value = envelope(&answer)?["Error"].clone();
        assert_eq!(error["Code"], "P001");
        assert_eq!(error["Type"], "DO_NOT_RETRY");
        let description = error["Description"].as_str().unwrap();
        assert!(description.ends_with(told), "{description}");
    }
    let answer = gateway
        .call_with(
            "POST",
            DEBT,
            Some(of_debt("25252525", None)),
            &[("idempotency-key", "")],
        )
        .await?;
    assert_eq!(answer.status, 400, "{}", answer.text());
    Ok(())
}

/// Method, path, headers, body; status and code.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str);

async fn what_only_the_connector_finds_wrong_is_a_bad_request_too(gateway: &TestGateway) -> Result<()> {
    let body = json!({"RequestData": {
        "BookingDateStart": "2026-03-02",
        "BookingDateEnd": "2026-03-01",
        "AccountCredential": {"Username": "11.111.111-1", "Password": "1234"},
    }});
    let path = "/v1/cl/banking/personal/demo-bank.khipu.com/range/transactions";
    let answer = gateway.call("POST", path, Some(body)).await?;
    assert_eq!(
        (answer.status.as_u16(), code(&envelope(&answer)?).as_str()),
        (400, "P002")
    );
    Ok(())
}
