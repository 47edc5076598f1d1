//! What is stored of a payment beside its columns: the optional fields, as JSON that holds only those that were set.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::lang::Lang;
use crate::method::Method;
use crate::money::Amount;

/// The version of the notifications' interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NotifyVersion {
    /// A signed JSON body.
    #[default]
    #[serde(rename = "3.0")]
    V3_0,
    /// A form with a token.
    #[serde(rename = "1.3")]
    V1_3,
}

impl NotifyVersion {
    /// As on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            NotifyVersion::V3_0 => "3.0",
            NotifyVersion::V1_3 => "1.3",
        }
    }

    /// Reads `3.0` or `1.3`.
    pub fn parse(text: &str) -> Option<NotifyVersion> {
        [NotifyVersion::V3_0, NotifyVersion::V1_3]
            .into_iter()
            .find(|version| version.as_str() == text)
    }
}

/// The optional fields of a payment, without `transaction_id` (a column), `expires_date` (a column) and `custom` (a row
/// of its own).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "each is the field of the same name")]
pub struct PaymentDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_url: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub notify_api_version: NotifyVersion,
    #[serde(skip_serializing_if = "is_default")]
    pub send_email: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_email: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub send_reminders: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible_user_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_payer_personal_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrator_fee: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_timeout_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandatory_payment_method: Option<Method>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub psp_client_merchant_name: Option<String>,
    /// No field of the request: the language that it was made in, which its mails speak.
    #[serde(skip_serializing_if = "is_default")]
    pub lang: Lang,
}

impl PaymentDetails {
    /// The JSON of the row; `None` where nothing was set.
    pub fn to_row(&self) -> Result<Option<String>, serde_json::Error> {
        if is_default(self) {
            Ok(None)
        } else {
            serde_json::to_string(self).map(Some)
        }
    }

    /// Reads the JSON of a row.
    pub fn from_row(row: Option<&str>) -> Result<PaymentDetails, serde_json::Error> {
        row.map_or_else(|| Ok(PaymentDetails::default()), serde_json::from_str)
    }

    /// `ready_for_terminal` of the wire: whether the payer's address and bank are known.
    pub fn is_ready_for_terminal(&self) -> bool {
        self.payer_email.is_some() && self.bank_id.is_some()
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
