//! What people agreed to: which account may read which institution, with whose login, until when.
//!
//! The login lies sealed in the consent's row and nowhere else. Withdrawal erases it and revokes every token in the same
//! unit of work.

mod sql;

use ayni_connectors::data::login::Login;
use ayni_crypto::keyring::KeyringError;
use ayni_store::error::StoreError;
use thiserror::Error;

use crate::app::App;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// A consent's UUID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentId(pub String);

/// Why a consent's login could not be opened.
#[derive(Debug, Error)]
pub enum ConsentError {
    /// The database.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// It was sealed for another place, or changed.
    #[error("the consent's login could not be opened")]
    Keyring(#[from] KeyringError),
    /// It is not what this program seals.
    #[error("the consent's login could not be read")]
    Unreadable,
}

/// The institution login behind a consent, while the consent holds; wiped when dropped.
pub async fn login_of(app: &App, consent: &ConsentId) -> Result<Option<Login>, ConsentError> {
    let (id, now) = (consent.0.clone(), app.clock.now());
    let sealed = app
        .db
        .point("consents.login", move |tx| sql::select_login(tx, &id, now))
        .await?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let plain = app.keyring.open(&login_context(consent), &sealed)?;
    let login = serde_json::from_slice(&plain).map_err(|_| ConsentError::Unreadable)?;
    Ok(Some(login))
}

fn login_context(consent: &ConsentId) -> String {
    format!("consent-login:{}", consent.0)
}
