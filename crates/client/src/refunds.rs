//! Payments' money given back, out of what was collected or out of the wallet.

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Client;
use crate::call::Call;
use crate::error::Error;
use crate::payments::Said;

/// A refund out of the wallet, as it was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletRefund {
    /// Its identifier.
    pub id: String,
    /// Of which payment.
    pub payment_id: String,
    /// What it gives back.
    pub refunded_amount: Amount,
    /// What was given back of the payment by now.
    pub total_refunded: Amount,
    /// What can be given back still.
    pub remaining: Amount,
    /// In which currency.
    pub currency: Currency,
}

/// A refund as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Its identifier.
    pub id: String,
    /// Of which payment.
    pub payment_id: String,
    /// `pending`, `authorized`, `paid` or `expired`.
    pub status: String,
    /// What it gives back.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// When it was asked for.
    pub request_date: String,
}

/// One page of refunds, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The refunds.
    pub refunds: Vec<Refund>,
    /// Where the next page begins, if there is one.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

/// What the wallet holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// How much.
    pub balance: Amount,
    /// In which currency.
    pub currency: Currency,
    /// Where it is topped up.
    pub add_funds_url: String,
}

impl Client {
    /// Refunds a payment out of what was collected; `None` gives back all that is left.
    ///
    /// # Errors
    /// A refusal names everything that is against it, by field.
    pub async fn refund_payment(&self, payment: &str, amount: Option<Amount>) -> Result<Said, Error> {
        self.way
            .post(format!("/v3/payments/{payment}/refunds"), &classic(amount))
            .await
    }

    /// The same under an `Idempotency-Key` of your own, so that it is one refund across restarts of your program too.
    ///
    /// # Errors
    /// As [`Client::refund_payment`]; 422 where the key was used with another body.
    pub async fn refund_payment_once(
        &self,
        key: &str,
        payment: &str,
        amount: Option<Amount>,
    ) -> Result<Said, Error> {
        let call = Call::post(format!("/v3/payments/{payment}/refunds"), &classic(amount))?;
        self.way.answer(call.with_key(key)?).await
    }

    /// Refunds a payment out of the wallet; `None` gives back all that is left.
    ///
    /// # Errors
    /// A refusal names everything that is against it, by field.
    pub async fn refund_from_wallet(
        &self,
        payment: &str,
        amount: Option<Amount>,
    ) -> Result<WalletRefund, Error> {
        let body = match amount {
            Some(amount) => json!({ "type": "partial", "payment_id": payment, "amount": amount }),
            None => json!({ "type": "full", "payment_id": payment }),
        };
        self.way.post("/v3/refunds", &body).await
    }

    /// The account's refunds, newest first.
    ///
    /// # Errors
    /// 400 where limit or cursor are wrong.
    pub async fn refunds(&self, limit: Option<u32>, cursor: Option<&str>) -> Result<Page, Error> {
        let call = Call::get("/ayni/v1/refunds")
            .with_query("limit", limit)
            .with_query("cursor", cursor);
        self.way.answer(call).await
    }

    /// One refund.
    ///
    /// # Errors
    /// 404 where the account has no such refund.
    pub async fn refund(&self, id: &str) -> Result<Refund, Error> {
        self.way.answer(Call::get(format!("/v3/refunds/{id}"))).await
    }

    /// What the wallet holds.
    ///
    /// # Errors
    /// 400 on `receiver_id` without the privilege.
    pub async fn wallet(&self) -> Result<Balance, Error> {
        self.way.answer(Call::get("/v3/refund-wallet/balance")).await
    }
}

fn classic(amount: Option<Amount>) -> Value {
    amount.map_or_else(|| json!({}), |amount| json!({ "amount": amount }))
}
