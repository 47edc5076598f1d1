//! Account links: for their account, at their institution, until they expire or are revoked.

use anyhow::Result;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::Answer;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::calls::{PASSWORD, RUT, SERVICES, TOKEN, code, envelope};

on_both_engines!(
    a_refused_login_is_no_link,
    a_second_factor_is_no_link,
    a_link_is_listed_used_and_revoked,
    a_link_is_of_no_use_to_another_account_or_after_half_a_year,
    a_link_that_was_changed_is_none,
);

async fn token(gateway: &TestGateway, username: &str, password: &str) -> Result<Answer> {
    let login = json!({"Username": username, "Password": password});
    gateway.call("POST", TOKEN, Some(login)).await
}

async fn link(gateway: &TestGateway) -> Result<String> {
    let body = envelope(&token(gateway, RUT, PASSWORD).await?)?;
    Ok(body["Data"]["AccountLink"].as_str().unwrap().to_owned())
}

fn by_link(link: &str) -> Value {
    json!({"RequestData": {"AccountCredential": {"AccountLink": link}}})
}

async fn a_refused_login_is_no_link(gateway: &TestGateway) -> Result<()> {
    let answer = token(gateway, RUT, "wrong-one").await?;
    assert_eq!(answer.status, 200);
    let body = envelope(&answer)?;
    assert_eq!(code(&body), "E101");
    assert!(body["Data"].is_null());
    assert!(rows(&gateway.app.db, "SELECT id FROM links").await?.is_empty());
    let with_callback = json!({"Username": RUT, "Password": PASSWORD, "CallbackUrl": "https://a.example/c"});
    let answer = gateway.call("POST", TOKEN, Some(with_callback)).await?;
    assert_eq!(
        (answer.status.as_u16(), code(&answer.json()).as_str()),
        (400, "P003")
    );
    Ok(())
}

async fn a_second_factor_is_no_link(gateway: &TestGateway) -> Result<()> {
    let case = ayni_sandbox::portal::magic::LOGIN_CASES
        .iter()
        .find(|case| case.code == "E103")
        .unwrap();
    let body = envelope(&token(gateway, &case.rut(), PASSWORD).await?)?;
    assert_eq!(code(&body), "E103");
    assert!(rows(&gateway.app.db, "SELECT id FROM links").await?.is_empty());
    Ok(())
}

async fn a_link_is_listed_used_and_revoked(gateway: &TestGateway) -> Result<()> {
    let link = link(gateway).await?;
    let listed = async || -> Result<Value> {
        let list = envelope(&gateway.call("GET", "/v1/links", None).await?)?;
        Ok(list["Data"]["Link"][0].clone())
    };
    let before = listed().await?;
    assert!(
        before["LastUsedAt"].is_null() && before["RevokedAt"].is_null(),
        "{before}"
    );
    assert_eq!(before["ExpiresAt"], "2026-08-29T15:00:00.000Z");
    let used = gateway.call("POST", SERVICES, Some(by_link(&link))).await?;
    assert_eq!(code(&used.json()), "OK", "{}", used.text());
    assert!(listed().await?["LastUsedAt"].is_string());

    let path = format!("/v1/links/{}", before["LinkId"].as_str().unwrap());
    for _ in 0..2 {
        let revoked = gateway.call("DELETE", &path, None).await?;
        assert_eq!(
            (revoked.status.as_u16(), code(&envelope(&revoked)?).as_str()),
            (200, "OK")
        );
    }
    assert!(listed().await?["RevokedAt"].is_string());
    let refused = gateway.call("POST", SERVICES, Some(by_link(&link))).await?;
    assert_eq!(
        (refused.status.as_u16(), code(&refused.json()).as_str()),
        (400, "P002")
    );
    Ok(())
}

async fn a_link_is_of_no_use_to_another_account_or_after_half_a_year(gateway: &TestGateway) -> Result<()> {
    let link = link(gateway).await?;
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    let visits = gateway.portal.visits();
    let answer = gateway
        .call_by(&other.api_key, "POST", SERVICES, Some(by_link(&link)), &[])
        .await?;
    assert_eq!(
        (answer.status.as_u16(), code(&answer.json()).as_str()),
        (400, "P002")
    );
    let list = gateway
        .call_by(&other.api_key, "GET", "/v1/links", None, &[])
        .await?
        .json();
    assert_eq!(list["Data"]["Link"], json!([]));
    assert_eq!(gateway.portal.visits(), visits);
    gateway
        .clock
        .advance_ms(i64::try_from(SignedDuration::from_hours(24 * 180).as_millis())?);
    let answer = gateway.call("POST", SERVICES, Some(by_link(&link))).await?;
    assert_eq!(answer.status, 400);
    Ok(())
}

async fn a_link_that_was_changed_is_none(gateway: &TestGateway) -> Result<()> {
    let link = link(gateway).await?;
    let mut changed = link.clone().into_bytes();
    let middle = changed.len() / 2;
    changed[middle] = if changed[middle] == b'A' { b'B' } else { b'A' };
    for text in [
        String::from_utf8(changed)?,
        link[4..].to_owned(),
        "AQ==".to_owned(),
        "¿?".to_owned(),
    ] {
        let answer = gateway.call("POST", SERVICES, Some(by_link(&text))).await?;
        assert_eq!(answer.status, 400, "{text}");
    }
    Ok(())
}
