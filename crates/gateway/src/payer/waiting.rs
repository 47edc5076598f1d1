//! What waits, sealed, between two steps of an attempt: the bank's question and the session it belongs to.
//!
//! It is sealed for one attempt and one version of it, so that neither another row's nor an older step's can be put
//! in its place; any node, or this process after a restart, opens it and goes on.

use ayni_connectors::bank::Bank as Driver;
use ayni_connectors::prompt::Prompt;
use ayni_connectors::transfer::Session;
use ayni_crypto::keyring::Keyring;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::attempt::Attempt;
use super::stop::Stop;
use crate::app::App;
use crate::banks::Bank;

/// The bank's question, and the session that its answer goes to.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) prompt: Prompt,
    pub(super) session: Session,
}

impl Waiting {
    /// Sealed for the attempt as it will be at this version.
    pub(super) fn seal(&self, keyring: &Keyring, attempt: &str, version: i64) -> Result<Vec<u8>, Stop> {
        let plain = serde_json::to_vec(self).map_err(|_| unreadable())?;
        Ok(keyring.seal(&context(attempt, version), &Zeroizing::new(plain))?)
    }

    /// What waits for an attempt's payer; `None` where nothing does.
    pub(super) fn open(keyring: &Keyring, attempt: &Attempt) -> Result<Option<Waiting>, Stop> {
        let Some(sealed) = &attempt.waiting_sealed else {
            return Ok(None);
        };
        let plain = keyring.open(&context(&attempt.id, attempt.version), sealed)?;
        serde_json::from_slice(&plain).map(Some).map_err(|_| unreadable())
    }
}

/// The connector that drives a bank's site, if there is one in this process.
pub(super) fn driver<'a>(app: &'a App, bank: &Bank) -> Option<&'a Driver> {
    app.connectors.for_bank(bank.connector.as_deref()?)
}

fn context(attempt: &str, version: i64) -> String {
    format!("attempt:{attempt}:{version}")
}

fn unreadable() -> Stop {
    Stop::Broken("an attempt's session is not of this program's shape".to_owned())
}
