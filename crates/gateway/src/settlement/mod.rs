//! Handing merchants what was collected for them.
//!
//! A payment on a bank account of the gateway is *released* some time after its money was seen: on the next business day,
//! or, held with `confirm_timeout_date`, when its merchant confirms it or that date comes. Once on each business day a
//! job makes the settlements ([`run`]): one unit of work marks a bounded number of released payments settled, posts the
//! ledger's entry, places the payout's order, keeps the settlement with its lines and enqueues the notice to
//! `rendition_url`. So whoever dies, and however many nodes run at once, a payment is paid out once.

pub(crate) mod account;
pub(crate) mod api;
pub mod commands;
mod confirm;
pub mod holidays;
pub mod jobs;
mod make;
mod notice;
mod outcome;
pub mod run;
pub mod sandbox;
mod sql;

use axum::Router;
use axum::routing::post;
use ayni_domain::currency::Currency;
use ayni_domain::custody::Custody;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::settlement::{self, Totals};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use crate::app::{App, Shared};
use crate::http::auth::Authentication;
use crate::merchants::collecting::CollectingAccount;
use crate::orders::Order;
use crate::payments::Payment;

/// Every SQL text of this folder, by what it is about.
pub(crate) const STATEMENTS: &[&[&str]] = &[sql::made::ALL, sql::released::ALL, sql::shares::ALL];

/// What merchants call, behind authentication.
pub fn router(app: &Shared) -> Router<Shared> {
    Router::new()
        .route("/v3/payments/{id}/confirm", post(api::confirm))
        .layer(Authentication::of(app))
}

/// Notes, in the unit of work in which a payment's money is seen, from when it may be settled; money on a merchant's
/// own bank account never is.
pub(crate) fn reconciled(
    tx: &mut Tx<'_>,
    app: &App,
    payment: &Payment,
    collecting: &CollectingAccount,
    now: Timestamp,
) -> Result<(), StoreError> {
    if collecting.custody != Custody::Gateway {
        return Ok(());
    }
    let held_until = payment.details.confirm_timeout_date;
    let release = Release {
        payment: payment.id,
        account: payment.account,
        collecting_id: collecting.id,
        releases_at: settlement::releases_at(&app.settings.calendar, now, held_until),
        held_until,
        confirmed_at: None,
        settlement: None,
    };
    sql::released::insert_release(tx, &release)
}

/// Whether a payment's money was handed to its merchant, or is on its way: it can't be given back out of it any more.
pub fn is_settled(tx: &mut Tx<'_>, payment: PaymentId) -> Result<bool, StoreError> {
    let release = sql::released::select_release(tx, payment)?;
    Ok(release.is_some_and(|release| release.settlement.is_some()))
}

/// From when a payment may be settled, and in which settlement it was; `None` where it never is.
pub fn of_payment(
    tx: &mut Tx<'_>,
    payment: PaymentId,
) -> Result<Option<(Timestamp, Option<String>)>, StoreError> {
    let release = sql::released::select_release(tx, payment)?;
    Ok(release.map(|release| (release.releases_at, release.settlement)))
}

/// A payout was seen leaving on the collecting account's statement.
pub(crate) fn paid(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<(), StoreError> {
    outcome::paid(tx, order, now)
}

/// A payout was not executed and is not tried again: the money is the account's again, and is carried over to its
/// next settlement.
pub(crate) fn failed(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<(), StoreError> {
    outcome::failed(tx, order, now)
}

/// From when a payment may be settled, and whether it was.
#[derive(Clone, Debug)]
pub(crate) struct Release {
    payment: PaymentId,
    account: AccountId,
    collecting_id: i64,
    releases_at: Timestamp,
    held_until: Option<Timestamp>,
    confirmed_at: Option<Timestamp>,
    settlement: Option<String>,
}

/// What one account was handed out of one collecting account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Account, collecting account, day and number, joined by hyphens.
    pub id: String,
    /// Who was paid.
    pub account: AccountId,
    /// Out of which collecting account.
    pub collecting_id: i64,
    /// The business day, as `2026-03-03`.
    pub day: String,
    /// 1, 2, … of that day.
    pub number: i64,
    /// The collecting account's currency.
    pub currency: Currency,
    /// When it was made.
    pub made_at: Timestamp,
    /// The sums over its payments.
    pub totals: Totals,
    /// What came from before: below zero where the merchant owed it.
    pub carried: Amount,
    /// What was ordered to be paid to the account.
    pub paid_out: Amount,
    /// Where the payout stands.
    pub state: PayoutState,
    /// The payout's order.
    pub order: String,
    /// When it was paid or failed.
    pub ended_at: Option<Timestamp>,
}

/// One integrator's share of a settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The integrator.
    pub integrator: AccountId,
    /// What it is.
    pub amount: Amount,
    /// The order that pays it, once one does.
    pub order: Option<String>,
}

/// Where a settlement's payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutState {
    /// The transfer is ordered.
    Ordered,
    /// It was seen on the statement.
    Paid,
    /// It was not executed: the money is carried over to the next settlement.
    Failed,
}

impl PayoutState {
    /// As in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            PayoutState::Ordered => "ordered",
            PayoutState::Paid => "paid",
            PayoutState::Failed => "failed",
        }
    }

    /// Reads the text of a row.
    pub fn parse(text: &str) -> Option<PayoutState> {
        [PayoutState::Ordered, PayoutState::Paid, PayoutState::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// One payment of a settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The payment.
    pub payment: PaymentId,
    /// The merchant's own reference, or empty.
    pub transaction_id: String,
    /// What its payer transferred.
    pub amount: Amount,
    /// The operator's fee, VAT included.
    pub fee: Amount,
    /// The integrator's share.
    pub integrator_fee: Amount,
    /// What was given back.
    pub refunded: Amount,
    /// What is left for the merchant.
    pub net: Amount,
}
