//! What a person agreed to can be seen and taken back, by nobody else.

use anyhow::{Context as _, Result};
use ayni_gateway::oauth::access::{Grant, TokenRefused, open_token};
use ayni_testkit::client::{PASSWORD, USERNAME, register};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

on_both_engines!(
    a_consent_that_is_withdrawn_by_its_link_ends_every_token_and_erases_the_login,
    a_person_who_logs_in_sees_and_withdraws_ones_own_consents,
    when_a_consent_was_last_used_is_told_to_who_gave_and_to_who_holds_it,
    a_login_that_a_consent_keeps_is_erased_at_its_end,
    neither_login_nor_name_lies_readable_in_the_database,
);

async fn a_consent_that_is_withdrawn_by_its_link_ends_every_token_and_erases_the_login(
    gateway: &TestGateway,
) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    person
        .open(&client.authorize_path("com_services_servipag"))
        .await?;
    person.log_in(USERNAME, PASSWORD).await?;
    person.submit("#yes", &[]).await?;
    let link = person.attribute("#consent-link", "href").context("no link")?;
    let code = client.go_back(&mut person).await?;
    let answer = client.exchange(gateway, &code).await?.json();
    let access = answer["access_token"].as_str().unwrap_or_default().to_owned();
    let refresh = answer["refresh_token"].as_str().unwrap_or_default().to_owned();

    // Another browser, months later: the link alone opens it.
    let mut later = Person::at(gateway);
    assert_eq!(later.open(&link).await?, "consents");
    assert!(later.html().contains("Cuentas Claras") && !later.html().contains(USERNAME));
    later.submit("#own-1", &[]).await?;
    assert!(
        later.attribute("#own-1", "action").is_none(),
        "it can't be withdrawn twice"
    );
    assert!(
        later.html().contains("Usted retiró este permiso"),
        "{}",
        later.html()
    );

    let refused = open_token(&gateway.app, &access).await;
    assert!(matches!(refused, Err(TokenRefused::Revoked)), "{refused:?}");
    assert_eq!(
        client.refresh(gateway, &refresh).await?.json()["error"],
        "invalid_grant"
    );
    let kept = rows(
        &gateway.app.db,
        "SELECT id FROM consents WHERE login_sealed IS NOT NULL",
    )
    .await?;
    assert!(kept.is_empty(), "the login was kept");
    let wrong = format!(
        "{}0",
        link.trim_end_matches(|letter: char| letter.is_ascii_hexdigit())
    );
    assert_eq!(later.open(&wrong).await?, "gone");
    Ok(())
}

async fn a_person_who_logs_in_sees_and_withdraws_ones_own_consents(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let (access, _) = client.tokens(gateway, &mut Person::at(gateway)).await?;
    let mut person = Person::at(gateway);
    assert_eq!(person.open("/consents").await?, "consents-begin");
    let page = person
        .submit("#choose", &[("institution", "com_services_servipag")])
        .await?;
    assert_eq!(page, "login");
    assert_eq!(
        person.log_in(USERNAME, "wrong").await?,
        "login",
        "no consent is shown without the login"
    );
    assert!(!person.html().contains("Cuentas Claras"));
    // The same RUT, written otherwise.
    assert_eq!(
        person.log_in("11111111-1", PASSWORD).await?,
        "consents",
        "{}",
        person.html()
    );
    assert!(person.html().contains("Cuentas Claras"));
    assert!(open_token(&gateway.app, &access).await.is_ok());
    person.submit("#own-1", &[("consent", "another")]).await?;
    assert!(
        open_token(&gateway.app, &access).await.is_ok(),
        "nothing of that name is this person's"
    );
    person.submit("#own-1", &[]).await?;
    assert!(matches!(
        open_token(&gateway.app, &access).await,
        Err(TokenRefused::Revoked)
    ));
    Ok(())
}

async fn when_a_consent_was_last_used_is_told_to_who_gave_and_to_who_holds_it(
    gateway: &TestGateway,
) -> Result<()> {
    const USED: &str = "td[data-label='Último uso']";
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    let path = client.authorize_path("com_services_servipag");
    person.open(&path).await?;
    person.log_in(USERNAME, PASSWORD).await?;
    person.submit("#yes", &[]).await?;
    let link = person.attribute("#consent-link", "href").context("no link")?;
    let code = client.go_back(&mut person).await?;
    let answer = client.exchange(gateway, &code).await?.json();
    let bearer = format!("Bearer {}", answer["access_token"].as_str().unwrap_or_default());
    let mut owner = gateway.console().await?;
    gateway.work().await?;
    owner.open("/console/clients").await?;
    assert_eq!(owner.text(USED).as_deref(), Some("Nunca"));
    person.open(&link).await?;
    assert_eq!(person.text("#used-1").as_deref(), Some("Aún no se usa"));

    let read = http::request(
        "POST",
        &gateway.address,
        "/v1/com/services/servipag.com/service-accounts",
    );
    let read = read
        .header("content-type", "application/json")
        .header("authorization", bearer);
    let body = json!({"RequestData": {}}).to_string();
    assert_eq!(gateway.send(read.body(body.into())?).await?.status, 200);
    let written = "SELECT id FROM consents WHERE last_used_at IS NOT NULL";
    assert!(
        rows(&gateway.app.db, written).await?.is_empty(),
        "no request writes it"
    );
    gateway.work().await?;
    owner.open("/console/clients").await?;
    person.open(&link).await?;
    for used in [owner.text(USED), person.text("#used-1")] {
        let used = used.context("no use")?;
        assert!(used.starts_with("2 de marzo de 2026"), "{used}");
    }
    Ok(())
}

async fn a_login_that_a_consent_keeps_is_erased_at_its_end(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    client.tokens(gateway, &mut Person::at(gateway)).await?;
    let with_login = "SELECT id FROM consents WHERE login_sealed IS NOT NULL";
    gateway.advance(SignedDuration::from_hours(24 * 180)).await?;
    gateway.advance(SignedDuration::from_secs(1)).await?;
    assert!(rows(&gateway.app.db, with_login).await?.is_empty());
    Ok(())
}

async fn neither_login_nor_name_lies_readable_in_the_database(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let mut person = Person::at(gateway);
    let (access, _) = client.tokens(gateway, &mut person).await?;
    let grant: Grant = open_token(&gateway.app, &access).await?;
    assert!(grant.consent.is_some());
    for statement in [
        "SELECT person || subject || id FROM consents",
        "SELECT asked FROM authorizations",
        "SELECT redirect_uri || challenge FROM oauth_codes",
    ] {
        for row in rows(&gateway.app.db, statement).await? {
            let text = row.text(0)?;
            assert!(
                !text.contains("11111111") && !text.contains(USERNAME) && !text.contains(PASSWORD),
                "{text}"
            );
        }
    }
    Ok(())
}
