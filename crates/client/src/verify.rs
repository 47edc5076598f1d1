//! Is a notification genuine? Verify before you believe a byte of it.

use std::time::Duration;

use ayni_crypto::sign::{self, SignatureRefused};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use serde::Deserialize;
use thiserror::Error;

/// A payment whose money was seen (notification 3.0). Use `payment_id` to know a repeated one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Notification {
    /// The payment.
    pub payment_id: String,
    /// Who collected it.
    pub receiver_id: i64,
    /// What it was for.
    pub subject: String,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// The merchant's own reference.
    pub transaction_id: String,
    /// As the merchant gave it.
    pub custom: String,
    /// The receipt.
    pub receipt_url: String,
    /// The payer's bank.
    pub bank: String,
    /// The payer's name.
    pub payer_name: String,
    /// The payer's address.
    pub payer_email: String,
    /// Whether it was paid after its expiry.
    pub out_of_date_conciliation: bool,
    /// When its money was seen.
    pub conciliation_date: String,
}

/// Why a notification was not believed.
#[derive(Debug, Error)]
pub enum NotGenuine {
    /// Its signature.
    #[error(transparent)]
    Signature(#[from] SignatureRefused),
    /// It is signed, but no notification of a payment.
    #[error("the body is signed but was not understood: {0}")]
    Body(String),
}

/// Verifies `x-khipu-signature` and reads the body. `now_ms` is your clock in Unix milliseconds, `tolerance` how old a
/// signature may be ([`sign::DEFAULT_TOLERANCE`] is five minutes); `secret` is the account's 40 characters.
///
/// # Errors
/// Why it is not to be believed.
pub fn notification(
    secret: &str,
    signature: &str,
    body: &[u8],
    now_ms: i64,
    tolerance: Duration,
) -> Result<Notification, NotGenuine> {
    sign::verify_notification(secret, signature, body, now_ms, tolerance)?;
    serde_json::from_slice(body).map_err(|error| NotGenuine::Body(error.to_string()))
}
