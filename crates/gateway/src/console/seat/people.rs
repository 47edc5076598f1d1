//! The people behind e-mails: their passwords.

use ayni_domain::email;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;
use zeroize::Zeroizing;

use super::passwords::{self, ComputeError, Weakness};
use super::sql;
use crate::app::App;

/// Why a person's password was not set.
#[derive(Debug, Error)]
pub enum PersonError {
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// The text is no e-mail address.
    #[error("«{0}» is no e-mail address")]
    NotAnEmail(String),
    /// The password is too weak.
    #[error(transparent)]
    Weak(#[from] Weakness),
    /// It could not be computed.
    #[error(transparent)]
    Compute(#[from] ComputeError),
}

/// Sets a person's password and ends all sessions of the person.
///
/// # Errors
/// [`PersonError::Weak`] for a password that is not taken.
pub async fn set_password(app: &App, address: &str, chosen: &str) -> Result<(), PersonError> {
    if !email::is_valid(address) {
        return Err(PersonError::NotAnEmail(address.to_owned()));
    }
    let address = address.to_lowercase();
    passwords::check(chosen, &address)?;
    let hash = app
        .passwords
        .hash(&app.entropy, Zeroizing::new(chosen.to_owned()))
        .await?;
    let now = app.clock.now();
    app.db
        .write("console.set-password", move |tx| {
            store(tx, &address, &hash, None, now)
        })
        .await?;
    Ok(())
}

/// Whether the person has a password.
pub async fn has_password(app: &App, address: &str) -> Result<bool, StoreError> {
    let address = address.to_lowercase();
    let stored = app
        .db
        .point("console.password", move |tx| sql::select_password(tx, &address))
        .await?;
    Ok(stored.is_some())
}

/// Writes a password, and ends the person's sessions but the one that is to stay.
pub(super) fn store(
    tx: &mut Tx<'_>,
    email: &str,
    hash: &str,
    stays: Option<&[u8; 32]>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::upsert_password(tx, email, hash, now)?;
    sql::delete_links_of(tx, email)?;
    sql::delete_sessions_but(tx, email, stays.unwrap_or(&[0; 32]))
}
