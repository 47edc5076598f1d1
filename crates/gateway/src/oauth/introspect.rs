//! `POST /oauth/introspect` (RFC 7662): what a token of one's own account says now.

use axum::extract::State;
use axum::response::Response;
use ayni_crypto::digest::sha256;
use ayni_domain::oauth::error::Refusal;
use serde_json::{Value, json};

use super::access::{self, TokenRefused};
use super::answer::{self, OAuthError};
use super::clients::Client;
use super::form::ClientForm;
use super::{credentials, issuer, sql};
use crate::app::{App, Shared};

/// Tells about a token of the client's account; anything else is `{"active":false}`, whatever the reason.
pub(super) async fn introspect(State(app): State<Shared>, form: ClientForm) -> Result<Response, OAuthError> {
    let client = credentials::check(&app, &form.presented).await?;
    if client.is_public() {
        return Err(Refusal::client().into());
    }
    let token = form.params.required("token", "token is missing")?;
    let told = match of_access_token(&app, &client, token).await? {
        Some(told) => Some(told),
        None => of_refresh_token(&app, &client, token).await?,
    };
    Ok(answer::ok(&told.unwrap_or_else(|| json!({ "active": false }))))
}

async fn of_access_token(app: &App, client: &Client, token: &str) -> Result<Option<Value>, OAuthError> {
    let opened = match access::open(app, token).await {
        Ok(opened) => opened,
        Err(TokenRefused::Store(error)) => return Err(error.into()),
        Err(_) => return Ok(None),
    };
    let holds = access::check(&opened, &issuer(app), app.clock.now()).is_ok();
    let claims = opened.claims;
    let is_own = opened.account.id == client.account;
    Ok((holds && is_own).then(|| {
        json!({
            "active": true, "token_type": "Bearer", "scope": claims.scope, "client_id": claims.client_id,
            "iss": claims.iss, "sub": claims.sub, "aud": claims.aud, "jti": claims.jti,
            "iat": claims.iat, "exp": claims.exp,
        })
    }))
}

async fn of_refresh_token(app: &App, client: &Client, token: &str) -> Result<Option<Value>, OAuthError> {
    let (hash, now) = (sha256(token.as_bytes()), app.clock.now());
    let found = app
        .db
        .point("oauth.introspect", move |tx| sql::select_refresh_token(tx, &hash))
        .await?;
    let holds = found.filter(|row| {
        let family = &row.family;
        let is_over = row.is_used || row.expires_at <= now || family.is_ended || family.ends_at <= now;
        !is_over && family.account == client.account
    });
    Ok(holds.map(|row| {
        json!({
            "active": true, "scope": row.family.scopes.to_string(), "client_id": row.family.client,
            "iss": issuer(app), "sub": row.family.subject, "exp": row.expires_at.as_second(),
        })
    }))
}
