//! Payments as merchants know them: made, read, deleted, listed.
//!
//! A payment's row is its first event. Everything that happens to it afterwards passes through [`transition`], the one
//! place that changes a payment's state: the domain says what follows from an event; here the row is updated under the
//! guard of its number of events, and the event is recorded. Of two racing transitions exactly one finds the number
//! that it read.

pub(crate) mod api;
mod create;
mod delete;
#[cfg(test)]
mod fetch_tests;
pub mod history;
pub mod jobs;
pub mod list;
pub mod mark_paid;
mod picture;
mod read;
mod request;
mod sql;
#[cfg(test)]
mod tests;
mod text;
pub mod wire;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{delete as delete_at, get};
use ayni_domain::creation::details::PaymentDetails;
use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::lang::Lang;
use ayni_domain::method::Method;
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State;
use ayni_domain::payment::{Event, Refused, apply};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;

use crate::app::{App, Shared};
use crate::events::{self, Kind, NewEvent, Told};
use crate::http::auth::{Authentication, Caller, Key};
use crate::http::error::ApiError;
use crate::http::idempotent::outcome::NotAnswered;
use crate::http::limits::Allowance;
use crate::merchants::Account;
use crate::witness::Witness;
use create::{Asked, Likely};
use list::Wanted;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What merchants call, behind authentication; reading one payment opens its key itself, in its one unit of work.
pub fn router(app: &Shared) -> Router<Shared> {
    let of_one = delete_at(api::delete)
        .layer(Authentication::of(app))
        .get(api::get);
    Router::new()
        .route(
            PAYMENTS_ROUTE,
            get(api::list).post(api::post).layer(Authentication::of(app)),
        )
        .route(PAYMENT_ROUTE, of_one)
}

/// Where one payment is read and deleted.
pub(crate) const PAYMENT_ROUTE: &str = "/v3/payments/{id}";

/// Where payments are made and listed.
pub(crate) const PAYMENTS_ROUTE: &str = "/v3/payments";

/// The answer to a creation, with what was read for it beforehand.
pub(crate) async fn create_as(app: Shared, caller: Caller, likely: Likely, request: Request) -> Response {
    api::post_as(app, caller, likely, request).await
}

/// Reads what most creations of an account ask for.
pub(crate) fn likely(tx: &mut Tx<'_>, account: &Account) -> Result<Likely, StoreError> {
    create::likely(tx, account)
}

/// What a plain reading of a payment with a key is told, where it can be told at once and nothing refuses it: its JSON.
pub(crate) fn read_at_once(app: &App, key: Key, id: PaymentId) -> Option<(Bytes, Allowance)> {
    api::get_at_once(app, key, id)
}

/// What payers' browsers fetch.
pub fn public_router() -> Router<Shared> {
    Router::new().route("/payment/picture/{id}", get(picture::serve))
}

/// A payment as its row tells it, without its `custom` text.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its identifier.
    pub id: PaymentId,
    /// Who collects: the `receiver_id` of the wire.
    pub account: AccountId,
    /// The collecting account on which its money must arrive.
    pub collecting_id: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when an attempt may begin.
    pub expires_at: Timestamp,
    /// What is owed.
    pub amount: Amount,
    /// In which currency; CLF is transferred in pesos.
    pub currency: Currency,
    /// Where it stands.
    pub state: State,
    /// How many events it has lived through: the guard of its next transition.
    pub events: i64,
    /// What it is for.
    pub subject: String,
    /// The merchant's own reference.
    pub transaction_id: Option<String>,
    /// The optional fields of its creation.
    pub details: PaymentDetails,
}

/// Why a payment did not change.
#[derive(Debug, Error)]
pub enum TransitionError {
    /// The payment's state does not list the event.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Another transition came first: read the payment again and decide anew.
    #[error("another transition of the payment came first")]
    Raced,
    /// The database refused or failed.
    #[error("the database could not record the transition")]
    Store(#[from] StoreError),
}

/// The payment of this identifier, whoever's it is.
pub fn find(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<Payment>, StoreError> {
    sql::select_payment(tx, id)
}

/// The payment of this identifier, if it is this account's.
pub fn find_of(tx: &mut Tx<'_>, account: AccountId, id: PaymentId) -> Result<Option<Payment>, StoreError> {
    Ok(find(tx, id)?.filter(|payment| payment.account == account))
}

/// The payment's `custom` text, if it has one.
pub fn custom(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<String>, StoreError> {
    sql::select_custom(tx, id)
}

/// Whether the merchant's picture was fetched and can be shown.
pub fn has_picture(tx: &mut Tx<'_>, id: PaymentId) -> Result<bool, StoreError> {
    sql::has_picture(tx, id)
}

/// Open payments of an account in a currency and of just this amount, the newest first, among its newest ones.
pub(crate) fn recent_open(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
    amount: Amount,
) -> Result<Vec<Payment>, StoreError> {
    sql::select_recent_open(tx, account, (currency, amount), RECENT_MAX)
}

/// Payments that are looked at for it.
const RECENT_MAX: i64 = 1_000;

/// Makes a payment for an account from the JSON body of `POST /v3/payments`, in Spanish; returns the answer's JSON.
pub async fn create_for(app: &App, account: &Account, json: &[u8]) -> Result<Bytes, ApiError> {
    Ok(create_by(app, account, json, Lang::Es, Witness::nobody()).await?)
}

/// The same by somebody who is named; the payment and its mails speak this language.
pub(crate) async fn create_by(
    app: &App,
    account: &Account,
    json: &[u8],
    lang: Lang,
    by: &Witness,
) -> Result<Bytes, NotAnswered> {
    if account.is_disabled() {
        return Err(ApiError::AccountDisabled.into());
    }
    create::create(app, account, &Asked::now(json, lang), None, by).await
}

/// Whether a payment could be made of this body now; makes none, and fetches no contract.
pub(crate) async fn check(app: &App, account: &Account, json: &[u8], lang: Lang) -> Result<(), ApiError> {
    create::check(app, account, json, lang).await
}

/// Deletes the account's payment, or refuses on `payment_id` where it is not pending.
pub async fn delete_by(
    app: &App,
    account: AccountId,
    id: PaymentId,
    by: &Witness,
) -> Result<(), NotAnswered> {
    delete::delete(app, account, id, by).await
}

/// What `GET /v3/payments/{id}` tells of a payment, whoever's it is: its JSON.
pub async fn show(app: &App, id: PaymentId) -> Result<Option<Bytes>, ApiError> {
    read::show(app, id).await
}

/// One page of an account's payments, newest first: its JSON.
pub async fn list_page(app: &App, account: &Account, wanted: Wanted) -> Result<Bytes, ApiError> {
    list::page(app, account, wanted).await
}

/// `notification_token` of a payment: 64 hexadecimal digits that nobody else can find, the same for ever.
pub fn notification_token(app: &App, id: PaymentId) -> String {
    app.keyring
        .derive_hex("notification-token", id.as_str().as_bytes())
}

/// The ways of paying that an account offers: by hand always, simplified where it sees a bank whose site we drive.
pub fn methods(app: &App, account: &Account) -> &'static [Method] {
    let is_driven = app
        .banks
        .seen_by(account.mode)
        .any(|bank| bank.connector.is_some());
    if is_driven {
        &Method::ALL
    } else {
        &[Method::RegularTransfer]
    }
}

/// Applies an event to a payment as it was read: the guarded update, and the event's row.
///
/// Whoever gets an error lets the whole unit of work fail, unless it wrote nothing else.
pub fn transition(
    tx: &mut Tx<'_>,
    payment: &Payment,
    event: &Event,
    now: Timestamp,
) -> Result<State, TransitionError> {
    let state = apply(payment.state, event)?;
    if sql::update_state(tx, payment, state)? == 0 {
        return Err(TransitionError::Raced);
    }
    sql::insert_event(tx, payment, event, state, now)?;
    if let Some(kind) = told_as(event) {
        let told = NewEvent {
            account: payment.account,
            kind,
            subject: payment.id.as_str(),
            notice: Told::Nothing,
        };
        events::record(tx, &told, now)?;
    }
    Ok(state)
}

/// What those who listen are told of it; of money that is seen the notification tells.
fn told_as(event: &Event) -> Option<Kind> {
    match event {
        Event::Deleted => Some(Kind::PaymentDeleted),
        Event::RejectedByPayer => Some(Kind::PaymentRejected),
        Event::ReportedAsAbuse => Some(Kind::PaymentAbuse),
        Event::MarkedPaidByReceiver => Some(Kind::PaymentMarkedPaid),
        _ => None,
    }
}
