//! Signing in, and what forms prove.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::role::Role;
use ayni_gateway::merchants::accounts;
use ayni_testkit::console::{OWNER, PASSWORD};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::{account, http};

use super::second::enrol;

on_both_engines!(
    a_person_signs_in_and_out_and_comes_back_to_the_page_that_was_asked_for,
    who_may_not_see_a_page_is_told_so,
    a_form_of_another_session_or_account_does_nothing,
    a_form_that_another_site_sent_does_nothing,
    the_other_language_of_an_answer_to_a_form_is_that_of_its_page,
    too_many_wrong_passwords_lock_for_a_quarter_of_an_hour_and_no_longer,
    a_disabled_account_shows_nothing_but_the_way_out,
    no_page_is_kept_framed_or_mixed_with_others,
);

async fn a_person_signs_in_and_out_and_comes_back_to_the_page_that_was_asked_for(
    gateway: &TestGateway,
) -> Result<()> {
    gateway.console().await?;
    let mut person = Person::at(gateway);
    assert_eq!(person.open("/console/people?x=1").await?, "sign-in");
    let wrong = [("email", OWNER), ("password", "otra clave bien larga")];
    assert_eq!(person.submit("#sign-in", &wrong).await?, "sign-in");
    assert_eq!(person.status(), 422);
    let for_wrong = person.text("#problem");
    assert!(!person.html().contains("otra clave"));
    let unknown = [("email", "nadie@example.com"), ("password", PASSWORD)];
    person.submit("#sign-in", &unknown).await?;
    assert_eq!(
        person.text("#problem"),
        for_wrong,
        "which of both was wrong is not told"
    );
    let right = [("email", "Cobros@Comercio.example"), ("password", PASSWORD)];
    assert_eq!(person.submit("#sign-in", &right).await?, "people");
    assert_eq!(person.path(), "/console/people?x=1");
    assert_eq!(
        person.submit("form[action=\"/console/sign-out\"]", &[]).await?,
        "sign-in"
    );
    assert_eq!(person.open("/console").await?, "sign-in");
    Ok(())
}

async fn who_may_not_see_a_page_is_told_so(gateway: &TestGateway) -> Result<()> {
    for role in [Role::Collector, Role::ReadOnly] {
        let mut person = gateway.console_as(role).await?;
        for path in ["/console/people", "/console/audit", "/console/audit.csv"] {
            assert_eq!(person.open(path).await?, "forbidden", "{path}");
            assert_eq!(person.status(), 403);
        }
        assert_eq!(person.open("/console/security").await?, "security");
    }
    let mut owner = gateway.console().await?;
    assert_eq!(owner.open("/console/people").await?, "people");
    assert_eq!(owner.open("/console/nothing/here").await?, "not-found");
    assert_eq!(owner.status(), 404);
    Ok(())
}

async fn a_form_of_another_session_or_account_does_nothing(gateway: &TestGateway) -> Result<()> {
    let csrf = "#add-person input[name=csrf]";
    account::open(&gateway.app, "76.111.111-6", None).await?;
    let mut first = gateway.console().await?;
    first.open("/console/people").await?;
    let foreign = first.attribute(csrf, "value").unwrap_or_default();
    let mut owner = gateway.sign_in(OWNER).await?;
    owner.open("/console/people").await?;
    let own = owner.attribute(csrf, "value").unwrap_or_default();
    let other_session = [("email", "ana@example.com"), ("csrf", foreign.as_str())];
    assert_eq!(
        owner.submit("#add-person", &other_session).await?,
        "not-this-page"
    );
    assert_eq!(owner.status(), 403);
    owner.open("/console/people").await?;
    let other = "form[action=\"/console/account\"] button";
    let to = owner.attribute(other, "value").unwrap_or_default();
    owner
        .submit("form[action=\"/console/account\"]", &[("account", to.as_str())])
        .await?;
    owner.open("/console/people").await?;
    let other_account = [("email", "ana@example.com"), ("csrf", own.as_str())];
    assert_eq!(
        owner.submit("#add-person", &other_account).await?,
        "not-this-page",
        "a page that stood open while the account was changed"
    );
    owner.open("/console/people").await?;
    assert!(!owner.html().contains("ana@example.com"));
    assert_eq!(
        owner
            .submit("#add-person", &[("email", "ana@example.com")])
            .await?,
        "people"
    );
    assert_eq!(owner.text("#flash").as_deref(), Some("El rol quedó guardado."));
    owner.open("/console/people").await?;
    assert!(owner.html().contains("ana@example.com"));
    assert_eq!(owner.text("#flash"), None, "it is said once");
    first.open("/console/people").await?;
    assert!(
        !first.html().contains("ana@example.com"),
        "the other account has no such person"
    );
    Ok(())
}

async fn a_form_that_another_site_sent_does_nothing(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console/people").await?;
    let csrf = owner
        .attribute("#add-person input[name=csrf]", "value")
        .unwrap_or_default();
    let cookie = format!(
        "ayni-console={}",
        owner.cookie("ayni-console").unwrap_or_default()
    );
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("origin", "null"),
    ] {
        let request = http::request("POST", &gateway.address, "/console/people/set")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", &cookie)
            .header(name, value);
        let body = format!("csrf={csrf}&email=ana%40example.com&role=owner");
        let answer = gateway.send(request.body(body.into())?).await?;
        assert_eq!(answer.status, 403, "{name}: {value}");
    }
    owner.open("/console/people").await?;
    assert!(!owner.html().contains("ana@example.com"));
    Ok(())
}

async fn too_many_wrong_passwords_lock_for_a_quarter_of_an_hour_and_no_longer(
    gateway: &TestGateway,
) -> Result<()> {
    gateway.console().await?;
    for email in [OWNER, "nadie@example.com"] {
        let mut person = Person::at(gateway);
        person.open("/console/sign-in").await?;
        for _ in 0..5 {
            person
                .submit("#sign-in", &[("email", email), ("password", "no es esta clave")])
                .await?;
            assert!(!person.text("#problem").unwrap_or_default().contains("minutos"));
        }
        let right = [("email", email), ("password", PASSWORD)];
        assert_eq!(person.submit("#sign-in", &right).await?, "sign-in");
        let said = person.text("#problem").unwrap_or_default();
        assert!(said.contains("Espere 15 minutos"), "{said}");
    }
    gateway.clock.advance_ms(15 * 60_000);
    gateway.work().await?;
    gateway.sign_in(OWNER).await?;
    Ok(())
}

async fn a_disabled_account_shows_nothing_but_the_way_out(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    accounts::set_disabled(&gateway.app, AccountId(gateway.receiver_id), true).await?;
    for path in ["/console", "/console/people", "/console/audit"] {
        assert_eq!(owner.open(path).await?, "account-disabled");
        assert_eq!(owner.status(), 403);
    }
    assert_eq!(owner.open("/console/security").await?, "security");
    let out = "form[action=\"/console/sign-out\"]";
    assert_eq!(owner.submit(out, &[]).await?, "sign-in");
    Ok(())
}

async fn no_page_is_kept_framed_or_mixed_with_others(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    for path in [
        "/console",
        "/console/security",
        "/console/nothing",
        "/console/audit.csv",
    ] {
        owner.open(path).await?;
        let policy = owner.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(owner.header(name), Some(value), "{path} {name}");
        }
    }
    Ok(())
}

async fn the_other_language_of_an_answer_to_a_form_is_that_of_its_page(gateway: &TestGateway) -> Result<()> {
    for (page, form, wrong, name) in [
        (
            "/console/keys",
            "#notify",
            [("notify_url", "https://10.0.0.7/n")],
            "keys",
        ),
        (
            "/console/security",
            "#change-password",
            [("password", "corta")],
            "security",
        ),
        ("/console/keys", "#new-key", [("alias", "")], "keys"),
    ] {
        let mut owner = gateway.console().await?;
        owner.open(page).await?;
        owner.submit(form, &wrong).await?;
        assert_eq!(owner.status(), 422, "{page}: {}", owner.html());
        let other = owner.attribute("a.language", "href").unwrap_or_default();
        assert_eq!(owner.open(&other).await?, name, "{other}");
        assert_eq!(owner.status(), 200);
        assert_eq!(owner.attribute("html", "lang").as_deref(), Some("en"), "{other}");
    }
    // Whatever takes forms only leads to a page.
    let mut owner = gateway.console().await?;
    enrol(gateway, &mut owner).await?;
    let other = owner.attribute("a.language", "href").unwrap_or_default();
    assert_eq!(owner.open(&other).await?, "security", "{other}");
    for (form, name) in [
        ("/console/account", "home"),
        ("/console/security/sessions", "security"),
        ("/console/deliveries/resend", "deliveries"),
        ("/console/review/accept", "review"),
    ] {
        assert_eq!(owner.open(form).await?, name);
        assert_eq!(owner.status(), 200, "{form}");
    }
    Ok(())
}
