//! `POST /oauth/par` (RFC 9126): a client tells its request here first, so that the browser carries nothing but a name of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ayni_domain::oauth::PUSHED_LIFE;
use ayni_domain::oauth::error::Refusal;
use serde_json::json;

use super::answer::{OAuthError, unstored};
use super::authorize::{URN, read};
use super::credentials;
use super::form::ClientForm;
use crate::app::Shared;
use crate::consents::authorization::{self, Kind, New};

/// Checks the whole request as the page would, and keeps it for 90 seconds.
pub(super) async fn push(State(app): State<Shared>, form: ClientForm) -> Result<Response, OAuthError> {
    let client = credentials::check(&app, &form.presented).await?;
    if form.params.optional("request_uri")?.is_some() {
        return Err(Refusal::request("a pushed request has no request_uri").into());
    }
    let asked = read(&app, &client, &form.params).map_err(|refused| refused.refusal)?;
    let new = New {
        kind: Kind::Pushed,
        account: Some(client.account),
        client: Some(client.id),
        asked,
        browser_hash: None,
        life: PUSHED_LIFE,
    };
    let token = authorization::begin(&app, new).await?;
    let told = json!({ "request_uri": format!("{URN}{token}"), "expires_in": PUSHED_LIFE.as_secs() });
    Ok(unstored((StatusCode::CREATED, axum::Json(told)).into_response()))
}
