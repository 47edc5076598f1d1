//! What is kept about one person, told to them and taken out again (Chile's Ley 21.719, in force from December 2026).
//!
//! A person is found by RUT, by e-mail address or by both, among the payments of one account. What stands in the
//! [`inventory`] as personal is exported as it lies there. Erasing takes each payment in a unit of work of its own: names,
//! addresses and account numbers go, identifiers become keyed digests, free texts lose what tells of the person. Amounts,
//! ledger, states and the documents of contracts stay, and so does every proof that needs no name. Erasing is idempotent:
//! a process that dies in between is followed by one that finds what is left.
//!
//! This is the one capability whose SQL reaches into the others' tables: what is personal must be known in one place, and
//! a test holds the inventory against every column that there is.

pub mod cases;
pub mod covered;
pub mod erase;
pub mod export;
mod find;
pub mod inventory;
pub mod kinds;
mod places;
mod pseudonym;
pub mod retention;
mod sign_in;
mod sql;

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::personal::{NobodyMeant, Person};
use ayni_store::error::StoreError;
use thiserror::Error;

use crate::app::App;
use crate::http::error::ApiError;
use crate::keys::sealed::SealedColumn;

/// Every SQL text of this folder, but for those that are made for each place.
pub(crate) const STATEMENTS: &[&[&str]] = &[
    sql::ALL,
    cases::STATEMENTS,
    retention::STATEMENTS,
    sign_in::STATEMENTS,
];

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(crate) const SEALED: &[SealedColumn] = cases::SEALED;

/// The SQL texts that are made for each column with personal data, so that a test can have both engines prepare them.
pub fn statements_of_places() -> Vec<&'static str> {
    let all = places::PLACES.iter().chain(places::PLACES_OF_RETURNS);
    all.flat_map(|place| [place.select, place.update]).collect()
}

/// Why a person's data was not told or erased.
#[derive(Debug, Error)]
pub enum PrivacyError {
    /// Nobody was meant.
    #[error(transparent)]
    Nobody(#[from] NobodyMeant),
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// A payment could not be told.
    #[error("a payment could not be told")]
    Told(#[from] ApiError),
    /// Money of the person is on its way: what says whose it is stays until it has arrived.
    #[error("money is on its way, so nothing was erased: {}", .0.join(", "))]
    InFlight(Vec<String>),
    /// What could be erased was, but for payments that can't be read.
    #[error("these payments can't be read, so what they tell of the person stays: {}", .0.join(", "))]
    Unreadable(Vec<String>),
    /// The person is a user of the account.
    #[error("the address belongs to a user of the account: take the user out of it first")]
    IsUser,
    /// More payments than are handled at once.
    #[error("the person has more than {} payments here", find::PAYMENTS_MAX)]
    TooMany,
}

/// How the audit log calls a person: a keyed digest, so that the log tells nobody's RUT.
pub fn digest_of(app: &App, person: &Person) -> String {
    let digest = app.keyring.derive_hex("privacy-person", person.key().as_bytes());
    digest[..DIGEST_DIGITS].to_owned()
}

/// A person's payments in an account, and the lines of its statements that are theirs without a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Payments, oldest identifier first.
    pub payments: Vec<PaymentId>,
    /// Lines of statements that settled nothing: collecting account and the bank's id.
    pub movements: Vec<(i64, String)>,
}

/// What is kept about a person in an account.
pub async fn find(app: &App, account: AccountId, person: &Person) -> Result<Found, PrivacyError> {
    find::find(app, account, person).await
}

const DIGEST_DIGITS: usize = 24;
