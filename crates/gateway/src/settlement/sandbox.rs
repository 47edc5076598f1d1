//! A settlement in the sandbox, made now: who develops wants to see one without waiting for a business day.
//!
//! The payment is released at once, which is done for developer accounts only; all that comes after is what a run does:
//! one unit of work marks, posts, orders the payout and tells, and DemoBank moves the money.

use ayni_domain::calendar::day_in_chile;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::privilege::Mode;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;

use super::sql::released as sql;
use super::{Release, run};
use crate::app::Shared;
use crate::merchants::{MerchantError, accounts};

/// Why nothing was settled.
#[derive(Debug, Error)]
pub enum NotSettled {
    /// The account is not there, or the database failed.
    #[error(transparent)]
    Account(#[from] MerchantError),
    /// A live account's money is settled on its business day.
    #[error("account {0} is a live one: its money is settled on its business day")]
    Live(AccountId),
    /// No money of this payment waits for a settlement.
    #[error(
        "payment {0} has no money that waits to be settled: it is not paid, or paid to the merchant's own account"
    )]
    Nothing(PaymentId),
    /// The run made no settlement.
    #[error("the run settled nothing: {0}")]
    Waits(String),
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
}

/// Settles a developer account's payment now, with all else of it that is released; returns the settlement's id. Said
/// again it returns the same.
///
/// # Errors
/// [`NotSettled`], with nothing changed but that the payment is released.
pub async fn settle_now(app: &Shared, account: AccountId, id: PaymentId) -> Result<String, NotSettled> {
    let now = app.clock.now();
    let release = app
        .db
        .write("settlement.release-now", move |tx| {
            release_now(tx, account, id, now)
        })
        .await?;
    if let Some(settlement) = release.settlement {
        return Ok(settlement);
    }
    let day = day_in_chile(now).to_string();
    let settled = run::settle(app, (release.collecting_id, account), &day, now).await;
    run::wake(app);
    settled.map_err(|(_, why)| NotSettled::Waits(why.to_string()))?;
    let release = app
        .db
        .read("settlement.release", move |tx| sql::select_release(tx, id))
        .await?;
    let settlement = release.and_then(|release| release.settlement);
    settlement.ok_or_else(|| NotSettled::Waits("nothing is to be paid".to_owned()))
}

fn release_now(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PaymentId,
    now: Timestamp,
) -> Result<Release, NotSettled> {
    if accounts::read(tx, account)?.mode != Mode::Developer {
        return Err(NotSettled::Live(account));
    }
    let found = sql::select_release(tx, id)?.filter(|release| release.account == account);
    let release = found.ok_or(NotSettled::Nothing(id))?;
    sql::release_now(tx, id, now)?;
    Ok(release)
}
