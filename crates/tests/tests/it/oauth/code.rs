//! Authorization code with PKCE: a person says yes on our pages, and the client gets tokens once.

use anyhow::{Context as _, Result};
use ayni_gateway::consents::login_of;
use ayni_gateway::oauth::access::{TokenRefused, open_token};
use ayni_testkit::client::{
    ANSWERED_AT, Client, PASSWORD, USERNAME, VERIFIER, post, query_of, register, text_of,
};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::run::all_at_once;
use serde_json::json;

on_both_engines!(
    a_person_consents_and_the_client_reads_that_persons_data,
    a_public_client_gets_tokens_with_pkce_alone,
    a_person_who_refuses_is_sent_back_with_a_refusal,
    a_code_works_once_and_its_replay_revokes_what_it_gave,
    of_two_who_spend_a_code_at_once_at_most_one_gets_tokens_that_last,
    a_code_is_worth_nothing_to_others_or_later,
    a_request_that_can_not_be_answered_redirects_nobody,
    a_wrong_request_of_a_known_client_goes_back_to_it,
);

const SCOPE: &str = "com_services_servipag";

async fn a_person_consents_and_the_client_reads_that_persons_data(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    assert_eq!(person.open(&client.authorize_path(SCOPE)).await?, "login");
    assert!(person.text("#asker").unwrap().starts_with("Cuentas Claras"));
    assert_eq!(person.text("#institution").as_deref(), Some("Servipag"));
    assert_eq!(person.log_in(USERNAME, PASSWORD).await?, "consent");
    assert!(
        person.text("#found").unwrap().contains("Entel PCS Movil"),
        "{}",
        person.html()
    );
    assert_eq!(person.submit("#yes", &[]).await?, "consented");
    let path = person.path().to_owned();
    assert_eq!(person.open(&path).await?, "consented", "reloading is harmless");

    let code = client.go_back(&mut person).await?;
    let left_to = person.left_to().context("not sent back")?.to_owned();
    assert!(left_to.starts_with(ANSWERED_AT), "{left_to}");
    assert_eq!(query_of(&left_to, "state").as_deref(), Some("st&te=1"));
    assert_eq!(
        query_of(&left_to, "iss"),
        Some(format!("http://{}", gateway.address))
    );
    let answer = client.exchange(gateway, &code).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(
        (body["scope"].as_str(), body["expires_in"].as_i64()),
        (Some(SCOPE), Some(3600))
    );

    let grant = open_token(&gateway.app, &text_of(&body, "access_token")?).await?;
    assert_eq!(grant.account.id.0, gateway.receiver_id);
    let login = login_of(&gateway.app, &grant.consent.context("no consent")?).await?;
    assert_eq!(
        login.map(|login| login.username.clone()).as_deref(),
        Some(USERNAME)
    );

    let bearer = format!("Bearer {}", text_of(&body, "access_token")?);
    let path = "/v1/com/services/servipag.com/service-accounts";
    let headers = [("authorization", bearer.as_str()), ("x-api-key", "")];
    let accounts = read(gateway, path, &headers[..1], json!({"RequestData": {}})).await?;
    assert_eq!(
        accounts["Data"]["ServiceAccount"][0]["CompanyName"], "Entel PCS Movil",
        "{accounts}"
    );
    Ok(())
}

async fn read(
    gateway: &TestGateway,
    path: &str,
    headers: &[(&str, &str)],
    body: serde_json::Value,
) -> Result<serde_json::Value> {
    let mut request = ayni_testkit::http::request("POST", &gateway.address, path)
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Ok(gateway.send(request.body(body.to_string().into())?).await?.json())
}

async fn a_public_client_gets_tokens_with_pkce_alone(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, true).await?, Person::at(gateway));
    let (access, refresh) = client.tokens(gateway, &mut person).await?;
    assert!(open_token(&gateway.app, &access).await.is_ok());
    let answer = client.refresh(gateway, &refresh).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    Ok(())
}

async fn a_person_who_refuses_is_sent_back_with_a_refusal(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    for after_login in [false, true] {
        let mut person = Person::at(gateway);
        person.open(&client.authorize_path(SCOPE)).await?;
        if after_login {
            person.log_in(USERNAME, PASSWORD).await?;
        }
        assert_eq!(person.submit("#no", &[]).await?, "refused");
        let link = person.attribute("#return", "href").context("no way back")?;
        person.open(&link).await?;
        let left_to = person.left_to().context("not sent back")?;
        assert_eq!(query_of(left_to, "error").as_deref(), Some("access_denied"));
        assert_eq!(query_of(left_to, "state").as_deref(), Some("st&te=1"));
        assert!(query_of(left_to, "iss").is_some() && query_of(left_to, "code").is_none());
    }
    let kept = ayni_testkit::truth::rows(&gateway.app.db, "SELECT id FROM consents").await?;
    assert!(kept.is_empty());
    let sealed = "SELECT waiting_sealed FROM authorizations WHERE waiting_sealed IS NOT NULL";
    assert!(
        ayni_testkit::truth::rows(&gateway.app.db, sealed)
            .await?
            .is_empty(),
        "a login was kept"
    );
    Ok(())
}

async fn a_code_works_once_and_its_replay_revokes_what_it_gave(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    let code = client.code(&mut person).await?;
    let first = client.exchange(gateway, &code).await?.json();
    let (access, refresh) = (
        text_of(&first, "access_token")?,
        text_of(&first, "refresh_token")?,
    );
    assert!(open_token(&gateway.app, &access).await.is_ok());
    let again = client.exchange(gateway, &code).await?;
    assert_eq!(
        (again.status.as_u16(), &again.json()["error"]),
        (400, &json!("invalid_grant"))
    );
    let refused = open_token(&gateway.app, &access).await;
    assert!(matches!(refused, Err(TokenRefused::Revoked)), "{refused:?}");
    assert_eq!(
        client.refresh(gateway, &refresh).await?.json()["error"],
        "invalid_grant"
    );
    Ok(())
}

async fn of_two_who_spend_a_code_at_once_at_most_one_gets_tokens_that_last(
    gateway: &TestGateway,
) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    let code = client.code(&mut person).await?;
    let answers = all_at_once((0..4).map(|_| client.exchange(gateway, &code))).await;
    let mut given = 0;
    for answer in answers {
        let body = answer?.json();
        if let Ok(token) = text_of(&body, "access_token") {
            given += 1;
            assert!(
                open_token(&gateway.app, &token).await.is_err(),
                "the replay revoked it"
            );
        }
    }
    assert_eq!(given, 1);
    Ok(())
}

async fn a_code_is_worth_nothing_to_others_or_later(gateway: &TestGateway) -> Result<()> {
    let (client, other) = (register(gateway, false).await?, register(gateway, false).await?);
    let mut person = Person::at(gateway);
    let code = client.code(&mut person).await?;
    let wrong_verifier = "a".repeat(43);
    let grant = ("grant_type", "authorization_code");
    let good = |client: &Client| (client.id.clone(), client.secret.clone().unwrap_or_default());
    for (who, redirect_uri, verifier) in [
        (&other, ANSWERED_AT, VERIFIER),
        (&client, "http://127.0.0.1:49153/callback", VERIFIER),
        (&client, "https://evil.example/callback", VERIFIER),
        (&client, ANSWERED_AT, wrong_verifier.as_str()),
    ] {
        let (id, secret) = good(who);
        let pairs = [
            grant,
            ("client_id", id.as_str()),
            ("client_secret", secret.as_str()),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        let answer = post(gateway, "/oauth/token", &pairs, &[]).await?;
        assert_eq!(
            answer.json()["error"],
            "invalid_grant",
            "{redirect_uri} {verifier}"
        );
    }
    let without = [grant, ("code", code.as_str()), ("redirect_uri", ANSWERED_AT)];
    assert_eq!(
        client.post(gateway, "/oauth/token", &without).await?.json()["error"],
        "invalid_request"
    );
    gateway.clock.advance_ms(60_000);
    assert_eq!(
        client.exchange(gateway, &code).await?.json()["error"],
        "invalid_grant",
        "after a minute"
    );

    // The way back makes a new code: the person went back and forth, or the first answer was lost.
    let link = format!("{}/return", person.path().trim_end_matches("/return"));
    person.open(&link).await?;
    let fresh = query_of(person.left_to().context("not sent back")?, "code").context("no code")?;
    assert_eq!(client.exchange(gateway, &fresh).await?.status, 200);
    Ok(())
}

async fn a_request_that_can_not_be_answered_redirects_nobody(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    for changes in [
        [("client_id", None)],
        [("client_id", Some("nobody"))],
        [("redirect_uri", Some("https://evil.example/callback"))],
        [("redirect_uri", Some("http://127.0.0.1:49152/callback/more"))],
        [("redirect_uri", Some("http://127.0.0.1.evil.example/callback"))],
        [("request_uri", Some("urn:ietf:params:oauth:request_uri:unknown"))],
    ] {
        let mut person = Person::at(gateway);
        let page = person.open(&client.authorize_path_with(&changes)).await?;
        assert_eq!(
            (page.as_str(), person.status()),
            ("bad-request", 400),
            "{changes:?}"
        );
        assert!(person.left_to().is_none());
    }
    Ok(())
}

async fn a_wrong_request_of_a_known_client_goes_back_to_it(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    for (change, error) in [
        (("response_type", None), "invalid_request"),
        (("response_type", Some("token")), "unsupported_response_type"),
        (("code_challenge", None), "invalid_request"),
        (("code_challenge_method", Some("plain")), "invalid_request"),
        (("code_challenge_method", None), "invalid_request"),
        (("scope", Some("openid")), "invalid_scope"),
        (("resource", Some("https://other.example")), "invalid_target"),
        (("request", Some("e30.e30.")), "request_not_supported"),
    ] {
        let mut person = Person::at(gateway);
        person.open(&client.authorize_path_with(&[change])).await?;
        let left_to = person.left_to().context("not sent back")?;
        assert!(left_to.starts_with(ANSWERED_AT), "{left_to}");
        assert_eq!(query_of(left_to, "error").as_deref(), Some(error), "{change:?}");
        assert_eq!(query_of(left_to, "state").as_deref(), Some("st&te=1"));
        assert!(query_of(left_to, "iss").is_some());
    }
    Ok(())
}
