//! What protects the payer's pages: headers, cookies, the token of each form.

use anyhow::Result;
use axum::body::Body;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::{Answer, request};
use ayni_testkit::on_both_engines;
use serde_json::json;

use crate::bodies::{payment, state};

on_both_engines!(
    pages_are_not_stored_framed_or_mixed_with_other_sites,
    a_browser_is_known_by_a_cookie_that_no_script_reads,
    a_form_without_its_token_is_refused,
    another_browsers_token_is_refused,
    a_page_of_no_payment_says_so,
    what_a_merchant_wrote_is_shown_as_text,
);

async fn pages_are_not_stored_framed_or_mixed_with_other_sites(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut paths: Vec<String> = ["info", "simplified", "manual", "reject", "abuse"]
        .map(|page| format!("/payment/{page}/{id}"))
        .into();
    paths.push("/payment/info/gqzdy6chjne9".to_owned());
    paths.push("/payment/info/nonsense".to_owned());
    for path in paths {
        let answer = gateway.call_as("GET", &path, &[]).await?;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe") && !policy.contains('*'),
            "{path}: {policy}"
        );
        let html = answer.text();
        assert!(
            !html.contains("<style") && !html.contains("style=") && !html.contains(" onclick"),
            "{path}"
        );
        assert!(
            html.match_indices("<script")
                .all(|(at, _)| html[at..].starts_with("<script src=\"/static/")),
            "{path}"
        );
    }
    Ok(())
}

async fn a_browser_is_known_by_a_cookie_that_no_script_reads(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let answer = gateway
        .call_as("GET", &format!("/payment/info/{id}"), &[])
        .await?;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let again = get(gateway, &format!("/payment/info/{id}"), &sent_back(&answer)).await?;
    assert_eq!(
        again.header("set-cookie"),
        None,
        "a known browser keeps its cookie"
    );
    let other = gateway
        .call_as("GET", &format!("/payment/info/{id}"), &[])
        .await?;
    assert_ne!(sent_back(&other), sent_back(&answer));
    Ok(())
}

async fn a_form_without_its_token_is_refused(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let page = gateway
        .call_as("GET", &format!("/payment/reject/{id}"), &[])
        .await?;
    let (cookie, token) = (sent_back(&page), csrf(&page));
    let wrong = token.chars().rev().collect::<String>();
    for path in ["reject", "abuse", "info", "simplified", "manual"] {
        let path = format!("/payment/{path}/{id}");
        for (cookie, body) in [
            (cookie.as_str(), String::new()),
            (cookie.as_str(), "csrf=".to_owned()),
            (cookie.as_str(), format!("csrf={wrong}")),
            ("", format!("csrf={token}")),
        ] {
            let answer = post(gateway, &path, cookie, &body).await?;
            assert_eq!(answer.status, 403, "{path} {body}");
        }
    }
    assert_eq!(state(gateway, &id).await?, "pending");
    let answer = post(
        gateway,
        &format!("/payment/reject/{id}"),
        &cookie,
        &format!("csrf={token}"),
    )
    .await?;
    assert_eq!(
        (answer.status.as_u16(), state(gateway, &id).await?.as_str()),
        (303, "done/rejected-by-payer")
    );
    Ok(())
}

async fn another_browsers_token_is_refused(gateway: &TestGateway) -> Result<()> {
    let (one, other) = (
        gateway.create(payment(&json!({}))).await?,
        gateway.create(payment(&json!({}))).await?,
    );
    let page = gateway
        .call_as("GET", &format!("/payment/reject/{one}"), &[])
        .await?;
    let stranger = gateway
        .call_as("GET", &format!("/payment/reject/{one}"), &[])
        .await?;
    let elsewhere = gateway
        .call_as("GET", &format!("/payment/reject/{other}"), &[])
        .await?;
    for token in [csrf(&stranger), csrf(&elsewhere)] {
        let path = format!("/payment/reject/{one}");
        let answer = post(gateway, &path, &sent_back(&page), &format!("csrf={token}")).await?;
        assert_eq!(answer.status, 403);
    }
    assert_eq!(state(gateway, &one).await?, "pending");
    Ok(())
}

async fn a_page_of_no_payment_says_so(gateway: &TestGateway) -> Result<()> {
    for (language, words) in [("es", "lang=\"es\""), ("en", "lang=\"en\"")] {
        for id in ["gqzdy6chjne9", "nonsense", "%00"] {
            let path = format!("/payment/info/{id}");
            let answer = gateway
                .call_as("GET", &path, &[("accept-language", language)])
                .await?;
            assert_eq!(answer.status, 404, "{path}");
            assert!(answer.text().contains(words), "{path}");
        }
    }
    Ok(())
}

async fn what_a_merchant_wrote_is_shown_as_text(gateway: &TestGateway) -> Result<()> {
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let body = payment(
        &json!({"subject": hostile, "body": hostile, "cancel_url": "https://a.example/?\"><script>"}),
    );
    let id = gateway.create(body).await?;
    let html = gateway
        .call_as("GET", &format!("/payment/info/{id}"), &[])
        .await?
        .text();
    assert!(
        !html.contains("<script>") && !html.contains("<img src=x"),
        "{html}"
    );
    Ok(())
}

async fn get(gateway: &TestGateway, path: &str, cookie: &str) -> Result<Answer> {
    gateway.call_as("GET", path, &[("cookie", cookie)]).await
}

async fn post(gateway: &TestGateway, path: &str, cookie: &str, body: &str) -> Result<Answer> {
    let request = request("POST", &gateway.address, path)
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    gateway.send(request.body(Body::from(body.to_owned()))?).await
}

/// The cookie as the browser sends it back.
fn sent_back(answer: &Answer) -> String {
    let set = answer.header("set-cookie").unwrap_or_default();
    set.split(';').next().unwrap_or_default().to_owned()
}

fn csrf(page: &Answer) -> String {
    let html = page.text();
    let (_, after) = html.split_once("name=\"csrf\" value=\"").unwrap();
    after.split('"').next().unwrap_or_default().to_owned()
}
