//! `ayni keys rotate`: nothing that is out stops working, and what is sealed later is sealed with the new key.

use anyhow::{Context as _, Result};
use ayni_gateway::consents::login_of;
use ayni_gateway::oauth::access::open_token;
use ayni_gateway::{keys, oauth};
use ayni_testkit::client::{PASSWORD, USERNAME, register};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use jiff::SignedDuration;
use serde_json::{Value, json};

on_both_engines!(
    what_was_sealed_and_signed_before_a_rotation_works_after_it,
    a_new_data_key_is_known_for_a_minute_before_it_seals,
);

async fn what_was_sealed_and_signed_before_a_rotation_works_after_it(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let (access, refresh) = client.tokens(gateway, &mut Person::at(gateway)).await?;
    let login = json!({"Username": USERNAME, "Password": PASSWORD});
    let link = call(gateway, "token", login).await?["Data"]["AccountLink"].clone();
    for _ in 0..2 {
        keys::rotate(&gateway.app).await?;
        oauth::keys::rotate(&gateway.app).await?;
        gateway.advance(SignedDuration::from_secs(61)).await?;
    }
    let consent = open_token(&gateway.app, &access)
        .await?
        .consent
        .context("no consent")?;
    assert!(login_of(&gateway.app, &consent).await?.is_some());
    assert_eq!(client.refresh(gateway, &refresh).await?.status, 200);
    let request = json!({"RequestData": {"AccountCredential": {"AccountLink": link}}});
    let accounts = call(gateway, "service-accounts", request).await?;
    assert_eq!(accounts["Status"], "OK", "{accounts}");
    Ok(())
}

async fn a_new_data_key_is_known_for_a_minute_before_it_seals(gateway: &TestGateway) -> Result<()> {
    let sealed_by = || Ok::<_, anyhow::Error>(gateway.app.keyring.seal("test", b"x")?[..3].to_vec());
    assert_eq!(sealed_by()?, [1, 0, 1]);
    assert_eq!(keys::rotate(&gateway.app).await?, "seal-2");
    gateway.advance(SignedDuration::from_secs(59)).await?;
    assert_eq!(sealed_by()?, [1, 0, 1], "another node may not know it yet");
    gateway.advance(SignedDuration::from_secs(1)).await?;
    assert_eq!(sealed_by()?, [1, 0, 2]);
    Ok(())
}

async fn call(gateway: &TestGateway, operation: &str, body: Value) -> Result<Value> {
    let path = format!("/v1/com/services/servipag.com/{operation}");
    Ok(gateway.call("POST", &path, Some(body)).await?.json())
}
