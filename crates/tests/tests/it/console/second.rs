//! The second factor and the recovery codes.

use anyhow::{Context as _, Result};
use ayni_crypto::totp;
use ayni_domain::ids::AccountId;
use ayni_gateway::console::seat::links::{self, Terms};
use ayni_testkit::console::{OWNER, PASSWORD};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::run::all_at_once;

on_both_engines!(
    a_code_is_asked_for_and_is_good_once,
    of_two_who_show_the_same_recovery_code_at_once_one_gets_in,
    a_session_without_its_second_factor_opens_nothing,
    a_second_factor_that_nobody_took_in_time_is_nobodys,
    the_second_factor_is_turned_off_with_the_password_or_by_the_operator,
    guessed_codes_are_counted,
);

/// Turns the owner's second factor on; returns its secret and the recovery codes.
pub(crate) async fn enrol(gateway: &TestGateway, owner: &mut Person) -> Result<(Vec<u8>, Vec<String>)> {
    owner.open("/console/security").await?;
    assert_eq!(
        owner.submit("#offer", &[("current", PASSWORD)]).await?,
        "second-factor"
    );
    let secret = decode(&owner.text("#typed").context("no secret")?);
    assert_eq!(
        owner.submit("#turn-on", &[("code", "000000")]).await?,
        "second-factor"
    );
    assert_eq!(owner.status(), 422);
    let code = code_now(gateway, &secret);
    assert_eq!(
        owner.submit("#turn-on", &[("code", &code)]).await?,
        "recovery-codes"
    );
    let codes = owner.texts("#codes code");
    assert_eq!(codes.len(), 10);
    Ok((secret, codes))
}

async fn a_code_is_asked_for_and_is_good_once(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    let mut elsewhere = gateway.sign_in(OWNER).await?;
    let (secret, _) = enrol(gateway, &mut owner).await?;
    assert_eq!(
        elsewhere.open("/console").await?,
        "sign-in",
        "it was signed in without it"
    );
    let mut person = with_password(gateway, "/console/people").await?;
    let used = code_now(gateway, &secret);
    assert_eq!(
        person.submit("#give-code", &[("code", &used)]).await?,
        "code",
        "it was used for the enrolment"
    );
    gateway.clock.advance_ms(30_000);
    let before = person.cookie("ayni-console").unwrap_or_default().to_owned();
    let code = code_now(gateway, &secret);
    assert_eq!(person.submit("#give-code", &[("code", &code)]).await?, "people");
    assert_ne!(
        person.cookie("ayni-console"),
        Some(before.as_str()),
        "its token is a new one"
    );
    let mut two = [
        with_password(gateway, "").await?,
        with_password(gateway, "").await?,
    ];
    gateway.clock.advance_ms(30_000);
    let code = code_now(gateway, &secret);
    let fields = [("code", code.as_str())];
    let pages = all_at_once(two.iter_mut().map(|one| one.submit("#give-code", &fields))).await;
    let pages: Vec<String> = pages.into_iter().collect::<Result<_>>()?;
    assert_eq!(
        pages.iter().filter(|page| *page == "home").count(),
        1,
        "{pages:?}"
    );
    Ok(())
}

async fn of_two_who_show_the_same_recovery_code_at_once_one_gets_in(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    let (_, codes) = enrol(gateway, &mut owner).await?;
    let mut two = [
        with_password(gateway, "").await?,
        with_password(gateway, "").await?,
    ];
    let typed = codes[3].to_lowercase().replace('-', " ");
    let fields = [("code", typed.as_str())];
    let pages = all_at_once(two.iter_mut().map(|one| one.submit("#give-code", &fields))).await;
    let pages: Vec<String> = pages.into_iter().collect::<Result<_>>()?;
    assert_eq!(
        pages.iter().filter(|page| *page == "home").count(),
        1,
        "{pages:?}"
    );
    owner.open("/console/security").await?;
    let left = owner.text("#codes-left").unwrap_or_default();
    assert!(left.contains('9'), "{left}");
    assert_eq!(
        owner.submit("#new-codes", &[("current", PASSWORD)]).await?,
        "recovery-codes"
    );
    let mut late = with_password(gateway, "").await?;
    assert_eq!(late.submit("#give-code", &[("code", &codes[4])]).await?, "code");
    Ok(())
}

async fn a_session_without_its_second_factor_opens_nothing(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    let (secret, _) = enrol(gateway, &mut owner).await?;
    let mut person = with_password(gateway, "").await?;
    for path in ["/console", "/console/security", "/console/people"] {
        assert_eq!(person.open(path).await?, "sign-in", "{path}");
    }
    person.open("/console/sign-in/code").await?;
    gateway.clock.advance_ms(10 * 60_000);
    let code = code_now(gateway, &secret);
    assert_eq!(
        person.submit("#give-code", &[("code", &code)]).await?,
        "sign-in",
        "ten minutes are over"
    );
    Ok(())
}

async fn a_second_factor_that_nobody_took_in_time_is_nobodys(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console/security").await?;
    owner.submit("#offer", &[("current", PASSWORD)]).await?;
    let secret = decode(&owner.text("#typed").context("no secret")?);
    let mut found = owner.clone();
    gateway.clock.advance_ms(15 * 60_000);
    assert_eq!(found.open("/console/security/second-factor").await?, "not-found");
    let code = code_now(gateway, &secret);
    assert_eq!(owner.submit("#turn-on", &[("code", &code)]).await?, "not-found");
    enrol(gateway, &mut owner).await?;
    Ok(())
}

async fn the_second_factor_is_turned_off_with_the_password_or_by_the_operator(
    gateway: &TestGateway,
) -> Result<()> {
    let mut owner = gateway.console().await?;
    enrol(gateway, &mut owner).await?;
    let terms = Terms {
        without_second_factor: true,
        ..Terms::default()
    };
    links::invite(&gateway.app, AccountId(gateway.receiver_id), OWNER, terms).await?;
    gateway.sign_in(OWNER).await?;
    gateway.clock.advance_ms(60_000);
    enrol(gateway, &mut owner).await?;
    owner.open("/console/security").await?;
    let csrf = owner
        .attribute("#new-codes input[name=csrf]", "value")
        .unwrap_or_default();
    let off = "/console/security/second-factor/off";
    let wrong = [("csrf", csrf.as_str()), ("current", "no es esta clave")];
    assert_eq!(owner.post(off, &wrong).await?, "security");
    assert_eq!(owner.status(), 422);
    let right = [("csrf", csrf.as_str()), ("current", PASSWORD)];
    assert_eq!(owner.post(off, &right).await?, "security");
    assert_eq!(owner.status(), 200);
    gateway.sign_in(OWNER).await?;
    Ok(())
}

async fn guessed_codes_are_counted(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    let (secret, _) = enrol(gateway, &mut owner).await?;
    gateway.clock.advance_ms(30_000);
    let mut person = with_password(gateway, "").await?;
    for _ in 0..5 {
        person.submit("#give-code", &[("code", "123456")]).await?;
        assert_eq!(person.status(), 422);
    }
    let code = code_now(gateway, &secret);
    assert_eq!(person.submit("#give-code", &[("code", &code)]).await?, "code");
    let said = person.text("#problem").unwrap_or_default();
    assert!(said.contains("demasiados intentos"), "{said}");
    Ok(())
}

/// A browser whose person gave the password and is asked for the code.
async fn with_password(gateway: &TestGateway, next: &str) -> Result<Person> {
    let mut person = Person::at(gateway);
    person.open(&format!("/console/sign-in?next={next}")).await?;
    let fields = [("email", OWNER), ("password", PASSWORD)];
    assert_eq!(person.submit("#sign-in", &fields).await?, "code");
    Ok(person)
}

pub(super) fn code_now(gateway: &TestGateway, secret: &[u8]) -> String {
    totp::code(secret, gateway.clock.now().as_second().div_euclid(totp::STEP_S))
}

/// Base 32 as an authenticator reads it.
fn decode(text: &str) -> Vec<u8> {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    let values = letters.map(|letter| match letter {
        'A'..='Z' => letter as u32 - 'A' as u32,
        _ => letter as u32 - '2' as u32 + 26,
    });
    let bits: Vec<u32> = values
        .flat_map(|value| (0..5).rev().map(move |bit| value >> bit & 1))
        .collect();
    let byte = |eight: &[u32]| eight.iter().fold(0, |byte, bit| byte << 1 | bit) as u8;
    bits.chunks_exact(8).map(byte).collect()
}
