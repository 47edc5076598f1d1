//! What people were told, by notification or by mail: what both have in common for who looks through them.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::time;
use ayni_store::error::StoreError;
use jiff::Timestamp;
use serde::Serializer;
use thiserror::Error;

use crate::http::idempotent::NotKept;
use crate::merchants::MerchantError;

/// Why something was not done with a notification or a mail.
#[derive(Debug, Error)]
pub enum ToldError {
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// A mail's account could not be read.
    #[error("the mail's account could not be read")]
    Merchant(#[from] MerchantError),
    /// Whoever does it could not be recorded, or did it before.
    #[error("who does it could not be recorded")]
    NotSigned(#[from] NotKept),
    /// There is no such notice.
    #[error("there is no notice {0}: `ayni notices list` shows them")]
    NoNotice(String),
    /// There is no such mail.
    #[error("there is no mail {0}: `ayni mails list` shows them")]
    NoMail(String),
}

/// Which notifications or mails are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this account's.
    pub account: Option<AccountId>,
    /// Only this payment's.
    pub payment: Option<PaymentId>,
    /// Only those in this state.
    pub state: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// An instant as the API writes it.
pub(crate) fn wire_time<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&time::wire(*at))
}

/// The same, or null.
pub(crate) fn wire_time_option<S: Serializer>(at: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => to.serialize_str(&time::wire(*at)),
        None => to.serialize_none(),
    }
}
