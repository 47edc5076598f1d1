//! Who collects: accounts, their API keys, privileges, users and collecting bank accounts.
//!
//! Nothing of it is cached between requests: a key that another process expires is refused by the next request.

pub mod accounts;
pub mod collecting;
pub mod keys;
pub mod payout_accounts;
pub(crate) mod sealed;
pub mod secrets;
mod sql;
pub mod users;

use ayni_crypto::keyring::KeyringError;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Mode, Privileges};
use ayni_store::error::StoreError;
use jiff::Timestamp;
use thiserror::Error;

/// Every SQL text of this folder, but for those of the folders in it.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// A merchant's account, as every request and command sees it.
#[derive(Clone, Debug)]
pub struct Account {
    /// The `receiver_id` of the wire.
    pub id: AccountId,
    /// Shown to payers as the payee.
    pub name: String,
    /// The account's own address; `responsible_user_email` where a payment names none.
    pub email: String,
    /// Developer accounts see DemoBank only; live accounts never do.
    pub mode: Mode,
    /// What it may do beyond collecting.
    pub privileges: Privileges,
    /// The account that integrates this one and may take `integrator_fee`.
    pub integrator: Option<AccountId>,
    /// Where it is notified when a payment names no `notify_url`.
    pub notify_url: Option<String>,
    /// Whether its API keys open the data side.
    pub api_keys: ApiKeys,
    /// Since when an operator lets nothing be done with it; money that comes is still recorded.
    pub disabled_at: Option<Timestamp>,
}

impl Account {
    /// Whether an operator has disabled it.
    pub fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }
}

/// Whether an account's API keys open the data side; on the payments side they always do (`spec/open-data.md`,
/// section 1: the announced end of API keys).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ApiKeys {
    /// Keys and tokens.
    #[default]
    Accepted,
    /// Tokens only: no `…/token` operations, and `AccountCredential` is ignored.
    Refused,
}

impl ApiKeys {
    /// The word in its row and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            ApiKeys::Accepted => "accepted",
            ApiKeys::Refused => "refused",
        }
    }

    /// The setting of that word.
    pub fn parse(word: &str) -> Option<ApiKeys> {
        [ApiKeys::Accepted, ApiKeys::Refused]
            .into_iter()
            .find(|setting| setting.as_str() == word)
    }
}

/// Why a command on accounts was not done.
#[derive(Debug, Error)]
pub enum MerchantError {
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// A secret could not be sealed or opened.
    #[error("a secret could not be sealed or opened")]
    Keyring(#[from] KeyringError),
    /// A bank login could not be written.
    #[error("the bank login could not be written")]
    Login(#[source] serde_json::Error),
    /// There is no such account.
    #[error("there is no account {0}: `ayni merchant list` shows them")]
    NoAccount(AccountId),
    /// The account can't be another's integrator.
    #[error("account {id} can't be an integrator: {problem}")]
    NotAnIntegrator {
        /// The account that was named.
        id: AccountId,
        /// Why not.
        problem: &'static str,
    },
    /// The text is no e-mail address.
    #[error("«{0}» is no e-mail address")]
    NotAnEmail(String),
    /// The account has no such user.
    #[error("account {account} has no user {email}: `ayni merchant user list {account}` shows them")]
    NoUser {
        /// Whose.
        account: AccountId,
        /// Who.
        email: String,
    },
    /// The account would be left without owner.
    #[error("{email} is the only owner of account {account}: make another user its owner first")]
    LastOwner {
        /// Whose.
        account: AccountId,
        /// Who.
        email: String,
    },
    /// The alias is taken, or no key has it.
    #[error("account {account}: {problem}")]
    Key {
        /// Whose key.
        account: AccountId,
        /// What is wrong with the alias.
        problem: String,
    },
    /// The account has a next secret already.
    #[error(
        "account {account} changes its secret until {until}: \
         `ayni merchant rotate-secret {account} --finish` ends that at once"
    )]
    Rotating {
        /// Whose.
        account: AccountId,
        /// When its next secret takes over.
        until: String,
    },
    /// The account has no next secret.
    #[error("account {0} is not changing its secret")]
    NotRotating(AccountId),
    /// There is no such collecting account.
    #[error("there is no collecting account {0}: `ayni account list --account ID` shows an account's")]
    NoCollecting(String),
    /// The bank account is already there.
    #[error("the bank account {number} at {bank_id} is already a collecting account")]
    AccountTaken {
        /// The bank.
        bank_id: String,
        /// The account's number there.
        number: String,
    },
}
