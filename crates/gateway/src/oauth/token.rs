//! `POST /oauth/token`: a client proves who it is and gets tokens.

use axum::extract::State;
use axum::response::Response;
use ayni_crypto::digest::{sha256, sha256_base64url};
use ayni_domain::oauth::ACCESS_LIFE;
use ayni_domain::oauth::client::may_use;
use ayni_domain::oauth::error::Refusal;
use ayni_domain::oauth::pkce::{Challenge, Verifier};
use ayni_domain::oauth::scope::Scopes;
use ayni_domain::oauth::token::{TokenRequest, check_resource};
use jiff::Timestamp;

use super::answer::{self, OAuthError};
use super::clients::Client;
use super::family::{self, Family, Spent};
use super::form::ClientForm;
use super::issue::{Subject, TokenAnswer, issue};
use super::{credentials, issuer, sql};
use crate::app::{App, Shared};

/// A code's row, and the family that it opens.
pub(super) struct CodeRow {
    pub(super) redirect_uri: String,
    pub(super) challenge: Challenge,
    pub(super) expires_at: Timestamp,
    pub(super) is_used: bool,
    pub(super) family: Family,
}

/// A refresh token's row, and the family that it belongs to.
pub(super) struct RefreshRow {
    pub(super) expires_at: Timestamp,
    pub(super) is_used: bool,
    pub(super) family: Family,
}

/// Reads the request, checks the client, and gives what the grant gives.
pub(super) async fn exchange(State(app): State<Shared>, form: ClientForm) -> Result<Response, OAuthError> {
    let client = credentials::check(&app, &form.presented).await?;
    let request = TokenRequest::read(&form.params)?;
    may_use(request.grant(), client.is_public())?;
    check_resource(&form.params, &issuer(&app))?;
    match request {
        TokenRequest::ClientCredentials { scope } => for_itself(&app, &client, scope).await,
        TokenRequest::AuthorizationCode {
            code,
            redirect_uri,
            verifier,
        } => for_code(&app, &client, code, redirect_uri, &verifier).await,
        TokenRequest::RefreshToken { token, scope } => refreshed(&app, &client, token, scope).await,
    }
}

/// Client credentials: no person, no refresh token.
async fn for_itself(app: &App, client: &Client, scope: Option<&str>) -> Result<Response, OAuthError> {
    let scopes = client.scopes.granted(scope)?;
    let subject = Subject {
        account: client.account,
        client: Some(client.id.clone()),
        family: None,
        consent: None,
        scopes: scopes.clone(),
    };
    let issued = issue(app, subject, ACCESS_LIFE).await?;
    let row = issued.row;
    app.db
        .append("oauth.issue", move |tx| sql::insert_token(tx, &row))
        .await?;
    Ok(answer::ok(&TokenAnswer {
        access_token: &issued.token,
        token_type: "Bearer",
        expires_in: ACCESS_LIFE.as_secs(),
        scope: scopes.to_string(),
        refresh_token: None,
    }))
}

/// A code works once, for 60 seconds, for the client that it was given to, with the verifier of its challenge. A second
/// use revokes what the first one gave (OAuth 2.1, 4.1.3).
async fn for_code(
    app: &App,
    client: &Client,
    code: &str,
    redirect_uri: Option<&str>,
    verifier: &Verifier<'_>,
) -> Result<Response, OAuthError> {
    let hash = sha256(code.as_bytes());
    let found = app
        .db
        .point("oauth.code", move |tx| sql::select_code(tx, &hash))
        .await?;
    let row = found
        .filter(|row| row.family.client == client.id)
        .ok_or_else(Refusal::grant)?;
    if row.is_used {
        family::revoke(app, &row.family).await?;
        return Err(Refusal::grant().into());
    }
    let is_elsewhere = redirect_uri.is_some_and(|uri| uri != row.redirect_uri);
    if is_elsewhere || row.expires_at <= app.clock.now() {
        return Err(Refusal::grant().into());
    }
    row.challenge
        .check(&sha256_base64url(verifier.as_str().as_bytes()))?;
    let scopes = row.family.scopes.clone();
    give(app, row.family, Spent::Code(hash), scopes).await
}

/// A refresh token works once. A second use revokes its family, also where only the first answer was lost: nobody can
/// tell that from theft, so the person is asked again.
async fn refreshed(
    app: &App,
    client: &Client,
    token: &str,
    scope: Option<&str>,
) -> Result<Response, OAuthError> {
    let hash = sha256(token.as_bytes());
    let found = app
        .db
        .point("oauth.refresh", move |tx| sql::select_refresh_token(tx, &hash))
        .await?;
    let row = found
        .filter(|row| row.family.client == client.id)
        .ok_or_else(Refusal::grant)?;
    if row.is_used {
        family::revoke(app, &row.family).await?;
        return Err(Refusal::grant().into());
    }
    if row.expires_at <= app.clock.now() {
        return Err(Refusal::grant().into());
    }
    let scopes = row.family.scopes.granted(scope)?;
    give(app, row.family, Spent::Refresh(hash), scopes).await
}

async fn give(app: &App, family: Family, spent: Spent, scopes: Scopes) -> Result<Response, OAuthError> {
    let given = family::give(app, family, spent, scopes.clone()).await?;
    Ok(answer::ok(&TokenAnswer {
        access_token: &given.access,
        token_type: "Bearer",
        expires_in: given.access_life.as_secs(),
        scope: scopes.to_string(),
        refresh_token: Some(&given.refresh),
    }))
}
