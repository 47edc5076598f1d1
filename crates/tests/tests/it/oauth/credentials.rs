//! Client credentials: a client proves who it is and gets a token for itself.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_gateway::oauth::clients;
use ayni_testkit::client::{Client, post, register, register_for};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

on_both_engines!(
    a_client_gets_a_token_for_all_or_some_of_its_scopes,
    a_client_presents_itself_in_the_header_or_in_the_form,
    whoever_does_not_prove_to_be_the_client_gets_nothing,
    a_request_that_is_not_a_token_request_is_refused_in_the_standards_words,
    the_metadata_names_every_endpoint_and_the_keys_verify_the_tokens,
);

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

async fn a_client_gets_a_token_for_all_or_some_of_its_scopes(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let all = clients::known_scopes(&gateway.app).to_string();
    assert!(all.contains("com_services_servipag"), "{all}");
    for (scope, granted) in [
        (None, all.as_str()),
        (Some("com_services_servipag"), "com_services_servipag"),
    ] {
        let mut pairs = vec![GRANT];
        pairs.extend(scope.map(|scope| ("scope", scope)));
        let answer = client.post(gateway, "/oauth/token", &pairs).await?;
        let body = answer.json();
        assert_eq!(answer.status, 200, "{body}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(
            (body["token_type"].as_str(), body["expires_in"].as_i64()),
            (Some("Bearer"), Some(3600))
        );
        assert_eq!(body["scope"].as_str(), Some(granted));
        assert!(body.get("refresh_token").is_none());
    }
    let narrow = register_for(gateway, gateway.receiver_id, false, "com_services_servipag").await?;
    let more = [GRANT, ("scope", "cl_banking_personal_demobank")];
    let answer = narrow.post(gateway, "/oauth/token", &more).await?;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (400, &json!("invalid_scope"))
    );
    Ok(())
}

async fn a_client_presents_itself_in_the_header_or_in_the_form(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let basic = basic(&client, client.secret.as_deref().unwrap_or_default());
    let by_header = post(gateway, "/oauth/token", &[GRANT], &[("authorization", &basic)]).await?;
    assert_eq!(by_header.status, 200, "{}", by_header.text());
    let by_form = client.post(gateway, "/oauth/token", &[GRANT]).await?;
    assert_eq!(by_form.status, 200, "{}", by_form.text());
    let secret = client.secret.as_deref().unwrap_or_default();
    let both = [GRANT, ("client_secret", secret)];
    let by_both = post(gateway, "/oauth/token", &both, &[("authorization", &basic)]).await?;
    assert_eq!(
        (by_both.status.as_u16(), &by_both.json()["error"]),
        (400, &json!("invalid_request"))
    );
    Ok(())
}

async fn whoever_does_not_prove_to_be_the_client_gets_nothing(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let wrong = basic(&client, "wrong");
    let answer = post(gateway, "/oauth/token", &[GRANT], &[("authorization", &wrong)]).await?;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (401, &json!("invalid_client"))
    );
    assert!(
        answer
            .header("www-authenticate")
            .is_some_and(|scheme| scheme.starts_with("Basic"))
    );

    let id = client.id.as_str();
    for pairs in [
        vec![GRANT],
        vec![GRANT, ("client_id", id)],
        vec![GRANT, ("client_id", id), ("client_secret", "wrong")],
        vec![GRANT, ("client_id", "nobody"), ("client_secret", "wrong")],
    ] {
        let answer = post(gateway, "/oauth/token", &pairs, &[]).await?;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (401, &json!("invalid_client")),
            "{pairs:?}"
        );
    }
    clients::expire(&gateway.app, AccountId(gateway.receiver_id), id).await?;
    let answer = client.post(gateway, "/oauth/token", &[GRANT]).await?;
    assert_eq!(answer.status, 401, "an expired client");
    Ok(())
}

async fn a_request_that_is_not_a_token_request_is_refused_in_the_standards_words(
    gateway: &TestGateway,
) -> Result<()> {
    let (client, public) = (register(gateway, false).await?, register(gateway, true).await?);
    for (pairs, error) in [
        (vec![], "invalid_request"),
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![GRANT, GRANT], "invalid_request"),
        (
            vec![GRANT, ("resource", "https://other.example")],
            "invalid_target",
        ),
        (vec![("grant_type", "refresh_token")], "invalid_request"),
    ] {
        let answer = client.post(gateway, "/oauth/token", &pairs).await?;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (400, &json!(error)),
            "{pairs:?}"
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let answer = public.post(gateway, "/oauth/token", &[GRANT]).await?;
    assert_eq!(answer.json()["error"], "unauthorized_client");
    let json = gateway
        .call(
            "POST",
            "/oauth/token",
            Some(json!({"grant_type": "client_credentials"})),
        )
        .await?;
    assert_eq!(
        (json.status.as_u16(), &json.json()["error"]),
        (400, &json!("invalid_request"))
    );
    Ok(())
}

async fn the_metadata_names_every_endpoint_and_the_keys_verify_the_tokens(
    gateway: &TestGateway,
) -> Result<()> {
    let metadata = gateway
        .call_as("GET", "/.well-known/oauth-authorization-server", &[])
        .await?
        .json();
    let issuer = format!("http://{}", gateway.address);
    assert_eq!(metadata["issuer"], issuer.as_str());
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(
        metadata["token_endpoint"],
        format!("{issuer}/oauth/token").as_str()
    );
    let keys = gateway.call_as("GET", "/oauth/jwks.json", &[]).await?.json();
    let keys = keys["keys"].as_array().cloned().unwrap_or_default();
    assert_eq!(keys.len(), 2, "the current key and the next one");
    for key in &keys {
        assert_eq!(
            (&key["kty"], &key["crv"], &key["alg"]),
            (&json!("EC"), &json!("P-256"), &json!("ES256"))
        );
        assert!(key.get("d").is_none(), "a private key was published");
    }
    Ok(())
}

fn basic(client: &Client, secret: &str) -> String {
    let text = format!("{}:{}", client.id, secret);
    format!("Basic {}", base64(text.as_bytes()))
}

/// RFC 4648, so that the test needs no more than it has.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk
            .iter()
            .fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let is_there = place <= chunk.len();
            let at = (number >> (18 - 6 * place)) & 0x3f;
            text.push(if is_there {
                char::from(LETTERS[at as usize])
            } else {
                '='
            });
        }
    }
    text
}
