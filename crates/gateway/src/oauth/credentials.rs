//! Is the client who it says to be.

use ayni_crypto::digest::sha256;
use ayni_domain::oauth::client::Presented;
use ayni_domain::oauth::error::Refusal;

use super::answer::OAuthError;
use super::clients::Client;
use super::form::take;
use super::sql;
use crate::app::App;

/// The client, if it proved itself: with its secret or, where it is a public one, with its id alone. It is then held to
/// a rate of its own, which nobody else can use up.
pub(super) async fn check(app: &App, presented: &Presented) -> Result<Client, OAuthError> {
    let refused = || match presented.by_header {
        true => OAuthError::WrongCredentials,
        false => Refusal::client().into(),
    };
    let id = presented.id.clone();
    let found = app
        .db
        .point("oauth.client", move |tx| sql::select_client(tx, &id))
        .await?;
    let client = found.filter(Client::is_live).ok_or_else(refused)?;
    let is_right = match (&client.secret_hash, &presented.secret) {
        (Some(hash), Some(secret)) => *hash == sha256(secret.as_bytes()),
        (None, None) => true,
        _ => false,
    };
    match is_right {
        true => take(app, &format!("oauth-client:{}", client.id)).map(|()| client),
        false => Err(refused()),
    }
}
