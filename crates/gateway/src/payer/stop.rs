//! Why a page or a step ended early.

use ayni_crypto::keyring::KeyringError;
use ayni_store::error::StoreError;
use thiserror::Error;

use crate::contracts::NotAccepted;
use crate::merchants::MerchantError;
use crate::payments::TransitionError;
use crate::texts::pages::refusals::Refusal;

/// What a handler ends with when it can't go on.
#[derive(Debug, Error)]
pub(super) enum Stop {
    /// The visitor is told why.
    #[error("refused: {}", .0.name())]
    Refused(Refusal),
    /// Something else came first (another tab, another browser, the merchant): the visitor is shown what is now.
    #[error("something else came first")]
    Stale,
    /// The database.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// The account behind the payment.
    #[error("the payment's account could not be read")]
    Merchant(#[from] MerchantError),
    /// What was sealed.
    #[error("the attempt's session could not be sealed or opened")]
    Keyring(#[from] KeyringError),
    /// What was sealed is not what this program seals, or a template could not be filled in.
    #[error("{0}")]
    Broken(String),
}

impl From<TransitionError> for Stop {
    fn from(error: TransitionError) -> Stop {
        match error {
            TransitionError::Store(error) => Stop::Store(error),
            TransitionError::Refused(_) | TransitionError::Raced => Stop::Stale,
        }
    }
}

impl From<NotAccepted> for Stop {
    fn from(error: NotAccepted) -> Stop {
        match error {
            NotAccepted::Store(error) => Stop::Store(error),
            NotAccepted::Missing => Stop::Refused(Refusal::ContractNotAccepted),
        }
    }
}

impl From<askama::Error> for Stop {
    fn from(error: askama::Error) -> Stop {
        Stop::Broken(format!("a page could not be rendered: {error}"))
    }
}
