//! Reusable payment links: `/payment/process/{code}` makes each payer a payment of their own, by the very path of
//! `POST /v3/payments`.
//!
//! A use is counted in the unit of work that makes its payment, under a guard that holds what its payer saw (the link's
//! version) and how often the link may be used. So two payers never share the last use, and a form that is sent twice
//! finds the payment that it made. A use is a payment that was made, not one that was paid.

pub mod commands;
mod form;
mod pages;
mod sql;

use axum::Router;
use axum::middleware::map_response;
use axum::routing::get;
use ayni_domain::currency::Currency;
use ayni_domain::fields::Fields;
use ayni_domain::ids::{LinkCode, PaymentId};
use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_domain::payment_link::order::Order;
use ayni_domain::payment_link::terms::{self, BankLimits, Terms, TermsContext};
use ayni_domain::payment_link::{PaymentLink, Standing};
use ayni_domain::privilege::Mode;
use ayni_store::error::StoreError;
use jiff::Timestamp;
use thiserror::Error;

use crate::app::{App, Shared};
use crate::http::error::ApiError;
use crate::http::idempotent::NotKept;
use crate::http::pages::page_headers;
use crate::merchants::Account;
use crate::payments;
use crate::witness::Witness;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// The payer's page of a link.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/payment/process/{code}", get(pages::show).post(pages::order))
        .layer(map_response(page_headers))
}

/// One use of a link, counted with the payment that it makes.
#[derive(Clone, Debug)]
struct LinkUse {
    /// The link.
    code: LinkCode,
    /// Its terms as the payer saw them.
    version: i64,
    /// The form that was sent.
    submission: String,
    /// How many pieces.
    quantity: i64,
}

/// A use as it is listed.
#[derive(Clone, Debug)]
pub struct Use {
    /// The payment that was made.
    pub payment: PaymentId,
    /// When.
    pub at: Timestamp,
    /// How many pieces.
    pub quantity: i64,
}

/// Why a command on links was not done.
#[derive(Debug, Error)]
pub enum LinkError {
    /// What is wrong with what was asked.
    #[error(transparent)]
    Refused(#[from] ApiError),
    /// The account has no such link.
    #[error("the account has no payment link {0}: `ayni payment-link list` shows them")]
    NotFound(LinkCode),
    /// Somebody else changed the link meanwhile.
    #[error("the payment link was changed meanwhile: look at it again")]
    Raced,
}

impl From<NotKept> for LinkError {
    fn from(error: NotKept) -> LinkError {
        match error {
            NotKept::Taken => LinkError::Raced,
            NotKept::Unsealed(error) => error.into(),
            NotKept::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for LinkError {
    fn from(error: StoreError) -> LinkError {
        LinkError::Refused(error.into())
    }
}

/// Counts a use in the unit of work that makes its payment. Nothing is made where this very form was sent before, or the
/// link changed, ended or was used up since it was shown.
fn counting(used: LinkUse, now: Timestamp) -> Witness {
    Witness::new(move |tx, payment| {
        let is_counted = sql::insert_use(tx, &used, payment, now)? && sql::count_use(tx, &used, now)?;
        if is_counted { Ok(()) } else { Err(NotKept::Taken) }
    })
}

/// The link of this code, whoever's it is.
pub(crate) async fn find(app: &App, code: LinkCode) -> Result<Option<PaymentLink>, StoreError> {
    app.db
        .point("payment-links.find", move |tx| sql::select_link(tx, code))
        .await
}

/// The address of a link's page.
pub fn url(app: &App, code: LinkCode) -> String {
    app.settings.link(&format!("/payment/process/{code}"))
}

/// The terms that a JSON body asks for, tried against everything that creation would refuse of its payments.
pub(crate) async fn check(app: &App, account: &Account, json: &[u8], lang: Lang) -> Result<Terms, ApiError> {
    let terms = read(app, account, json)?;
    let sample = Order {
        amount: terms.sample(),
        quantity: 1,
        name: None,
        email: None,
    };
    let body = tried(account, &terms).request(&sample);
    let body = serde_json::to_vec(&body).map_err(|error| ApiError::internal(&error))?;
    payments::check(app, account, &body, lang).await?;
    Ok(terms)
}

fn read(app: &App, account: &Account, json: &[u8]) -> Result<Terms, ApiError> {
    let fields = Fields::from_json(json).map_err(ApiError::NotJson)?;
    let context = TermsContext {
        now: app.clock.now(),
        banks: bank_limits(app, account.mode),
        may_call: &|url| app.outbound.check_url(url).is_ok(),
    };
    terms::read(&fields, &context).map_err(ApiError::Invalid)
}

/// What one transfer may carry at the banks that payers of these accounts can choose.
pub(crate) fn bank_limits(app: &App, mode: Mode) -> BankLimits {
    let least = app.banks.seen_by(mode).map(|bank| bank.min_amount).min();
    let most = app.banks.seen_by(mode).map(|bank| bank.max_amount).max();
    BankLimits {
        minimum: least.unwrap_or(Amount::ZERO),
        maximum: most.unwrap_or(Amount::MAX),
    }
}

/// A link that is not there yet.
fn tried(account: &Account, terms: &Terms) -> PaymentLink {
    PaymentLink {
        code: LinkCode::from_random_bytes(&[0; 16]),
        account: account.id,
        created_at: Timestamp::UNIX_EPOCH,
        version: 1,
        terms: terms.clone(),
        uses: 0,
        deactivated_at: None,
    }
}

/// An amount as pages show it, which does not break between its symbol and its digits.
pub(crate) fn shown(amount: Amount, currency: Currency, lang: Lang) -> String {
    amount.shown(currency, lang).replace(' ', "\u{a0}")
}

/// Why a link can't be used, if it can't.
pub(crate) fn closed(link: &PaymentLink, account: &Account, now: Timestamp) -> Option<Standing> {
    match link.standing(now) {
        Standing::Open if account.is_disabled() => Some(Standing::Inactive),
        Standing::Open => None,
        other => Some(other),
    }
}
