//! What a merchant sees and does of its settlements in the console: its own only, and a page at a time.

use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::privilege::Privilege;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::commands::Shown;
use super::notice::SettlementBody;
use super::sql::{made, released, shares};
use super::{Settlement, confirm};
use crate::app::App;
use crate::http::error::ApiError;
use crate::http::idempotent::outcome::NotAnswered;
use crate::merchants::{MerchantError, accounts};

/// A payment that is not settled before it is confirmed or its date comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// The payment.
    pub(crate) payment: PaymentId,
    /// When it is released by itself.
    pub(crate) releases_at: Timestamp,
    /// What was asked for.
    pub(crate) amount: Amount,
    /// The payment's currency.
    pub(crate) currency: Currency,
    /// What it was for.
    pub(crate) subject: String,
}

/// An account's settlements, newest first: those before `before` in that order, at most `limit`.
pub(crate) fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    before: Option<(&str, &str)>,
    limit: i64,
) -> Result<Vec<Settlement>, StoreError> {
    made::select_settlements_of(tx, account, before.unwrap_or(BEFORE_ALL), limit)
}

/// One settlement of the account with all its lines; `None` where it has no such one.
pub(crate) fn show(tx: &mut Tx<'_>, account: AccountId, id: &str) -> Result<Option<Shown>, StoreError> {
    show_first(tx, account, id, made::ALL_LINES)
}

/// The same with its first lines only, at most `limit`.
pub(crate) fn show_first(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &str,
    limit: i64,
) -> Result<Option<Shown>, StoreError> {
    let found = made::select_settlement(tx, id)?.filter(|settlement| settlement.account == account);
    let Some(settlement) = found else {
        return Ok(None);
    };
    Ok(Some(Shown {
        settlement,
        shares: shares::select_shares(tx, id)?,
        lines: made::select_lines(tx, id, limit)?,
    }))
}

/// The account's held payments, the next one to be released first; at most `limit`.
pub(crate) fn held(tx: &mut Tx<'_>, account: AccountId, limit: i64) -> Result<Vec<Held>, StoreError> {
    released::select_held(tx, account, limit)
}

/// Releases a held payment of the account for the next business day, in the caller's unit of work.
///
/// # Errors
/// What `POST /v3/payments/{id}/confirm` says, [`ApiError::Forbidden`] without its privilege among it.
pub(crate) fn release(
    tx: &mut Tx<'_>,
    app: &App,
    account: AccountId,
    id: PaymentId,
) -> Result<(), NotAnswered> {
    let account = accounts::read(tx, account).map_err(|error| match error {
        MerchantError::Store(error) => ApiError::from(error),
        other => ApiError::internal(&other),
    })?;
    if !account.privileges.has(Privilege::Confirm) {
        return Err(ApiError::Forbidden.into());
    }
    confirm::within(tx, &app.settings.calendar, account.id, id, app.clock.now())
}

/// A settlement as its `rendition_url` was told of it.
///
/// # Errors
/// None that is known: its parts are texts and numbers.
pub(crate) fn rendition(shown: &Shown) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&SettlementBody::of(&shown.settlement, &shown.lines))
}

/// No day is written so.
const BEFORE_ALL: (&str, &str) = ("~", "");
