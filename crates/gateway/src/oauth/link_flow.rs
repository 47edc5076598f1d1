//! The link flow of Khipu's second generation: an account makes a `LinkToken`, a person consents on the pages that it
//! opens, and the `PublicToken` shown there becomes an `AccessToken` that works as long as the consent.
//!
//! (Khipu, «Access Token»: `/link/token/create`, the widget, `/public/token/exchange`.)

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use ayni_crypto::digest::sha256;
use ayni_domain::fields::NotJson;
use ayni_domain::oauth::AUTHORIZATION_LIFE;
use ayni_domain::oauth::scope::Scopes;
use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::problem::{Problem, What};
use ayni_store::error::StoreError;
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroizing;

use super::answer::OAuthError;
use super::issue::{Subject, issue};
use super::sql;
use crate::app::Shared;
use crate::consents::authorization::{self, Asked, Kind, New};
use crate::consents::{self, Consent};
use crate::http::data_auth::{DataCaller, Grant};
use crate::http::error::ApiError;
use crate::http::json::Body;
use crate::operations::answer;

/// Both calls; to be put behind the data side's authentication.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/link/token/create", post(create))
        .route("/public/token/exchange", post(exchange))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LinkTokenData<'a> {
    link_token: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccessTokenData<'a> {
    access_token: &'a str,
}

/// `{"InstitutionId"}` → `Data.LinkToken`, which opens `/link/{LinkToken}` for half an hour.
async fn create(
    State(app): State<Shared>,
    caller: DataCaller,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let institution = field(&body, "InstitutionId")?;
    refuse_persons(&caller)?;
    if !authorization::can_log_in(&app, &institution) {
        return Err(ApiError::Operation(Fault::with_detail(
            Code::ParameterUnfit,
            "InstitutionId",
        )));
    }
    if let Grant::Token { scopes, .. } = caller.grant()
        && !scopes.has(&institution)
    {
        return Err(ApiError::Forbidden);
    }
    let new = New {
        kind: Kind::Link,
        account: Some(caller.account().id),
        client: None,
        asked: Asked {
            scopes: institution.to_string(),
            ..Asked::default()
        },
        browser_hash: None,
        life: AUTHORIZATION_LIFE,
    };
    let token = authorization::begin(&app, new).await?;
    answer::with_data(&app, &LinkTokenData { link_token: &token })
}

/// `{"PublicToken"}` → `Data.AccessToken`. Once, within 30 minutes, for the account that made the link token.
async fn exchange(
    State(app): State<Shared>,
    caller: DataCaller,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let token = field(&body, "PublicToken")?;
    refuse_persons(&caller)?;
    let (hash, account) = (sha256(token.as_bytes()), caller.account().id);
    let refused = || ApiError::Operation(Fault::with_detail(Code::ParameterUnfit, "PublicToken"));
    let consent = consents::of_public_token(&app, hash, account)
        .await?
        .ok_or_else(refused)?;
    let now = app.clock.now();
    let life = consent.expires_at.duration_since(now);
    let issued = issue(&app, subject(consent), life).await.map_err(fault)?;
    let row = issued.row;
    let was_spent = app
        .db
        .write("oauth.exchange-public-token", move |tx| {
            if consents::spend_public_token(tx, &hash, account, now)?.is_none() {
                return Ok(false);
            }
            sql::insert_token(tx, &row)?;
            Ok::<_, StoreError>(true)
        })
        .await?;
    match was_spent {
        true => answer::with_data(
            &app,
            &AccessTokenData {
                access_token: &issued.token,
            },
        ),
        false => Err(refused()),
    }
}

fn subject(consent: Consent) -> Subject {
    Subject {
        account: consent.account,
        client: None,
        family: None,
        scopes: Scopes::from_iter([consent.scope]),
        consent: Some((consent.id.0, consent.subject)),
    }
}

/// A person's token is not its account's own credential.
fn refuse_persons(caller: &DataCaller) -> Result<(), ApiError> {
    match caller.consent() {
        Some(_) => Err(ApiError::Forbidden),
        None => Ok(()),
    }
}

/// The one text that a body must hold.
fn field(body: &Bytes, name: &'static str) -> Result<Zeroizing<String>, ApiError> {
    let parsed: Value = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        ApiError::NotJson(NotJson::Syntax { line, column })
    })?;
    let wrong = |what: What| ApiError::Parameters(vec![Problem::new(name, what)]);
    match parsed.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(Zeroizing::new(text.clone())),
        None | Some(Value::Null | Value::String(_)) => Err(wrong(What::Missing)),
        Some(_) => Err(wrong(What::NotText)),
    }
}

fn fault(error: OAuthError) -> ApiError {
    match error {
        OAuthError::Store(error) => error.into(),
        other => ApiError::internal(&other),
    }
}
