//! The end of a data key: what it sealed is sealed anew, by whoever and however often that is begun, and only then it goes.

use anyhow::{Context as _, Result};
use ayni_gateway::consents::login_of;
use ayni_gateway::keys::reseal::{Resealed, reseal};
use ayni_gateway::keys::{self, KeysError, standing};
use ayni_gateway::oauth::access::open_token;
use ayni_testkit::client::{PASSWORD, USERNAME, register};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use jiff::SignedDuration;
use serde_json::json;

use crate::console::second::enrol;
use crate::reconciliation::movements::account_in_pesos;
use crate::settlement::house::paid_plain;

on_both_engines!(
    what_an_old_key_sealed_is_sealed_anew_and_opens_when_the_key_is_gone,
    a_walk_that_died_half_way_is_made_again_and_goes_on,
    a_key_is_kept_as_long_as_an_account_link_needs_it,
    a_value_that_no_key_opens_is_told_and_left,
);

/// Lets a new key seal.
async fn replace_key(gateway: &TestGateway) -> Result<()> {
    keys::rotate(&gateway.app).await?;
    let early = reseal(&gateway.app, &mut |_, _| {}).await;
    assert!(
        matches!(early, Err(KeysError::NotYet { in_s: 1..=61, .. })),
        "{early:?}"
    );
    gateway.advance(SignedDuration::from_secs(61)).await
}

async fn reseal_all(gateway: &TestGateway) -> Result<Resealed> {
    Ok(reseal(&gateway.app, &mut |_, _| {}).await?)
}

fn of(done: &Resealed, column: &str) -> u64 {
    let found = done.columns.iter().find(|(name, _)| *name == column);
    found.map_or(0, |(_, anew)| *anew)
}

async fn what_an_old_key_sealed_is_sealed_anew_and_opens_when_the_key_is_gone(
    gateway: &TestGateway,
) -> Result<()> {
    let client = register(gateway, false).await?;
    let (access, _) = client.tokens(gateway, &mut Person::at(gateway)).await?;
    let consent = open_token(&gateway.app, &access)
        .await?
        .consent
        .context("no consent")?;
    let mut owner = gateway.console().await?;
    enrol(gateway, &mut owner).await?;
    replace_key(gateway).await?;
    let done = reseal_all(gateway).await?;
    assert_eq!((done.key.as_str(), done.unopened.len()), ("seal-2", 0));
    for column in [
        "accounts.secret_sealed",
        "collecting_accounts.login_sealed",
        "consents.login_sealed",
        "console_people.second_factor_sealed",
        "signing_keys.private_sealed",
    ] {
        assert!(of(&done, column) > 0, "{column}: {done:?}");
    }
    assert!(
        reseal_all(gateway)
            .await?
            .columns
            .iter()
            .all(|(_, anew)| *anew == 0),
        "once"
    );
    let early = standing::retire(&gateway.app, "seal-1").await.unwrap_err();
    assert!(early.to_string().contains("successor"), "{early}");
    let current = standing::retire(&gateway.app, "seal-2").await.unwrap_err();
    assert!(current.to_string().contains("it seals"), "{current}");
    gateway.advance(SignedDuration::from_hours(72)).await?;
    standing::retire(&gateway.app, "seal-1").await?;
    let gone = standing::retire(&gateway.app, "seal-1").await.unwrap_err();
    assert!(matches!(gone, KeysError::NoKey(_)), "{gone}");
    let left = standing::list(&gateway.app).await?;
    assert_eq!(left.len(), 1);
    assert!(
        left[0].seals
            && left[0]
                .sealed
                .iter()
                .any(|(name, _)| *name == "consents.login_sealed")
    );
    // Another node, which never had the old key.
    let node = gateway.node().await?;
    assert!(login_of(&node.app, &consent).await?.is_some());
    paid_plain(gateway).await?;
    Ok(())
}

async fn a_walk_that_died_half_way_is_made_again_and_goes_on(gateway: &TestGateway) -> Result<()> {
    replace_key(gateway).await?;
    let app = gateway.app.clone();
    let died = tokio::spawn(async move {
        let mut told = |column: &'static str, _| assert_ne!(column, "accounts.next_secret_sealed");
        reseal(&app, &mut told).await
    });
    assert!(died.await.is_err(), "it died behind the secrets");
    let done = reseal_all(gateway).await?;
    assert_eq!(of(&done, "accounts.secret_sealed"), 0, "done before");
    assert!(of(&done, "collecting_accounts.login_sealed") > 0, "{done:?}");
    assert!(standing::list(&gateway.app).await?[0].sealed.is_empty());
    paid_plain(gateway).await?;
    Ok(())
}

async fn a_key_is_kept_as_long_as_an_account_link_needs_it(gateway: &TestGateway) -> Result<()> {
    let login = json!({"Username": USERNAME, "Password": PASSWORD});
    let path = "/v1/com/services/servipag.com/token";
    let made = gateway.call("POST", path, Some(login)).await?.json();
    let link = made["Data"]["AccountLink"].clone();
    anyhow::ensure!(link.is_string(), "{made}");
    replace_key(gateway).await?;
    reseal_all(gateway).await?;
    gateway.advance(SignedDuration::from_hours(96)).await?;
    let refused = standing::retire(&gateway.app, "seal-1").await.unwrap_err();
    assert!(refused.to_string().contains("account links"), "{refused}");
    let first = standing::list(&gateway.app).await?.remove(0);
    let until = first.links_until.context("no links")?;
    let request = json!({"RequestData": {"AccountCredential": {"AccountLink": link}}});
    let path = "/v1/com/services/servipag.com/service-accounts";
    let answer = gateway.call("POST", path, Some(request)).await?.json();
    assert_eq!(answer["Status"], "OK", "{answer}");
    gateway
        .clock
        .advance_ms((until.as_millisecond() - gateway.clock.now().as_millisecond()).max(0));
    standing::retire(&gateway.app, "seal-1").await?;
    Ok(())
}

async fn a_value_that_no_key_opens_is_told_and_left(gateway: &TestGateway) -> Result<()> {
    let uuid = account_in_pesos(gateway).await?;
    let wanted = uuid.clone();
    let damaged = gateway.app.db.write("test.damage", move |tx| {
        let damaged: &[u8] = &[1, 0, 1, 7];
        tx.exec(DAMAGE, &[damaged.into(), wanted.as_str().into()])
    });
    let damaged: Result<u64, ayni_store::error::StoreError> = damaged.await;
    assert_eq!(damaged?, 1);
    keys::rotate(&gateway.app).await?;
    gateway.clock.advance_ms(61_000);
    let done = reseal_all(gateway).await?;
    assert_eq!(done.unopened.len(), 1);
    assert!(
        done.unopened[0].starts_with("collecting_accounts.login_sealed "),
        "{done:?}"
    );
    gateway.clock.advance_ms(3 * 3_600_000);
    let refused = standing::retire(&gateway.app, "seal-1").await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("1 of collecting_accounts.login_sealed"),
        "{refused}"
    );
    Ok(())
}

const DAMAGE: &str = "UPDATE collecting_accounts SET login_sealed = $1 WHERE uuid = $2";
