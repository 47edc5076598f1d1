//! Making an access token: what it says, signed, and the row that says whether it holds.

use ayni_crypto::token::{Claims, sign};
use ayni_domain::ids::AccountId;
use ayni_domain::oauth::scope::Scopes;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use zeroize::Zeroizing;

use super::answer::OAuthError;
use super::{issuer, keys};
use crate::app::App;

/// Whom a token is for.
pub(crate) struct Subject {
    /// The account that may use it.
    pub(crate) account: AccountId,
    /// The client; absent in the link flow with an API key.
    pub(crate) client: Option<String>,
    /// The family that it is revoked with.
    pub(crate) family: Option<String>,
    /// The consent behind it, and what the token calls the person.
    pub(crate) consent: Option<(String, String)>,
    /// What it opens.
    pub(crate) scopes: Scopes,
}

/// A token, and its row that is not stored yet.
pub(crate) struct Issued {
    /// The JWT.
    pub(crate) token: Zeroizing<String>,
    /// What is to be stored of it.
    pub(crate) row: TokenRow,
}

/// What is stored of a token.
#[derive(Clone)]
pub(crate) struct TokenRow {
    pub(super) id: String,
    pub(super) account: AccountId,
    pub(super) client: Option<String>,
    pub(super) family: Option<String>,
    pub(super) consent: Option<String>,
    pub(super) expires_at: Timestamp,
}

/// A successful answer of the token endpoint (RFC 6749, 5.1).
#[derive(Serialize)]
pub(super) struct TokenAnswer<'a> {
    pub(super) access_token: &'a str,
    pub(super) token_type: &'static str,
    pub(super) expires_in: i64,
    pub(super) scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<&'a str>,
}

/// Makes a token that works for `life`.
pub(crate) async fn issue(app: &App, subject: Subject, life: SignedDuration) -> Result<Issued, OAuthError> {
    let key = keys::current(app).await?;
    let now = app.clock.now();
    let expires_at = now.saturating_add(life).unwrap_or(Timestamp::MAX);
    let id = app.entropy.uuid().to_string();
    let client_id = subject
        .client
        .clone()
        .unwrap_or_else(|| format!("account-{}", subject.account));
    let (consent, name) = subject.consent.unzip();
    let claims = Claims {
        iss: issuer(app),
        aud: issuer(app),
        sub: name.unwrap_or_else(|| client_id.clone()),
        client_id,
        scope: subject.scopes.to_string(),
        jti: id.clone(),
        iat: now.as_second(),
        exp: expires_at.as_second(),
    };
    Ok(Issued {
        token: Zeroizing::new(sign(&claims, &key)?),
        row: TokenRow {
            id,
            account: subject.account,
            client: subject.client,
            family: subject.family,
            consent,
            expires_at,
        },
    })
}
