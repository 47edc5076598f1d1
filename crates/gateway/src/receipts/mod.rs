//! Proof of payment: a PDF for everybody who has its address, and a page that says whether it is true.
//!
//! A PDF can be forged with any drawing program, so that its QR leads to the gateway, which tells what it knows of the
//! payment now: that it was paid, and whether it was given back since. The PDF itself tells only what does not change
//! after the money was seen, so that its bytes are the same at every download. Both addresses carry a token that is
//! derived from the keyring: nobody finds one by knowing a payment's id.
//!
//! A payment has a receipt once its money was seen on the statement; one that its merchant marked as paid has none.

mod facts;
mod pages;
mod pdf;
mod serve;
mod sheet;
mod token;

use axum::Router;
use axum::middleware::map_response;
use axum::routing::get;
use ayni_domain::ids::PaymentId;
use ayni_domain::lang::Lang;
use ayni_domain::receipt::file_name;
use ayni_store::error::StoreError;
use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;

use crate::app::{App, Shared};
use crate::http::pages::page_headers;
use crate::merchants::MerchantError;

/// The receipts, and the pages that verify them.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/payment/receipt/{token}/verify", get(pages::verify))
        .layer(map_response(page_headers))
        .route("/payment/receipt/{token}/{name}", get(serve::serve))
}

/// A receipt as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// `CPKH-{DDMMYYHHmm}-{payment_id}.pdf`.
    pub name: String,
    /// A PDF.
    pub bytes: Bytes,
}

/// Why a receipt could not be written.
#[derive(Debug, Error)]
pub enum ReceiptError {
    /// The database refused or failed.
    #[error("the payment could not be read")]
    Store(#[from] StoreError),
    /// The payment's account could not be read.
    #[error("the payment's account could not be read")]
    Merchant(#[from] MerchantError),
    /// One of our own fonts.
    #[error("the font {font} could not be used: {problem}")]
    Font {
        /// Its name.
        font: &'static str,
        /// What the parser says.
        problem: String,
    },
}

/// `receipt_url` of a payment whose money was seen at this instant (its `conciliation_date`): the PDF, in Spanish; with
/// `?lang=en` in English.
pub fn url(app: &App, payment: PaymentId, seen_at: Timestamp) -> String {
    let token = token::of(app, payment);
    let name = file_name(payment, seen_at);
    app.settings.link(&format!("/payment/receipt/{token}/{name}"))
}

/// The page that tells what is known of the payment now: where a receipt's QR leads.
pub fn verify_url(app: &App, payment: PaymentId) -> String {
    let token = token::of(app, payment);
    app.settings.link(&format!("/payment/receipt/{token}/verify"))
}

/// The receipt of a payment; `None` where there is no such payment or its money was not seen. The same bytes at every
/// call, for as long as the program and the payee's name stay the same.
pub async fn write(app: &App, payment: PaymentId, lang: Lang) -> Result<Option<Receipt>, ReceiptError> {
    let Some(facts) = facts::load(app, payment).await? else {
        return Ok(None);
    };
    let sheet = sheet::of(&facts, &verify_url(app, payment), lang);
    Ok(Some(Receipt {
        name: file_name(payment, facts.settled.conciliated_at),
        bytes: pdf::write(&sheet)?.into(),
    }))
}
