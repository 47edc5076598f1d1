//! How sessions begin and end.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::role::Role;
use ayni_gateway::console::seat::links::{self, Terms};
use ayni_gateway::merchants::users;
use ayni_testkit::console::{OWNER, PASSWORD};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::run::all_at_once;

on_both_engines!(
    a_token_that_was_known_before_the_sign_in_opens_nothing_after_it,
    a_session_ends_of_idleness_and_after_a_week,
    a_person_ends_the_sessions_of_other_browsers,
    a_new_password_ends_the_other_sessions,
    who_is_taken_out_of_an_account_sees_it_no_more,
    a_link_sets_a_password_once_and_for_a_day,
);

const COOKIE: &str = "ayni-console";

async fn a_token_that_was_known_before_the_sign_in_opens_nothing_after_it(
    gateway: &TestGateway,
) -> Result<()> {
    gateway.console().await?;
    let mut stranger = Person::at(gateway);
    stranger.open("/console/sign-in").await?;
    let planted = stranger.cookie(COOKIE).unwrap_or_default().to_owned();
    let mut victim = Person::at(gateway);
    victim.plant_cookie(COOKIE, &planted);
    victim.open("/console/sign-in").await?;
    let fields = [("email", OWNER), ("password", PASSWORD)];
    assert_eq!(victim.submit("#sign-in", &fields).await?, "home");
    assert_ne!(victim.cookie(COOKIE), Some(planted.as_str()));
    assert_eq!(stranger.open("/console").await?, "sign-in");
    Ok(())
}

async fn a_session_ends_of_idleness_and_after_a_week(gateway: &TestGateway) -> Result<()> {
    const HOUR_MS: i64 = 3_600_000;
    let mut person = gateway.console().await?;
    gateway.clock.advance_ms(8 * HOUR_MS - 1);
    assert_eq!(person.open("/console").await?, "home");
    gateway.clock.advance_ms(8 * HOUR_MS);
    assert_eq!(
        person.open("/console").await?,
        "sign-in",
        "nobody used it for 8 hours"
    );
    let mut person = gateway.sign_in(OWNER).await?;
    for _ in 0..(7 * 24 / 7 - 1) {
        gateway.clock.advance_ms(7 * HOUR_MS);
        assert_eq!(person.open("/console").await?, "home");
    }
    gateway.clock.advance_ms(7 * HOUR_MS);
    assert_eq!(person.open("/console").await?, "sign-in", "a week is over");
    Ok(())
}

async fn a_person_ends_the_sessions_of_other_browsers(gateway: &TestGateway) -> Result<()> {
    let mut here = gateway.console().await?;
    let mut phone = gateway.sign_in(OWNER).await?;
    let mut office = gateway.sign_in(OWNER).await?;
    here.open("/console/security").await?;
    let button = "form[action=\"/console/security/sessions\"] button[name=session]";
    let id = here.attribute(button, "value").unwrap_or_default();
    let one = "form[action=\"/console/security/sessions\"]";
    assert_eq!(here.submit(one, &[("session", id.as_str())]).await?, "security");
    let left = [phone.open("/console").await?, office.open("/console").await?];
    assert_eq!(left.iter().filter(|page| *page == "home").count(), 1, "{left:?}");
    assert_eq!(here.submit("#end-others", &[]).await?, "security");
    assert_eq!(phone.open("/console").await?, "sign-in");
    assert_eq!(office.open("/console").await?, "sign-in");
    assert_eq!(here.open("/console").await?, "home");
    Ok(())
}

async fn a_new_password_ends_the_other_sessions(gateway: &TestGateway) -> Result<()> {
    let mut here = gateway.console().await?;
    let mut elsewhere = gateway.sign_in(OWNER).await?;
    here.open("/console/security").await?;
    let new = "otra clave bien larga";
    for (old, chosen, again) in [
        ("no es esta clave", new, new),
        (PASSWORD, "corta", "corta"),
        (PASSWORD, new, "otra clave muy larga"),
    ] {
        let fields = [("old", old), ("password", chosen), ("again", again)];
        here.submit("#change-password", &fields).await?;
        assert_eq!(here.status(), 422);
    }
    assert_eq!(elsewhere.open("/console").await?, "home");
    let fields = [("old", PASSWORD), ("password", new), ("again", new)];
    assert_eq!(here.submit("#change-password", &fields).await?, "security");
    assert_eq!(here.status(), 200);
    assert_eq!(elsewhere.open("/console").await?, "sign-in");
    let old = [("email", OWNER), ("password", PASSWORD)];
    assert_eq!(elsewhere.submit("#sign-in", &old).await?, "sign-in");
    let now = [("email", OWNER), ("password", new)];
    assert_eq!(elsewhere.submit("#sign-in", &now).await?, "home");
    Ok(())
}

async fn who_is_taken_out_of_an_account_sees_it_no_more(gateway: &TestGateway) -> Result<()> {
    let mut person = gateway.console_as(Role::Collector).await?;
    let email = "collector@comercio.example";
    users::set(
        &gateway.app,
        AccountId(gateway.receiver_id),
        email,
        Role::ReadOnly,
    )
    .await?;
    person.open("/console").await?;
    assert!(person.html().contains("Solo lectura"), "the role is read anew");
    users::remove(&gateway.app, AccountId(gateway.receiver_id), email).await?;
    assert_eq!(person.open("/console").await?, "sign-in");
    let fields = [("email", email), ("password", PASSWORD)];
    assert_eq!(person.submit("#sign-in", &fields).await?, "sign-in");
    assert_eq!(person.status(), 422);
    Ok(())
}

async fn a_link_sets_a_password_once_and_for_a_day(gateway: &TestGateway) -> Result<()> {
    let account = AccountId(gateway.receiver_id);
    let invite = async |role| {
        let terms = Terms {
            role,
            ..Terms::default()
        };
        links::invite(&gateway.app, account, "ana@example.com", terms).await
    };
    assert!(invite(None).await.is_err(), "she is no user yet");
    let old = invite(Some(Role::Collector)).await?.url;
    let url = invite(None).await?.url;
    let mut ana = Person::at(gateway);
    assert_eq!(ana.open(&old).await?, "link-gone", "the newer one counts");
    let mut two = [ana, Person::at(gateway)];
    for person in &mut two {
        assert_eq!(person.open(&url).await?, "new-password");
    }
    let fields = [("password", PASSWORD), ("again", PASSWORD)];
    let pages = all_at_once(
        two.iter_mut()
            .map(|person| person.submit("#new-password", &fields)),
    )
    .await;
    let pages: Vec<String> = pages.into_iter().collect::<Result<_>>()?;
    assert_eq!(
        pages.iter().filter(|page| *page == "sign-in").count(),
        1,
        "{pages:?}"
    );
    assert_eq!(two[0].open(&url).await?, "link-gone");
    gateway.sign_in("ana@example.com").await?;
    let late = invite(None).await?.url;
    gateway.clock.advance_ms(24 * 3_600_000);
    assert_eq!(two[0].open(&late).await?, "link-gone", "a day is over");
    Ok(())
}
