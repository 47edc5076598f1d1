//! `POST /oauth/revoke` (RFC 7009): a client gives a token up. What it says is true from then on, on every node.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ayni_crypto::digest::sha256;
use ayni_crypto::token::Unverified;
use ayni_store::error::StoreError;

use super::answer::{OAuthError, unstored};
use super::form::ClientForm;
use super::{credentials, sql};
use crate::app::Shared;

/// Revokes the client's own token; of a refresh token all that came with it. What is not there, or another's, is
/// answered the same way: the client has nothing more to do.
pub(super) async fn revoke(State(app): State<Shared>, form: ClientForm) -> Result<Response, OAuthError> {
    let client = credentials::check(&app, &form.presented).await?;
    let token = form.params.required("token", "token is missing")?;
    let (hash, now) = (sha256(token.as_bytes()), app.clock.now());
    let access_id = Unverified::read(token).ok().map(|read| read.id().to_owned());
    app.db
        .write("oauth.revoke", move |tx| {
            if let Some(id) = &access_id {
                sql::revoke_token(tx, id, &client.id, now)?;
            } else if let Some(row) = sql::select_refresh_token(tx, &hash)?
                && row.family.client == client.id
            {
                sql::revoke_family(tx, &row.family.id, now)?;
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(unstored(StatusCode::OK.into_response()))
}
