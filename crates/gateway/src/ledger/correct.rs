//! Mending by hand what no rule can mend: a person moves money from one purpose to another and says why.

use ayni_domain::ids::AccountId;
use ayni_domain::ledger::entry;
use ayni_domain::ledger::purpose::{Kind, Purpose};
use ayni_domain::money::Amount;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;

use super::{balance, post};
use crate::app::App;
use crate::merchants::collecting::{self, CollectingAccount};
use crate::merchants::{MerchantError, accounts};

/// What a person wants moved.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The collecting account's uuid.
    pub account: String,
    /// Whose it is now.
    pub from: Purpose,
    /// Whose it is to be.
    pub to: Purpose,
    /// How much.
    pub amount: Amount,
    /// Why, for whoever reads the ledger later.
    pub reason: String,
}

/// Why nothing was moved.
#[derive(Debug, Error)]
pub enum CorrectionError {
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// The collecting account or the owner is not there.
    #[error(transparent)]
    Merchant(#[from] MerchantError),
    /// The amount is not one that can be moved.
    #[error(
        "{0} can't be moved: it must be above zero, with no more decimals than the account's currency has"
    )]
    Amount(Amount),
    /// Both are the same.
    #[error("both sides are {0}")]
    Same(Purpose),
    /// No reason was given.
    #[error("a correction needs a reason of 1 to {REASON_LENGTH_MAX} characters")]
    Reason,
    /// The kind has owners, or none.
    #[error("{purpose} is no ledger account: {problem}")]
    Owner {
        /// What was asked for.
        purpose: Purpose,
        /// What is wrong with its owner.
        problem: &'static str,
    },
    /// There is less than is to be moved.
    #[error("{purpose} holds {held}, which is less than {amount}")]
    TooLittle {
        /// From where.
        purpose: Purpose,
        /// What is there.
        held: Amount,
        /// What was to be moved.
        amount: Amount,
    },
}

/// Posts a correction; answers its transaction's id.
pub async fn correct(app: &App, new: Correction) -> Result<String, CorrectionError> {
    let account = collecting::find_by_uuid(&app.db, &new.account).await?;
    check(&account, &new)?;
    let (id, now) = (app.entropy.uuid().to_string(), app.clock.now());
    app.db
        .write("ledger.correct", move |tx| post_one(tx, &account, &new, &id, now))
        .await
}

/// The same within a unit of work; `id` is drawn before it.
pub(crate) fn post_one(
    tx: &mut Tx<'_>,
    account: &CollectingAccount,
    new: &Correction,
    id: &str,
    now: Timestamp,
) -> Result<String, CorrectionError> {
    check(account, new)?;
    owned(tx, new.from)?;
    owned(tx, new.to)?;
    sufficient(tx, account.id, new)?;
    let sides = (new.from, new.to);
    let transaction = entry::corrected(account.id, id, sides, new.amount, &new.reason);
    post(tx, &transaction, now)?;
    Ok(transaction.id)
}

fn check(account: &CollectingAccount, new: &Correction) -> Result<(), CorrectionError> {
    if new.amount <= Amount::ZERO
        || new.amount > Amount::MAX
        || new.amount.decimals() > account.currency.decimals()
    {
        return Err(CorrectionError::Amount(new.amount));
    }
    if new.from == new.to {
        return Err(CorrectionError::Same(new.from));
    }
    check_reason(&new.reason)
}

/// Whether a person said why, and not at too great a length.
pub(crate) fn check_reason(reason: &str) -> Result<(), CorrectionError> {
    match reason.trim().chars().count() {
        1..=REASON_LENGTH_MAX => Ok(()),
        _ => Err(CorrectionError::Reason),
    }
}

/// Whether there can be such a ledger account: what is nobody's has no owner, what is somebody's has one that is there.
fn owned(tx: &mut Tx<'_>, purpose: Purpose) -> Result<(), CorrectionError> {
    let wrong = |problem| Err(CorrectionError::Owner { purpose, problem });
    match purpose.kind {
        Kind::Bank | Kind::Fees | Kind::Suspense if purpose.owner != 0 => wrong("it has no owner"),
        Kind::Bank | Kind::Fees | Kind::Suspense => Ok(()),
        Kind::Transit if purpose.owner == 0 => Ok(()),
        _ if purpose.owner == 0 => wrong("it needs an owner, as collected:990939"),
        _ => Ok(accounts::read(tx, AccountId(purpose.owner)).map(drop)?),
    }
}

/// Nobody's money is moved twice: there must be as much as is moved. Only what the bank holds and what nobody has
/// explained yet may go below zero, since it is there that a correction mends.
fn sufficient(tx: &mut Tx<'_>, collecting_id: i64, new: &Correction) -> Result<(), CorrectionError> {
    let (purpose, amount) = (new.from, new.amount);
    if matches!(purpose.kind, Kind::Bank | Kind::Suspense) {
        return Ok(());
    }
    let owed = balance(tx, collecting_id, purpose)?;
    let held = Amount::ZERO.checked_sub(owed).unwrap_or(Amount::ZERO);
    match held < amount {
        true => Err(CorrectionError::TooLittle {
            purpose,
            held,
            amount,
        }),
        false => Ok(()),
    }
}

const REASON_LENGTH_MAX: usize = 500;
