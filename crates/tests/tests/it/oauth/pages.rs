//! The pages themselves: whose they are, what a stranger can do with them, and that a refused login is not tried again.

use anyhow::Result;
use ayni_testkit::client::{PASSWORD, USERNAME, register};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::truth::rows;

on_both_engines!(
    a_way_belongs_to_the_browser_that_took_it_up,
    a_form_that_came_from_nowhere_does_nothing,
    a_way_ends_after_half_an_hour,
    what_lies_sealed_opens_in_its_own_place_only,
    a_refused_login_is_shown_and_after_three_the_site_is_left_alone,
    every_page_forbids_frames_scripts_of_others_and_caches,
    a_person_chooses_the_institution_where_several_are_asked_for,
);

const SCOPE: &str = "com_services_servipag";

async fn a_way_belongs_to_the_browser_that_took_it_up(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    person.open(&client.authorize_path(SCOPE)).await?;
    person.log_in(USERNAME, PASSWORD).await?;
    let mut thief = Person::at(gateway);
    assert_eq!(thief.open(person.path()).await?, "other-browser");
    assert_eq!(
        thief.open(&format!("{}/return", person.path())).await?,
        "other-browser"
    );
    // With the page itself in hand, but not its cookie.
    let mut copied = person.clone();
    copied.forget_cookies();
    assert_eq!(copied.submit("#yes", &[]).await?, "not-this-page");
    assert_eq!(person.submit("#yes", &[]).await?, "consented");
    Ok(())
}

async fn a_form_that_came_from_nowhere_does_nothing(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    person.open(&client.authorize_path(SCOPE)).await?;
    let fields = [("Username", USERNAME), ("Password", PASSWORD)];
    for forged in [("csrf", ""), ("csrf", "0")] {
        let mut stranger = person.clone();
        let all = [&fields[..], &[forged]].concat();
        assert_eq!(stranger.submit("#login", &all).await?, "not-this-page");
    }
    // An old page's version, and a step that the way is not at: shown what is now.
    let mut stale = person.clone();
    assert_eq!(
        stale
            .submit("#login", &[&fields[..], &[("version", "9")]].concat())
            .await?,
        "login"
    );
    assert_eq!(
        stale
            .submit("#login", &[&fields[..], &[("step", "consent")]].concat())
            .await?,
        "login"
    );
    assert_eq!(
        stale
            .submit("#login", &[&fields[..], &[("institution", "other")]].concat())
            .await?,
        "login"
    );
    assert!(rows(&gateway.app.db, "SELECT id FROM consents").await?.is_empty());
    assert_eq!(person.log_in(USERNAME, PASSWORD).await?, "consent");
    Ok(())
}

async fn a_way_ends_after_half_an_hour(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    person.open(&client.authorize_path(SCOPE)).await?;
    gateway.clock.advance_ms(30 * 60 * 1000);
    assert_eq!(person.log_in(USERNAME, PASSWORD).await?, "gone");
    gateway.clock.advance_ms(1);
    gateway.work().await?;
    assert!(
        rows(&gateway.app.db, "SELECT hash FROM authorizations")
            .await?
            .is_empty()
    );
    Ok(())
}

async fn what_lies_sealed_opens_in_its_own_place_only(gateway: &TestGateway) -> Result<()> {
    let (client, mut person, mut other) = (
        register(gateway, false).await?,
        Person::at(gateway),
        Person::at(gateway),
    );
    person.open(&client.authorize_path(SCOPE)).await?;
    person.log_in(USERNAME, PASSWORD).await?;
    other.open(&client.authorize_path(SCOPE)).await?;
    // Whoever can write to the database puts one person's login in another's way.
    let copied = "UPDATE authorizations SET waiting_sealed = (SELECT waiting_sealed FROM authorizations \
                  WHERE waiting_sealed IS NOT NULL LIMIT 1), version = 2 WHERE waiting_sealed IS NULL";
    gateway
        .app
        .db
        .write("test.copy", move |tx| tx.exec(copied, &[]).map(drop))
        .await?;
    let path = other.path().to_owned();
    assert_eq!(other.open(&path).await?, "internal");
    Ok(())
}

async fn a_refused_login_is_shown_and_after_three_the_site_is_left_alone(
    gateway: &TestGateway,
) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    person.open(&client.authorize_path(SCOPE)).await?;
    for _ in 0..3 {
        assert_eq!(person.log_in(USERNAME, "wrong").await?, "login");
        assert_eq!(person.status(), 422);
        assert!(
            person.text("#problems").unwrap().contains("no reconoce"),
            "{}",
            person.html()
        );
    }
    assert_eq!(
        person.log_in(USERNAME, PASSWORD).await?,
        "login",
        "even with the right password"
    );
    assert!(
        person.text("#problems").unwrap().contains("bloqueado"),
        "{}",
        person.html()
    );
    assert!(!person.html().contains("wrong") && !person.html().contains(PASSWORD));
    gateway.clock.advance_ms(3_600_000);
    let mut again = Person::at(gateway);
    again.open(&client.authorize_path(SCOPE)).await?;
    assert_eq!(
        again.log_in(USERNAME, PASSWORD).await?,
        "consent",
        "an hour later"
    );
    Ok(())
}

async fn every_page_forbids_frames_scripts_of_others_and_caches(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    let check = |person: &Person| {
        let policy = person.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline"));
        assert_eq!(person.header("x-frame-options"), Some("DENY"));
        assert_eq!(person.header("cache-control"), Some("no-store"));
    };
    person.open("/oauth/authorize?client_id=nobody").await?;
    person.open(&client.authorize_path(SCOPE)).await?;
    check(&person);
    person.log_in(USERNAME, PASSWORD).await?;
    check(&person);
    person.submit("#yes", &[]).await?;
    check(&person);
    person.open("/consents").await?;
    check(&person);
    person.open("/consents/unknown").await?;
    check(&person);
    assert_eq!(person.page(), "gone");
    Ok(())
}

async fn a_person_chooses_the_institution_where_several_are_asked_for(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    let page = person.open(&client.authorize_path_with(&[])).await?;
    if page == "choose" {
        let page = person.submit("#choose", &[("institution", SCOPE)]).await?;
        assert_eq!(page, "login");
    }
    assert_eq!(person.log_in(USERNAME, PASSWORD).await?, "consent");
    person.submit("#yes", &[]).await?;
    let code = client.go_back(&mut person).await?;
    let answer = client.exchange(gateway, &code).await?.json();
    assert_eq!(answer["scope"], SCOPE, "only what was consented to");
    Ok(())
}
