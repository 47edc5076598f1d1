//! Payments: made, read, listed, deleted, confirmed.

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use serde::{Deserialize, Serialize};

use crate::Client;
use crate::call::Call;
use crate::error::Error;

/// The body of `POST /v3/payments`; what is `None` is not sent. Instants are ISO 8601 with an offset.
#[derive(Clone, Debug, Serialize)]
pub struct NewPayment {
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// What it is for, 255 characters at most.
    pub subject: String,
    /// Everything else.
    #[serde(flatten)]
    pub details: Details,
}

impl NewPayment {
    /// A payment with what every payment must have.
    pub fn new(amount: Amount, currency: Currency, subject: impl Into<String>) -> NewPayment {
        NewPayment {
            amount,
            currency,
            subject: subject.into(),
            details: Details::default(),
        }
    }
}

impl std::ops::Deref for NewPayment {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.details
    }
}

impl std::ops::DerefMut for NewPayment {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.details
    }
}

macro_rules! details {
    ($($(#[$doc:meta])+ $name:ident: $type:ty,)+) => {
        /// What a payment may say beyond amount, currency and subject.
        #[derive(Clone, Debug, Default, Serialize)]
        pub struct Details { $(
            $(#[$doc])+
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $name: Option<$type>,
        )+ }
    };
}

details! {
    /// The merchant's own reference.
    transaction_id: String,
    /// Given back as it is.
    custom: String,
    /// Shown to the payer.
    body: String,
    /// The payer's bank.
    bank_id: String,
    /// Where the payer goes while the payment is verified.
    return_url: String,
    /// Where the payer goes who does not want to pay.
    cancel_url: String,
    /// A picture of what is sold.
    picture_url: String,
    /// Where its notification goes.
    notify_url: String,
    /// `3.0` or `1.3`.
    notify_api_version: String,
    /// A PDF that is signed with the payment.
    contract_url: String,
    /// Until when an attempt may begin.
    expires_date: String,
    /// Whether the payer is asked by mail.
    send_email: bool,
    /// The payer's name.
    payer_name: String,
    /// The payer's address.
    payer_email: String,
    /// Whether the payer is reminded.
    send_reminders: bool,
    /// Who of the account answers for it.
    responsible_user_email: String,
    /// The only person who may pay it.
    fixed_payer_personal_identifier: String,
    /// The integrator's part.
    integrator_fee: String,
    /// On which of the account's bank accounts it is paid.
    collect_account_uuid: String,
    /// Until when it is held back and may be refunded.
    confirm_timeout_date: String,
    /// The only way in which it may be paid.
    mandatory_payment_method: String,
    /// For whom a payment service provider collects it.
    psp_client_merchant_name: String,
}

/// What a creation answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// The payment.
    pub payment_id: String,
    /// Where the payer is sent.
    pub payment_url: String,
    /// Its simplified transfer.
    pub simplified_transfer_url: String,
    /// Its transfer by hand.
    pub transfer_url: String,
    /// For Khipu's app.
    pub app_url: String,
    /// Whether payer and bank are known.
    pub ready_for_terminal: bool,
}

/// A payment as it is read. Texts that are not set are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its identifier.
    pub payment_id: String,
    /// `pending`, `verifying`, `done` or `deleted`.
    pub status: String,
    /// `normal`, `rejected-by-payer`, `fully-refunded`, …
    pub status_detail: String,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// What it is for.
    pub subject: String,
    /// The merchant's own reference.
    pub transaction_id: String,
    /// Who collects it.
    pub receiver_id: i64,
    /// Where it is paid.
    pub payment_url: String,
    /// The receipt, once it was paid.
    pub receipt_url: String,
    /// Where its notification goes.
    pub notify_url: String,
    /// Until when an attempt may begin.
    pub expires_date: String,
    /// When its money was seen.
    pub conciliation_date: Option<String>,
    /// Whether that was after its expiry.
    pub out_of_date_conciliation: bool,
    /// The payer's bank.
    pub bank: String,
    /// The payer's name.
    pub payer_name: String,
    /// The payer's address.
    pub payer_email: String,
    /// `simplified_transfer`, `regular_transfer` or `not_available`.
    pub payment_method: String,
    /// What was refunded of it.
    pub total_refunded: Amount,
    /// Its refunds; absent in lists of some versions.
    #[serde(default)]
    pub refunds: Vec<PaymentRefund>,
    /// As the merchant gave it; absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<String>,
    /// As the merchant gave it; absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// A refund as its payment tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRefund {
    /// Its identifier.
    pub id: String,
    /// `pending`, `authorized`, `paid` or `expired`.
    pub status: String,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// When it was asked for.
    pub request_date: String,
}

/// Which payments are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// `pending`, `verifying`, `done` or `deleted`.
    pub status: Option<String>,
    /// With this reference of the merchant's.
    pub transaction_id: Option<String>,
    /// Made then or later.
    pub from: Option<String>,
    /// Made before.
    pub to: Option<String>,
    /// At most so many, up to 100.
    pub limit: Option<u32>,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// One page of them, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The payments.
    pub payments: Vec<Payment>,
    /// Where the next page begins, if there is one.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

/// What the gateway says of something that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// In words.
    pub message: String,
}

impl Client {
    /// Makes a payment. Sent again after a lost connection, it is still one payment.
    ///
    /// # Errors
    /// A refusal names every field that is wrong.
    pub async fn create_payment(&self, new: &NewPayment) -> Result<Created, Error> {
        self.way.post("/v3/payments", new).await
    }

    /// The same under an `Idempotency-Key` of your own, so that it is one payment across restarts of your program too.
    ///
    /// # Errors
    /// As [`Client::create_payment`]; 422 where the key was used with another body.
    pub async fn create_payment_once(&self, key: &str, new: &NewPayment) -> Result<Created, Error> {
        let call = Call::post("/v3/payments", new)?.with_key(key)?;
        self.way.answer(call).await
    }

    /// One payment.
    ///
    /// # Errors
    /// 404 where the account has no such payment.
    pub async fn payment(&self, id: &str) -> Result<Payment, Error> {
        self.way.answer(Call::get(format!("/v3/payments/{id}"))).await
    }

    /// One page of payments, newest first.
    ///
    /// # Errors
    /// A refusal names what is wrong with the filter.
    pub async fn payments(&self, filter: &Filter) -> Result<Page, Error> {
        let call = Call::get("/v3/payments")
            .with_query("status", filter.status.as_deref())
            .with_query("transaction_id", filter.transaction_id.as_deref())
            .with_query("from", filter.from.as_deref())
            .with_query("to", filter.to.as_deref())
            .with_query("limit", filter.limit)
            .with_query("cursor", filter.cursor.as_deref());
        self.way.answer(call).await
    }

    /// Deletes a pending payment, for good.
    ///
    /// # Errors
    /// 400 where it is not pending any more.
    pub async fn delete_payment(&self, id: &str) -> Result<Said, Error> {
        self.way.answer(Call::delete(format!("/v3/payments/{id}"))).await
    }

    /// Releases a payment that is held with `confirm_timeout_date` for the next settlement.
    ///
    /// # Errors
    /// 403 without the privilege.
    pub async fn confirm_payment(&self, id: &str) -> Result<Said, Error> {
        let path = format!("/v3/payments/{id}/confirm");
        self.way.post(path, &serde_json::json!({})).await
    }
}
