//! A token, opened at each use: forged, foreign, expired and revoked ones open nothing.

use anyhow::Result;
use ayni_crypto::token::signing::SigningKey;
use ayni_crypto::token::{Claims, sign};
use ayni_domain::ids::AccountId;
use ayni_gateway::oauth::access::{Grant, TokenRefused, open_token};
use ayni_gateway::oauth::{clients, keys};
use ayni_testkit::client::register;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;
use serde_json::{Value, json};

on_both_engines!(
    a_token_opens_its_account_with_its_scopes_for_an_hour,
    a_token_of_before_a_rotation_of_keys_still_opens,
    a_token_of_a_client_that_was_ended_opens_nothing,
    forged_and_foreign_tokens_open_nothing,
);

async fn a_token_opens_its_account_with_its_scopes_for_an_hour(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let token = client.token(gateway).await?;
    let grant: Grant = open_token(&gateway.app, &token).await?;
    assert_eq!(grant.account.id.0, gateway.receiver_id);
    assert_eq!(grant.client_id, client.id);
    assert!(grant.scopes.has("com_services_servipag") && grant.consent.is_none());
    gateway.advance(SignedDuration::from_secs(3599)).await?;
    assert!(open_token(&gateway.app, &token).await.is_ok());
    gateway.clock.advance_ms(1000);
    let refused = open_token(&gateway.app, &token).await;
    assert!(matches!(refused, Err(TokenRefused::Expired)), "{refused:?}");
    Ok(())
}

async fn a_token_of_before_a_rotation_of_keys_still_opens(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let before = client.token(gateway).await?;
    let published = keys::published(&gateway.app).await?;
    let signs_now = keys::rotate(&gateway.app).await?;
    let was_published = published.keys.iter().any(|key| key.kid == signs_now);
    assert!(was_published, "the next key was published before it signed");
    assert_eq!(keys::published(&gateway.app).await?.keys.len(), 3);
    let after = client.token(gateway).await?;
    for token in [&before, &after] {
        assert!(open_token(&gateway.app, token).await.is_ok());
    }
    gateway.advance(SignedDuration::from_hours(2)).await?;
    assert_eq!(
        keys::published(&gateway.app).await?.keys.len(),
        2,
        "the past key's tokens are over"
    );
    Ok(())
}

async fn a_token_of_a_client_that_was_ended_opens_nothing(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let token = client.token(gateway).await?;
    clients::expire(&gateway.app, AccountId(gateway.receiver_id), &client.id).await?;
    let refused = open_token(&gateway.app, &token).await;
    assert!(matches!(refused, Err(TokenRefused::Revoked)), "{refused:?}");
    Ok(())
}

async fn forged_and_foreign_tokens_open_nothing(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let token = client.token(gateway).await?;
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let claims: Claims = serde_json::from_slice(&unbase64(payload))?;
    let (stranger, _) = SigningKey::generate()?;
    let header_with =
        |alg: &str, kid: Value| base64(&json!({"typ": "at+jwt", "alg": alg, "kid": kid}).to_string());
    let kid: Value = serde_json::from_slice::<Value>(&unbase64(header))?["kid"].clone();
    let richer = base64(&serde_json::to_string(&Claims {
        scope: "everything".to_owned(),
        ..claims.clone()
    })?);
    let strangers = sign(&claims, &stranger)?;
    let strangers_signature = strangers.rsplit_once('.').map_or("", |(_, signature)| signature);
    for (name, forged) in [
        ("nothing", String::new()),
        ("an API key", gateway.api_key.clone()),
        ("no signature", format!("{header}.{payload}.")),
        (
            "alg none",
            format!("{}.{payload}.", header_with("none", kid.clone())),
        ),
        (
            "alg HS256",
            format!("{}.{payload}.{signature}", header_with("HS256", kid.clone())),
        ),
        ("more scopes", format!("{header}.{richer}.{signature}")),
        ("another's key", strangers.clone()),
        (
            "another's key under our name",
            format!("{header}.{payload}.{strangers_signature}"),
        ),
        (
            "an unknown key's name",
            format!("{}.{payload}.{signature}", header_with("ES256", json!("x"))),
        ),
        (
            "a key's name that is no text",
            format!("{}.{payload}.{signature}", header_with("ES256", json!(1))),
        ),
    ] {
        let refused = open_token(&gateway.app, &forged).await;
        assert!(
            matches!(refused, Err(TokenRefused::Forged)),
            "{name}: {refused:?}"
        );
    }
    assert!(
        open_token(&gateway.app, &token).await.is_ok(),
        "the real one still opens"
    );
    Ok(())
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64(text: &str) -> String {
    let mut out = String::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        (bits, count) = ((bits << 8) | u32::from(byte), count + 8);
        while count >= 6 {
            count -= 6;
            out.push(char::from(LETTERS[((bits >> count) & 63) as usize]));
        }
    }
    if count > 0 {
        out.push(char::from(LETTERS[((bits << (6 - count)) & 63) as usize]));
    }
    out
}

fn unbase64(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes() {
        let value = LETTERS
            .iter()
            .position(|known| *known == letter)
            .unwrap_or_default();
        (bits, count) = ((bits << 6) | u32::try_from(value).unwrap_or_default(), count + 6);
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 255).unwrap_or_default());
        }
    }
    out
}
