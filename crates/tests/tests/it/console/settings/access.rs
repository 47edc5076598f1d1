//! Who may open which of these pages, and send which of their forms.

use anyhow::{Context as _, Result};
use axum::body::Body;
use ayni_domain::role::Role;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;

on_both_engines!(
    what_only_an_owner_may_see_and_do_is_refused_to_others,
    whoever_is_not_signed_in_gets_nowhere,
    a_form_without_its_token_does_nothing,
);

const OWNERS: [(&str, &str); 13] = [
    ("GET", "/console/keys"),
    ("POST", "/console/keys"),
    ("POST", "/console/keys/expire"),
    ("POST", "/console/keys/notify-url"),
    ("POST", "/console/keys/secret"),
    ("POST", "/console/keys/secret/finish"),
    ("GET", "/console/clients"),
    ("POST", "/console/clients"),
    ("POST", "/console/clients/secret"),
    ("POST", "/console/clients/redirects"),
    ("POST", "/console/clients/end"),
    ("POST", "/console/clients/consent"),
    ("POST", "/console/clients/link"),
];
const MORE_OF_OWNERS: [(&str, &str); 2] = [
    ("POST", "/console/settlements/payout-account"),
    ("POST", "/console/settlements/rendition-url"),
];
const EVERYBODYS: [(&str, &str); 2] = [("GET", "/console"), ("GET", "/console/settlements")];

/// The status that this browser's cookies get at a route, without a form's token.
async fn status(gateway: &TestGateway, person: &Person, (method, path): (&str, &str)) -> Result<u16> {
    let mut request = http::request(method, &gateway.address, path)
        .header("content-type", "application/x-www-form-urlencoded");
    if let Some(token) = person.cookie("ayni-console") {
        request = request.header("cookie", format!("ayni-console={token}"));
    }
    let answer = gateway.send(request.body(Body::empty())?).await?;
    Ok(answer.status.as_u16())
}

async fn what_only_an_owner_may_see_and_do_is_refused_to_others(gateway: &TestGateway) -> Result<()> {
    for role in [Role::Collector, Role::ReadOnly] {
        let person = gateway.console_as(role).await?;
        for route in OWNERS.into_iter().chain(MORE_OF_OWNERS) {
            assert_eq!(status(gateway, &person, route).await?, 403, "{role:?} {route:?}");
        }
        for route in EVERYBODYS {
            assert_eq!(status(gateway, &person, route).await?, 200, "{role:?} {route:?}");
        }
    }
    let mut reader = gateway.console_as(Role::ReadOnly).await?;
    let confirm = ("POST", "/console/settlements/confirm");
    assert_eq!(status(gateway, &reader, confirm).await?, 403);
    reader.open("/console/settlements").await?;
    let payout = reader.attribute("#payout-account", "action");
    assert_eq!(payout, None, "who may not send a form is not shown it");
    Ok(())
}

async fn whoever_is_not_signed_in_gets_nowhere(gateway: &TestGateway) -> Result<()> {
    let nobody = Person::at(gateway);
    for route in OWNERS.into_iter().chain(MORE_OF_OWNERS).chain(EVERYBODYS) {
        assert_eq!(status(gateway, &nobody, route).await?, 303, "{route:?}");
    }
    Ok(())
}

async fn a_form_without_its_token_does_nothing(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    for route in OWNERS.into_iter().chain(MORE_OF_OWNERS) {
        let expected = if route.0 == "GET" { 200 } else { 403 };
        assert_eq!(status(gateway, &owner, route).await?, expected, "{route:?}");
    }
    owner.open("/console/keys").await?;
    owner.text("#keys").context("no keys")?;
    Ok(())
}
