//! What lies sealed between two steps of a person: a login that waits for its second factor, or that was accepted and
//! waits for the person's word.
//!
//! It is sealed for one way and one version of it, so that neither another row's nor an older step's can be put in its
//! place.

use ayni_connectors::data::login::{AccountFound, Login, LoginSession};
use ayni_crypto::keyring::Keyring;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::authorization::Authorization;
use super::refusals::Stop;

/// What waits.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Waiting {
    /// The institution asked for a second factor.
    Code {
        /// The institution's scope.
        scope: String,
        /// What it said.
        prompt: String,
        /// To go on with.
        session: LoginSession,
    },
    /// The institution let the person in.
    Found {
        /// The institution's scope.
        scope: String,
        /// What opened it.
        login: Login,
        /// What it showed.
        accounts: Vec<AccountFound>,
    },
}

impl Waiting {
    /// Sealed for the way as it will be at this version.
    pub(super) fn seal(&self, keyring: &Keyring, way: &Authorization, version: i64) -> Result<Vec<u8>, Stop> {
        let plain = Zeroizing::new(serde_json::to_vec(self).map_err(|_| unreadable())?);
        Ok(keyring.seal(&way.context(version), &plain)?)
    }

    /// What waits; `None` where nothing does.
    pub(super) fn open(keyring: &Keyring, way: &Authorization) -> Result<Option<Waiting>, Stop> {
        let Some(sealed) = &way.waiting_sealed else {
            return Ok(None);
        };
        let plain = keyring.open(&way.context(way.version), sealed)?;
        serde_json::from_slice(&plain).map(Some).map_err(|_| unreadable())
    }
}

fn unreadable() -> Stop {
    Stop::Broken("what waits for a person is not of this program's shape".to_owned())
}
