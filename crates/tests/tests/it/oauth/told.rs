//! What clients push, ask about and give up: RFC 9126, RFC 7662, RFC 7009.

use anyhow::{Context as _, Result};
use ayni_gateway::oauth::access::{TokenRefused, open_token};
use ayni_testkit::client::{ANSWERED_AT, Client, VERIFIER, register, register_for, text_of};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::person::Person;
use ayni_testkit::{account, on_both_engines};
use serde_json::{Value, json};

on_both_engines!(
    a_pushed_request_opens_the_pages_for_its_client_for_90_seconds,
    a_wrong_request_is_refused_when_it_is_pushed,
    a_token_is_told_about_to_its_own_account_while_it_holds,
    a_token_that_was_given_up_opens_nothing_any_more,
    nobody_gives_up_anothers_token,
);

async fn a_pushed_request_opens_the_pages_for_its_client_for_90_seconds(gateway: &TestGateway) -> Result<()> {
    let (client, other) = (register(gateway, false).await?, register(gateway, false).await?);
    let answer = push(gateway, &client, &[]).await?;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let body = answer.json();
    let uri = text_of(&body, "request_uri")?;
    assert_eq!(body["expires_in"], 90);
    let path_of = |client: &Client| format!("/oauth/authorize?client_id={}&request_uri={uri}", client.id);
    let mut person = Person::at(gateway);
    assert_eq!(
        person.open(&path_of(&other)).await?,
        "bad-request",
        "another client's"
    );
    for _ in 0..2 {
        assert_eq!(
            person.open(&path_of(&client)).await?,
            "login",
            "people reload pages"
        );
    }
    gateway.clock.advance_ms(90_000);
    assert_eq!(person.open(&path_of(&client)).await?, "bad-request");
    assert_eq!(person.header("x-frame-options"), Some("DENY"));
    Ok(())
}

async fn a_wrong_request_is_refused_when_it_is_pushed(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    for (change, status, error) in [
        (("redirect_uri", "https://evil.example/"), 400, "invalid_request"),
        (("code_challenge_method", "plain"), 400, "invalid_request"),
        (("scope", "openid"), 400, "invalid_scope"),
        (
            ("request_uri", "urn:ietf:params:oauth:request_uri:x"),
            400,
            "invalid_request",
        ),
        (("client_secret", "wrong"), 401, "invalid_client"),
    ] {
        let answer = push(gateway, &client, &[change]).await?;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (status, &json!(error)),
            "{change:?}"
        );
    }
    Ok(())
}

async fn a_token_is_told_about_to_its_own_account_while_it_holds(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let (access, refresh) = client.tokens(gateway, &mut Person::at(gateway)).await?;
    let told = introspect(gateway, &client, &access).await?;
    assert_eq!(
        (&told["active"], &told["client_id"]),
        (&json!(true), &json!(client.id))
    );
    assert_eq!(
        (&told["scope"], &told["token_type"]),
        (&json!("com_services_servipag"), &json!("Bearer"))
    );
    assert!(told["exp"].is_i64() && told["sub"].is_string());
    assert_eq!(introspect(gateway, &client, &refresh).await?["active"], true);

    let stranger = account::open(&gateway.app, "77.215.640-5", None).await?;
    let strangers = register_for(gateway, stranger.receiver_id, false, "").await?;
    let nothing = json!({"active": false});
    for token in [access.as_str(), refresh.as_str()] {
        assert_eq!(
            introspect(gateway, &strangers, token).await?,
            nothing,
            "another account's"
        );
    }
    for token in ["", "x", "a.b.c"] {
        let pairs = [("token", token)];
        let answer = client.post(gateway, "/oauth/introspect", &pairs).await?.json();
        assert!(
            answer == nothing || answer["error"] == "invalid_request",
            "{answer}"
        );
    }
    let public = register(gateway, true).await?;
    let answer = public
        .post(gateway, "/oauth/introspect", &[("token", &access)])
        .await?;
    assert_eq!(answer.status, 401, "a public client proves nothing");
    gateway.clock.advance_ms(3_600_000);
    assert_eq!(
        introspect(gateway, &client, &access).await?,
        nothing,
        "after its hour"
    );
    Ok(())
}

async fn a_token_that_was_given_up_opens_nothing_any_more(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let own = client.token(gateway).await?;
    let (access, refresh) = client.tokens(gateway, &mut Person::at(gateway)).await?;
    give_up(gateway, &client, &own).await?;
    assert!(matches!(
        open_token(&gateway.app, &own).await,
        Err(TokenRefused::Revoked)
    ));
    assert!(open_token(&gateway.app, &access).await.is_ok());
    give_up(gateway, &client, &refresh).await?;
    assert!(matches!(
        open_token(&gateway.app, &access).await,
        Err(TokenRefused::Revoked)
    ));
    assert_eq!(
        client.refresh(gateway, &refresh).await?.json()["error"],
        "invalid_grant"
    );
    give_up(gateway, &client, &refresh).await?;
    give_up(gateway, &client, "unknown").await
}

async fn nobody_gives_up_anothers_token(gateway: &TestGateway) -> Result<()> {
    let (client, other) = (register(gateway, false).await?, register(gateway, false).await?);
    let (access, refresh) = client.tokens(gateway, &mut Person::at(gateway)).await?;
    for token in [&access, &refresh] {
        give_up(gateway, &other, token).await?;
    }
    assert!(open_token(&gateway.app, &access).await.is_ok());
    assert_eq!(client.refresh(gateway, &refresh).await?.status, 200);
    Ok(())
}

async fn give_up(gateway: &TestGateway, client: &Client, token: &str) -> Result<()> {
    let answer = client.post(gateway, "/oauth/revoke", &[("token", token)]).await?;
    anyhow::ensure!(answer.status == 200, "{}", answer.text());
    Ok(())
}

async fn introspect(gateway: &TestGateway, client: &Client, token: &str) -> Result<Value> {
    Ok(client
        .post(gateway, "/oauth/introspect", &[("token", token)])
        .await?
        .json())
}

async fn push(
    gateway: &TestGateway,
    client: &Client,
    changes: &[(&str, &str)],
) -> Result<ayni_testkit::http::Answer> {
    let challenge = ayni_crypto::digest::sha256_base64url(VERIFIER.as_bytes());
    let secret = client.secret.as_deref().context("a public client")?;
    let mut pairs = vec![
        ("client_id", client.id.as_str()),
        ("client_secret", secret),
        ("response_type", "code"),
        ("redirect_uri", ANSWERED_AT),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
        ("scope", "com_services_servipag"),
    ];
    for (name, value) in changes {
        pairs.retain(|(known, _)| known != name);
        pairs.push((name, value));
    }
    ayni_testkit::client::post(gateway, "/oauth/par", &pairs, &[]).await
}
