//! A client program, as a test drives it.

use anyhow::{Context as _, Result};
use ayni_domain::ids::AccountId;
use ayni_domain::oauth::scope::Scopes;
use ayni_gateway::oauth::clients::{self, NewClient};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::{self, Answer};
use serde_json::Value;

/// Where the tests' clients are answered.
pub const REDIRECT_URI: &str = "http://127.0.0.1/callback";

/// A client of the developer account, with what it needs to present itself.
pub struct Client {
    pub id: String,
    pub secret: Option<String>,
}

/// Makes a client of the developer account that may ask for everything.
pub async fn register(gateway: &TestGateway, is_public: bool) -> Result<Client> {
    register_for(gateway, gateway.receiver_id, is_public, "").await
}

/// Makes a client of an account.
pub async fn register_for(
    gateway: &TestGateway,
    account: i64,
    is_public: bool,
    scopes: &str,
) -> Result<Client> {
    let new = NewClient {
        account: AccountId(account),
        name: "Cuentas Claras".to_owned(),
        is_public,
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        scopes: Scopes::parse(scopes)?,
    };
    let (client, secret) = clients::create(&gateway.app, new).await?;
    Ok(Client {
        id: client.id,
        secret: secret.map(|secret| secret.to_string()),
    })
}

impl Client {
    /// Posts a form with the client's id and secret in it.
    pub async fn post(&self, gateway: &TestGateway, path: &str, pairs: &[(&str, &str)]) -> Result<Answer> {
        let mut all = vec![("client_id", self.id.as_str())];
        all.extend(self.secret.as_deref().map(|secret| ("client_secret", secret)));
        all.extend_from_slice(pairs);
        post(gateway, path, &all, &[]).await
    }

    /// A token for itself, with everything it may have.
    pub async fn token(&self, gateway: &TestGateway) -> Result<String> {
        let answer = self
            .post(gateway, "/oauth/token", &[("grant_type", "client_credentials")])
            .await?;
        text_of(&answer.json(), "access_token")
    }
}

/// Posts a form.
pub async fn post(
    gateway: &TestGateway,
    path: &str,
    pairs: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Result<Answer> {
    let mut request = http::request("POST", &gateway.address, path)
        .header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect::<Vec<_>>()
        .join("&");
    gateway.send(request.body(body.into())?).await
}

/// Percent-encoded for forms and addresses.
pub fn encoded(text: &str) -> String {
    let keeps = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| match keeps(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

/// A text of an answer, which must be there.
pub fn text_of(json: &Value, key: &str) -> Result<String> {
    let text = json[key]
        .as_str()
        .with_context(|| format!("no {key} in {json}"))?;
    Ok(text.to_owned())
}
