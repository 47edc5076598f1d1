//! The link flow: link token, widget, public token, access token.

use anyhow::{Context as _, Result};
use ayni_gateway::oauth::access::open_token;
use ayni_testkit::client::{PASSWORD, USERNAME, register};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::{self, Answer};
use ayni_testkit::person::Person;
use ayni_testkit::{account, on_both_engines};
use jiff::SignedDuration;
use serde_json::{Value, json};

on_both_engines!(
    a_link_token_becomes_an_access_token_by_a_persons_consent,
    a_public_token_works_once_for_half_an_hour_for_its_account,
    a_link_token_needs_an_institution_and_a_credential,
    the_first_browser_that_logs_in_has_the_link,
);

const SCOPE: &str = "com_services_servipag";

async fn a_link_token_becomes_an_access_token_by_a_persons_consent(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let bearer = format!("Bearer {}", client.token(gateway).await?);
    let mut tokens = Vec::new();
    for credential in [
        ("x-api-key", gateway.api_key.as_str()),
        ("authorization", bearer.as_str()),
    ] {
        let public = consented(gateway, credential, &mut Person::at(gateway)).await?;
        let answer = exchange(gateway, credential, &public).await?;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        let six = "AdditionalInformation Data Error LifeSpan OperationId Status";
        let mut keys: Vec<&str> = body
            .as_object()
            .context("no object")?
            .keys()
            .map(String::as_str)
            .collect();
        keys.sort_unstable();
        assert_eq!(keys.join(" "), six);
        tokens.push(
            body["Data"]["AccessToken"]
                .as_str()
                .context("no token")?
                .to_owned(),
        );
    }
    gateway.advance(SignedDuration::from_hours(24 * 60)).await?;
    for token in tokens {
        let grant = open_token(&gateway.app, &token).await?;
        assert!(
            grant.scopes.has(SCOPE) && grant.consent.is_some(),
            "it lasts as long as the consent"
        );
    }
    Ok(())
}

async fn a_public_token_works_once_for_half_an_hour_for_its_account(gateway: &TestGateway) -> Result<()> {
    let own = ("x-api-key", gateway.api_key.as_str());
    let mut person = Person::at(gateway);
    let public = consented(gateway, own, &mut person).await?;
    let stranger = account::open(&gateway.app, "77.215.640-5", None).await?;
    let theirs = ("x-api-key", stranger.api_key.as_str());
    let refused = exchange(gateway, theirs, &public).await?;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["Error"]["Code"]),
        (400, &json!("P002"))
    );
    assert_eq!(exchange(gateway, own, &public).await?.status, 200);
    assert_eq!(exchange(gateway, own, &public).await?.status, 400, "once");
    let path = person.path().to_owned();
    person.open(&path).await?;
    assert!(person.text("#public-token").is_none(), "no second one is given");

    let late = consented(gateway, own, &mut Person::at(gateway)).await?;
    gateway.clock.advance_ms(30 * 60 * 1000);
    assert_eq!(
        exchange(gateway, own, &late).await?.status,
        400,
        "half an hour later"
    );
    Ok(())
}

async fn a_link_token_needs_an_institution_and_a_credential(gateway: &TestGateway) -> Result<()> {
    let own = ("x-api-key", gateway.api_key.as_str());
    for (body, code) in [
        (json!({}), "P001"),
        (json!({"InstitutionId": 1}), "P002"),
        (json!({"InstitutionId": "cl_banking_personal_nowhere"}), "P002"),
    ] {
        let answer = call(gateway, own, "/link/token/create", &body).await?;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["Error"]["Code"]),
            (400, &json!(code)),
            "{body}"
        );
    }
    let wrong = ("x-api-key", "6f1c9d56-3b1e-4d53-9a5a-0d6f6a4b7c11");
    let answer = call(
        gateway,
        wrong,
        "/link/token/create",
        &json!({"InstitutionId": SCOPE}),
    )
    .await?;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["Error"]["Code"]),
        (401, &json!("A000"))
    );
    let client = register(gateway, false).await?;
    let (persons, _) = client.tokens(gateway, &mut Person::at(gateway)).await?;
    let bearer = format!("Bearer {persons}");
    let answer = call(
        gateway,
        ("authorization", &bearer),
        "/link/token/create",
        &json!({"InstitutionId": SCOPE}),
    )
    .await?;
    assert_eq!(answer.status, 403, "a person's token is not the account's own");
    Ok(())
}

async fn the_first_browser_that_logs_in_has_the_link(gateway: &TestGateway) -> Result<()> {
    let own = ("x-api-key", gateway.api_key.as_str());
    let link = link_token(gateway, own).await?;
    let (mut person, mut other) = (Person::at(gateway), Person::at(gateway));
    person.open(&format!("/link/{link}")).await?;
    other.open(&format!("/link/{link}")).await?;
    assert_eq!(person.log_in(USERNAME, PASSWORD).await?, "consent");
    assert_eq!(other.log_in(USERNAME, PASSWORD).await?, "other-browser");
    assert_eq!(other.open(&format!("/link/{link}")).await?, "other-browser");
    assert_eq!(person.submit("#no", &[]).await?, "refused");
    assert!(person.text("#public-token").is_none());
    Ok(())
}

async fn consented(gateway: &TestGateway, credential: (&str, &str), person: &mut Person) -> Result<String> {
    let link = link_token(gateway, credential).await?;
    assert_eq!(person.open(&format!("/link/{link}")).await?, "login");
    assert_eq!(
        person.log_in(USERNAME, PASSWORD).await?,
        "consent",
        "{}",
        person.html()
    );
    assert_eq!(person.submit("#yes", &[]).await?, "consented");
    person.text("#public-token").context("no public token")
}

async fn link_token(gateway: &TestGateway, credential: (&str, &str)) -> Result<String> {
    let answer = call(
        gateway,
        credential,
        "/link/token/create",
        &json!({"InstitutionId": SCOPE}),
    )
    .await?;
    let body = answer.json();
    Ok(body["Data"]["LinkToken"]
        .as_str()
        .with_context(|| body.to_string())?
        .to_owned())
}

async fn exchange(gateway: &TestGateway, credential: (&str, &str), public: &str) -> Result<Answer> {
    call(
        gateway,
        credential,
        "/public/token/exchange",
        &json!({"PublicToken": public}),
    )
    .await
}

async fn call(gateway: &TestGateway, credential: (&str, &str), path: &str, body: &Value) -> Result<Answer> {
    let request = http::request("POST", &gateway.address, path)
        .header("content-type", "application/json")
        .header(credential.0, credential.1);
    gateway.send(request.body(body.to_string().into())?).await
}
