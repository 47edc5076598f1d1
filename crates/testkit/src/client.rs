//! A client program of the authorization server, written as plainly as one can be.

use anyhow::{Context as _, Result, ensure};
use ayni_crypto::digest::sha256_base64url;
use ayni_domain::ids::AccountId;
use ayni_domain::oauth::scope::Scopes;
use ayni_gateway::oauth::clients::{self, NewClient};
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::gateway::TestGateway;
use crate::http::{self, Answer};
use crate::person::Person;

/// Where the tests' clients are registered to be answered.
pub const REDIRECT_URI: &str = "http://127.0.0.1/callback";
/// Where they are answered: a loopback port is theirs to choose.
pub const ANSWERED_AT: &str = "http://127.0.0.1:49152/callback";
/// The proof of every code; a real client draws a new one each time.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// A user of Servipag's portal, and of no other.
pub const USERNAME: &str = "11.111.111-1";
/// That user's password.
pub const PASSWORD: &str = "wxyz1234!@#$";

/// A client, with what it needs to present itself.
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret; a public client has none.
    pub secret: Option<String>,
}

/// Makes a client of the developer account that may ask for everything.
pub async fn register(gateway: &TestGateway, is_public: bool) -> Result<Client> {
    register_for(gateway, gateway.receiver_id, is_public, "").await
}

/// Makes a client of an account; no scopes: all of them.
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
        let pairs = [("grant_type", "client_credentials")];
        let answer = self.post(gateway, "/oauth/token", &pairs).await?;
        text_of(&answer.json(), "access_token")
    }

    /// The address to which it sends people, for this scope.
    pub fn authorize_path(&self, scope: &str) -> String {
        self.authorize_path_with(&[("scope", Some(scope))])
    }

    /// The same with some parameters otherwise, or left out.
    pub fn authorize_path_with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let challenge = sha256_base64url(VERIFIER.as_bytes());
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", self.id.as_str()),
            ("redirect_uri", ANSWERED_AT),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("state", "st&te=1"),
        ];
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            pairs.extend(value.map(|value| (*name, value)));
        }
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        format!("/oauth/authorize?{query}")
    }

    /// A code: the person logs in to Servipag, says yes and goes back.
    pub async fn code(&self, person: &mut Person) -> Result<String> {
        person.open(&self.authorize_path("com_services_servipag")).await?;
        let page = person.log_in(USERNAME, PASSWORD).await?;
        ensure!(page == "consent", "after the login: {}", person.html());
        let page = person.submit("#yes", &[]).await?;
        ensure!(page == "consented", "after the consent: {}", person.html());
        self.go_back(person).await
    }

    /// From the last page back to the client: the code of the answer.
    pub async fn go_back(&self, person: &mut Person) -> Result<String> {
        let link = person.attribute("#return", "href").context("no way back")?;
        person.open(&link).await?;
        let left_to = person.left_to().context("not sent back")?;
        let code = query_of(left_to, "code").with_context(|| format!("no code in {left_to}"))?;
        Ok(code)
    }

    /// The answer to a code.
    pub async fn exchange(&self, gateway: &TestGateway, code: &str) -> Result<Answer> {
        let pairs = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", ANSWERED_AT),
            ("code_verifier", VERIFIER),
        ];
        self.post(gateway, "/oauth/token", &pairs).await
    }

    /// Access and refresh token that a person's consent wins.
    pub async fn tokens(&self, gateway: &TestGateway, person: &mut Person) -> Result<(String, String)> {
        let code = self.code(person).await?;
        let answer = self.exchange(gateway, &code).await?.json();
        Ok((
            text_of(&answer, "access_token")?,
            text_of(&answer, "refresh_token")?,
        ))
    }

    /// The answer to a refresh token.
    pub async fn refresh(&self, gateway: &TestGateway, token: &str) -> Result<Answer> {
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post(gateway, "/oauth/token", &pairs).await
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
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    gateway.send(request.body(body.into())?).await
}

/// A text of an answer, which must be there.
pub fn text_of(json: &Value, key: &str) -> Result<String> {
    let text = json[key]
        .as_str()
        .with_context(|| format!("no {key} in {json}"))?;
    Ok(text.to_owned())
}

/// A parameter of an address.
pub fn query_of(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let found = url.query_pairs().find(|(known, _)| known == name);
    found.map(|(_, value)| value.into_owned())
}
