//! What the account was paid out, and which payments each payout is made of.

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use serde::{Deserialize, Serialize};

use crate::Client;
use crate::call::Call;
use crate::error::Error;

/// A settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Its identifier.
    pub settlement_id: String,
    /// The business day on which it was made.
    pub day: String,
    /// In which currency.
    pub currency: Currency,
    /// When it was made.
    pub made_at: String,
    /// How many payments it hands over.
    pub payments: i64,
    /// What their payers transferred.
    pub amount: Amount,
    /// The fees that were kept, VAT included.
    pub fee: Amount,
    /// The integrator's share.
    pub integrator_fee: Amount,
    /// What was refunded out of them.
    pub refunded: Amount,
    /// What came from before; below zero where it was owed.
    pub carried: Amount,
    /// What is transferred.
    pub paid_out: Amount,
    /// Stands in the transfer's comment.
    pub payout_id: String,
    /// `ordered`, `paid` or `failed`.
    pub state: String,
    /// When it was paid or failed.
    pub ended_at: Option<String>,
}

/// A payment of a settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The payment.
    pub payment_id: String,
    /// The merchant's own reference.
    pub transaction_id: String,
    /// What its payer transferred.
    pub amount: Amount,
    /// The fee that was kept, VAT included.
    pub fee: Amount,
    /// The integrator's share.
    pub integrator_fee: Amount,
    /// What was refunded out of it.
    pub refunded: Amount,
    /// What is left.
    pub net: Amount,
}

/// A settlement with its payments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The settlement.
    #[serde(flatten)]
    pub settlement: Settlement,
    /// Its payments.
    pub lines: Vec<Line>,
}

/// One page of settlements, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The settlements.
    pub settlements: Vec<Settlement>,
    /// Where the next page begins, if there is one.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

impl Client {
    /// The account's settlements, newest first, without their payments.
    ///
    /// # Errors
    /// 400 where limit or cursor are wrong.
    pub async fn settlements(&self, limit: Option<u32>, cursor: Option<&str>) -> Result<Page, Error> {
        let call = Call::get("/ayni/v1/settlements")
            .with_query("limit", limit)
            .with_query("cursor", cursor);
        self.way.answer(call).await
    }

    /// One settlement with its payments.
    ///
    /// # Errors
    /// 404 where the account has no such settlement.
    pub async fn settlement(&self, id: &str) -> Result<Report, Error> {
        self.way
            .answer(Call::get(format!("/ayni/v1/settlements/{id}")))
            .await
    }
}
