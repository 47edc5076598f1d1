//! Signing in, what a session is, and what its forms prove.

use anyhow::Result;
use ayni_domain::role::Role;
use ayni_testkit::console::{OWNER, PASSWORD};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;

on_both_engines!(
    a_person_signs_in_and_out_and_comes_back_to_the_page_that_was_asked_for,
    who_may_not_see_a_page_is_told_so,
    a_form_of_another_session_or_account_does_nothing,
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
    let unknown = [("email", "nadie@example.com"), ("password", PASSWORD)];
    person.submit("#sign-in", &unknown).await?;
    assert_eq!(
        person.text("#problem"),
        for_wrong,
        "which of both was wrong is not told"
    );
    let right = [("email", OWNER), ("password", PASSWORD)];
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
    let mut owner = gateway.console().await?;
    owner.open("/console/people").await?;
    let foreign = owner
        .attribute("#add-person input[name=csrf]", "value")
        .unwrap_or_default();
    let mut again = gateway.sign_in(OWNER).await?;
    again.open("/console/people").await?;
    let new = [("email", "ana@example.com"), ("csrf", foreign.as_str())];
    assert_eq!(again.submit("#add-person", &new).await?, "not-this-page");
    assert_eq!(again.status(), 403);
    again.open("/console/people").await?;
    assert!(!again.html().contains("ana@example.com"));
    let page = again
        .submit("#add-person", &[("email", "ana@example.com")])
        .await?;
    assert_eq!(page, "people");
    assert_eq!(again.text("#flash").as_deref(), Some("El rol quedó guardado."));
    assert!(again.html().contains("ana@example.com"));
    again.open("/console/people").await?;
    assert_eq!(again.text("#flash"), None, "it is said once");
    Ok(())
}
