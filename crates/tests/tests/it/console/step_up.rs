//! Acts that a browser left open must not do: who does them shows again who that is.

use anyhow::{Context as _, Result};
use ayni_domain::ids::AccountId;
use ayni_domain::role::Role;
use ayni_gateway::merchants::users;
use ayni_testkit::console::{OWNER, PASSWORD};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;

use super::second::{code_now, enrol};

on_both_engines!(
    what_matters_is_done_with_the_password_only,
    with_a_second_factor_its_code_is_asked_for_and_is_good_once,
    a_recovery_code_does_too_and_is_spent,
    wrong_passwords_are_counted_as_those_of_the_sign_in,
    nobody_stops_being_an_owner_without_it,
);

/// An act: its page, its form, what is typed, the page after it, and what the audit log calls it.
type Act<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

const PAYOUT: Act<'_> = (
    "/console/settlements",
    "#payout-account",
    &[
        ("number", "00-123-45678-09"),
        ("holder", "Panadería Sol SpA"),
        ("identifier", "76.086.428-5"),
        ("email", "pagos@sol.example"),
    ],
    "settlements",
    "account.update",
);
const ROTATE: Act<'_> = ("/console/keys", "#rotate", &[], "told", "secret.rotate");
const NEW_KEY: Act<'_> = (
    "/console/keys",
    "#new-key",
    &[("alias", "tienda-web")],
    "told",
    "key.create",
);
const NEW_CLIENT: Act<'_> = (
    "/console/clients",
    "#new-client",
    &[
        ("name", "Cuentas Claras"),
        ("redirect_uris", "https://cuentas.example/vuelta"),
    ],
    "told",
    "client.create",
);
const NEW_OWNER: Act<'_> = (
    "/console/people",
    "#add-person",
    &[("email", "ana@example.com"), ("role", "owner")],
    "people",
    "user.set",
);

/// Sends the act's form, and is asked.
async fn begin(owner: &mut Person, act: Act<'_>) -> Result<()> {
    owner.open(act.0).await?;
    assert_eq!(owner.submit(act.1, act.2).await?, "step-up", "{}", owner.html());
    assert_eq!(owner.status(), 200);
    Ok(())
}

async fn is_noted(owner: &mut Person, action: &str) -> Result<bool> {
    owner.open(&format!("/console/audit?action={action}")).await?;
    Ok(owner
        .text("main table tbody")
        .is_some_and(|rows| rows.contains(action)))
}

async fn what_matters_is_done_with_the_password_only(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    for act in [PAYOUT, ROTATE, NEW_KEY, NEW_CLIENT, NEW_OWNER] {
        begin(&mut owner, act).await?;
        assert!(!is_noted(&mut owner, act.4).await?, "{act:?}");
        begin(&mut owner, act).await?;
        let wrong = [("proof", "no es esta clave")];
        assert_eq!(owner.submit("#step-up", &wrong).await?, "step-up");
        assert_eq!(owner.status(), 422);
        assert_eq!(
            owner.text("#problem").as_deref(),
            Some("La contraseña actual no es correcta.")
        );
        assert!(!owner.html().contains("no es esta clave"));
        let right = [("proof", PASSWORD)];
        assert_eq!(owner.submit("#step-up", &right).await?, act.3, "{}", owner.html());
        assert!(is_noted(&mut owner, act.4).await?, "{act:?}");
    }
    owner.open("/console/people").await?;
    assert!(owner.html().contains("ana@example.com"));
    let reader = [("email", "luis@example.com"), ("role", "read-only")];
    assert_eq!(
        owner.submit("#add-person", &reader).await?,
        "people",
        "only owners are made so"
    );
    Ok(())
}

async fn with_a_second_factor_its_code_is_asked_for_and_is_good_once(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    let (secret, _) = enrol(gateway, &mut owner).await?;
    gateway.clock.advance_ms(30_000);
    begin(&mut owner, PAYOUT).await?;
    assert_eq!(owner.submit("#step-up", &[("proof", PASSWORD)]).await?, "step-up");
    let code = code_now(gateway, &secret);
    let proof = [("proof", code.as_str())];
    assert_eq!(owner.submit("#step-up", &proof).await?, "settlements");
    begin(&mut owner, NEW_OWNER).await?;
    assert_eq!(owner.submit("#step-up", &proof).await?, "step-up");
    assert_eq!(owner.status(), 422);
    owner.open("/console/people").await?;
    assert!(!owner.html().contains("ana@example.com"));
    Ok(())
}

async fn a_recovery_code_does_too_and_is_spent(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    let (_, codes) = enrol(gateway, &mut owner).await?;
    begin(&mut owner, ROTATE).await?;
    let unknown = [("proof", "AAAA-BBBB-CCCC")];
    assert_eq!(owner.submit("#step-up", &unknown).await?, "step-up");
    let code = codes.first().context("no code")?.as_str();
    assert_eq!(owner.submit("#step-up", &[("proof", code)]).await?, "told");
    assert!(is_noted(&mut owner, "recovery-code.use").await?);
    begin(&mut owner, NEW_OWNER).await?;
    assert_eq!(owner.submit("#step-up", &[("proof", code)]).await?, "step-up");
    owner.open("/console/security").await?;
    assert!(owner.text("#codes-left").context("no count")?.contains('9'));
    Ok(())
}

async fn wrong_passwords_are_counted_as_those_of_the_sign_in(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    begin(&mut owner, PAYOUT).await?;
    for _ in 0..5 {
        owner.submit("#step-up", &[("proof", "no es esta clave")]).await?;
        assert_eq!(owner.status(), 422);
    }
    assert_eq!(owner.submit("#step-up", &[("proof", PASSWORD)]).await?, "step-up");
    assert!(
        owner
            .text("#problem")
            .context("no problem")?
            .contains("demasiados")
    );
    let mut elsewhere = Person::at(gateway);
    elsewhere.open("/console/sign-in").await?;
    let fields = [("email", OWNER), ("password", PASSWORD)];
    assert_eq!(elsewhere.submit("#sign-in", &fields).await?, "sign-in");
    Ok(())
}

async fn nobody_stops_being_an_owner_without_it(gateway: &TestGateway) -> Result<()> {
    let account = AccountId(gateway.receiver_id);
    let mut owner = gateway.console().await?;
    for form in [SET_ROLE, REMOVE] {
        users::set(&gateway.app, account, "ana@example.com", Role::Owner).await?;
        owner.open("/console/people").await?;
        let ana = [("email", "ana@example.com"), ("role", "read-only")];
        assert_eq!(owner.submit(form, &ana).await?, "step-up", "{}", owner.html());
        let kept = users::list(&gateway.app.db, account).await?;
        let is_owner = |user: &users::User| user.email == "ana@example.com" && user.role == Role::Owner;
        assert!(kept.iter().any(is_owner), "{form}");
        assert_eq!(owner.submit("#step-up", &[("proof", PASSWORD)]).await?, "people");
        let kept = users::list(&gateway.app.db, account).await?;
        assert!(!kept.iter().any(is_owner), "{form}");
    }
    Ok(())
}

const SET_ROLE: &str = "form[action=\"/console/people/set\"]";
const REMOVE: &str = "form[action=\"/console/people/remove\"]";
