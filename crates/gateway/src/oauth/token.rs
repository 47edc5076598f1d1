//! `POST /oauth/token`: a client proves who it is and gets a token.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::oauth::ACCESS_LIFE;
use ayni_domain::oauth::client::may_use;
use ayni_domain::oauth::error::{Code, Refusal};
use ayni_domain::oauth::token::{TokenRequest, check_resource};

use super::answer::{self, OAuthError};
use super::clients::Client;
use super::form::ClientForm;
use super::issue::{Subject, TokenAnswer, issue};
use super::{credentials, issuer, sql};
use crate::app::{App, Shared};

/// Reads the request, checks the client, and gives what the grant gives.
pub(super) async fn exchange(State(app): State<Shared>, form: ClientForm) -> Result<Response, OAuthError> {
    let client = credentials::check(&app, &form.presented).await?;
    let request = TokenRequest::read(&form.params)?;
    may_use(request.grant(), client.is_public())?;
    check_resource(&form.params, &issuer(&app))?;
    match request {
        TokenRequest::ClientCredentials { scope } => for_itself(&app, &client, scope).await,
        TokenRequest::AuthorizationCode { .. } | TokenRequest::RefreshToken { .. } => {
            Err(Refusal::new(Code::UnsupportedGrantType, "this grant is not served yet").into())
        }
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
