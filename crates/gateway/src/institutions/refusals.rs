//! Logins that a site refused: after three for one user within an hour, from whichever caller and on whichever node, that
//! user is not tried again until the hour is over, so that a site does not block a person because of us.
//!
//! A user is known by a keyed digest: neither the database nor its backup tells who it is.

use ayni_domain::site::refusal::{self, WINDOW};
use ayni_store::error::StoreError;

use super::sql;
use crate::app::App;

/// The digest of a user of an institution.
pub fn user_hash(app: &App, institution: &str, username: &str) -> String {
    let text = format!("{institution}\n{}", refusal::normalised(username));
    app.keyring.derive_hex("site-user", text.as_bytes())
}

/// Whether this user must not be tried now.
pub async fn is_barred(app: &App, user_hash: &str) -> Result<bool, StoreError> {
    let (user, now) = (user_hash.to_owned(), app.clock.now());
    let since = now.saturating_sub(WINDOW).unwrap_or(now);
    let refused_at = app
        .db
        .point("refusals.count", move |tx| sql::select_refusals(tx, &user, since))
        .await?;
    Ok(refusal::is_barred(&refused_at, now))
}

/// Remembers that the site refused this user's login now.
pub async fn record(app: &App, user_hash: &str) -> Result<(), StoreError> {
    let (user, now) = (user_hash.to_owned(), app.clock.now());
    let id = app.entropy.uuid().to_string();
    app.db
        .append("refusals.record", move |tx| {
            sql::insert_refusal(tx, &user, now, &id)
        })
        .await
}

/// Deletes what no longer counts.
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let until = now.saturating_sub(WINDOW).unwrap_or(now);
    app.db
        .append("refusals.forget", move |tx| sql::delete_refusals(tx, until))
        .await
}
