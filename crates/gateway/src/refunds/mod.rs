//! Refunds: a payment's money on its way back to the account that paid.
//!
//! A refund is accepted in one unit of work: its row, the payment's transition, the ledger's transaction and the order
//! that executes it. It counts from then on. What becomes of the order is told here (`authorised`, `paid`,
//! `expired`) in the unit of work in which it happens; a refund that could not be executed is given back.

mod accept;
pub(crate) mod api;
pub mod commands;
mod pages;
mod sql;
pub(crate) mod told;
pub mod wallet;
pub mod wire;

use axum::Router;
use axum::middleware::map_response;
use axum::routing::{get, post};

use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, OrderId, PaymentId};
use ayni_domain::ledger::entry;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_domain::payment::Event;
use ayni_domain::refund::{Kind, State};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use crate::app::Shared;
use crate::events::{self, NewEvent, Told};
use crate::http::auth::Authentication;
use crate::http::pages::page_headers;
use crate::ledger;
use crate::orders::{Order, OrderError};
use crate::payments;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What merchants call, behind authentication.
pub fn router(app: &Shared) -> Router<Shared> {
    Router::new()
        .route("/v3/payments/{id}/refunds", post(api::post_classic))
        .route("/v3/refunds", post(api::post_wallet))
        .route("/v3/refunds/{id}", get(api::get))
        .route("/v3/refund-wallet/balance", get(api::balance))
        .layer(Authentication::of(app))
}

/// The page that says how money is added to a wallet.
pub fn public_router() -> Router<Shared> {
    Router::new()
        .route("/refund-wallet/{reference}", get(pages::top_up))
        .layer(map_response(page_headers))
}

/// A refund that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Its identifier, which is its order's.
    pub id: OrderId,
    /// Of which payment.
    pub payment: PaymentId,
    /// Whose payment that is.
    pub account: AccountId,
    /// The bank account that it leaves.
    pub collecting_id: i64,
    /// Out of which money.
    pub kind: Kind,
    /// In the payment's currency.
    pub amount: Amount,
    /// The payment's currency.
    pub currency: Currency,
    /// What is transferred, in the collecting account's currency.
    pub transfer: Amount,
    /// Where it stands.
    pub state: State,
    /// When it was accepted.
    pub requested_at: Timestamp,
    /// When it was paid or given back.
    pub ended_at: Option<Timestamp>,
}

/// An account's refunds, newest first: those after a place (Unix milliseconds and id), at most `limit`.
pub(crate) fn page_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    after: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<Refund>, StoreError> {
    sql::select_page_of(tx, account, after.unwrap_or((i64::MAX, "")), limit)
}

/// The refunds of a payment, the first one first, those that expired among them.
pub fn of_payment(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Vec<Refund>, StoreError> {
    sql::select_of_payment(tx, payment)
}

/// What those of these refunds count that have not expired, in the payment's currency.
pub fn total(refunds: &[Refund]) -> Amount {
    sum(refunds, |refund| refund.amount)
}

/// The bank took a refund's order, or it stands in a file for the bank.
pub(crate) fn authorised(tx: &mut Tx<'_>, order: &Order, _now: Timestamp) -> Result<(), OrderError> {
    sql::update_state(tx, order.new.id, State::Authorized, None)?;
    Ok(())
}

/// A refund was seen leaving on the statement.
pub(crate) fn paid(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<(), OrderError> {
    if sql::update_state(tx, order.new.id, State::Paid, Some(now))? {
        tell(tx, order, events::Kind::RefundPaid, now)?;
    }
    Ok(())
}

/// A refund could not be executed: its money is the merchant's again, and the payment's to be refunded.
pub(crate) fn expired(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<(), OrderError> {
    let missing = || OrderError::NoOrder(order.new.id.to_string());
    let refund = sql::select_refund(tx, order.new.id)?.ok_or_else(missing)?;
    if !sql::update_state(tx, refund.id, State::Expired, Some(now))? {
        return Ok(());
    }
    tell(tx, order, events::Kind::RefundExpired, now)?;
    let payment = payments::find(tx, refund.payment)?.ok_or_else(missing)?;
    let event = Event::RefundExpired {
        refund: refund.id.to_string(),
        still_refunded: total(&of_payment(tx, refund.payment)?),
    };
    payments::transition(tx, &payment, &event, now)?;
    let given_back = entry::refund_expired(
        refund.collecting_id,
        refund.id.as_str(),
        refund.payment,
        source(&refund),
        refund.transfer,
    );
    Ok(ledger::post(tx, &given_back, now)?)
}

fn tell(tx: &mut Tx<'_>, order: &Order, kind: events::Kind, now: Timestamp) -> Result<(), StoreError> {
    let event = NewEvent {
        account: AccountId(order.new.owner),
        kind,
        subject: order.new.id.as_str(),
        notice: Told::Nothing,
    };
    events::record(tx, &event, now)
}

/// The ledger account out of which a refund is paid.
fn source(refund: &Refund) -> Purpose {
    match refund.kind {
        Kind::Classic => Purpose::collected(refund.account),
        Kind::Wallet => Purpose::wallet(refund.account),
    }
}

/// The same of what they transfer, in the collecting account's currency.
fn total_transferred(refunds: &[Refund]) -> Amount {
    sum(refunds, |refund| refund.transfer)
}

fn sum(refunds: &[Refund], part: impl Fn(&Refund) -> Amount) -> Amount {
    let counted = refunds.iter().filter(|refund| refund.state != State::Expired);
    counted.map(part).fold(Amount::ZERO, |sum, part| {
        sum.checked_add(part).unwrap_or(Amount::MAX)
    })
}
