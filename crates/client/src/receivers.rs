//! An integrator's receivers: merchants whose accounts it makes.

use serde::{Deserialize, Serialize};

use crate::Client;
use crate::call::Call;
use crate::error::Error;

/// The business and the people behind a new receiver. `Default` leaves every text empty, which is refused by field.
#[derive(Clone, Debug, Default, Serialize)]
#[expect(
    missing_docs,
    reason = "the names are those of the wire, and each says all there is to say"
)]
pub struct NewReceiver {
    pub admin_first_name: String,
    pub admin_last_name: String,
    pub admin_email: String,
    pub country_code: String,
    pub business_identifier: String,
    pub business_category: String,
    pub business_name: String,
    pub business_phone: String,
    pub business_address_line_1: String,
    pub business_address_line_2: String,
    pub business_address_line_3: String,
    pub contact_full_name: String,
    pub contact_job_title: String,
    pub contact_email: String,
    pub contact_phone: String,
    /// Where its money goes; all five or none.
    #[serde(flatten)]
    pub bank_account: Option<BankAccount>,
    /// Where it is notified unless a payment says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_url: Option<String>,
    /// Where it is told of its settlements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rendition_url: Option<String>,
}

/// The bank account of a receiver.
#[derive(Clone, Debug, Default, Serialize)]
#[expect(
    missing_docs,
    reason = "the names are those of the wire, and each says all there is to say"
)]
pub struct BankAccount {
    pub bank_account_bank_id: String,
    pub bank_account_type: String,
    pub bank_account_identifier: String,
    pub bank_account_name: String,
    pub bank_account_number: String,
}

/// What a creation answers: its secrets are told once.
#[derive(Clone, Deserialize)]
pub struct CreatedReceiver {
    /// Its number, as text.
    pub receiver_id: String,
    /// Signs its notifications.
    pub secret: String,
    /// Opens the API for it.
    pub api_key: String,
}

/// A receiver as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub date_created: String,
    /// Whether it may not be used.
    pub disabled: bool,
    /// Whether it may collect.
    pub can_collect: bool,
}

/// One page of an integrator's receivers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Children {
    /// The receivers.
    pub receivers: Vec<Receiver>,
    /// How many there are in all.
    pub total: i64,
}

impl Client {
    /// Makes a receiver.
    ///
    /// # Errors
    /// 403 where the account is no integrator's.
    pub async fn create_receiver(&self, new: &NewReceiver) -> Result<CreatedReceiver, Error> {
        self.way.post("/v3/receivers", new).await
    }

    /// The integrator's receivers, `max` of them after the first `offset`.
    ///
    /// # Errors
    /// 403 where the account is no integrator's.
    pub async fn receivers(&self, offset: u32, max: u32) -> Result<Children, Error> {
        let call = Call::get("/v3/receivers/children")
            .with_query("offset", Some(offset))
            .with_query("max", Some(max));
        self.way.answer(call).await
    }
}
