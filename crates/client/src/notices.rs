//! An account's notifications, and how each was taken.

use serde::{Deserialize, Serialize};

use crate::Client;
use crate::call::Call;
use crate::error::Error;

/// A notification: what it tells of and how far it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its identifier; [`Client::event`] answers what is sent of it.
    pub id: String,
    /// `payment.done`, `settlement.done`, `operation.callback`, or `test` for one that an owner sent to try.
    pub kind: String,
    /// The payment, settlement or operation; empty for a test.
    pub subject: String,
    /// Where it goes.
    pub url: String,
    /// `3.0` or `1.3`.
    pub version: String,
    /// `pending`, `delivered`, or `spent` when two days were over.
    pub state: String,
    /// Tries so far.
    pub tries: i64,
    /// When it was made.
    pub created_at: String,
    /// When it is tried next, while it is pending.
    pub next_at: Option<String>,
    /// When it was delivered or spent.
    pub ended_at: Option<String>,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// 1, 2, …
    pub number: i64,
    /// When it was sent.
    pub at: String,
    /// The HTTP status, if the receiver answered.
    pub status: Option<i64>,
    /// From connecting to the answer's end.
    pub latency_ms: i64,
    /// Why there was no answer.
    pub error: Option<String>,
}

/// A notification with its tries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The notification.
    #[serde(flatten)]
    pub notice: Notice,
    /// Every try, the first one first.
    pub attempts: Vec<Attempt>,
}

/// Which notifications.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// `pending`, `delivered` or `spent`.
    pub state: Option<String>,
    /// Only of this payment.
    pub payment_id: Option<String>,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// One page of them, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The notifications, 50 at most.
    pub notices: Vec<Notice>,
    /// Where the next page begins, if there is one.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

impl Client {
    /// The account's notifications, newest first.
    ///
    /// # Errors
    /// 400 names every filter that is wrong.
    pub async fn notices(&self, filter: &Filter) -> Result<Page, Error> {
        let call = Call::get("/ayni/v1/notices")
            .with_query("state", filter.state.as_deref())
            .with_query("payment_id", filter.payment_id.as_deref())
            .with_query("cursor", filter.cursor.as_deref());
        self.way.answer(call).await
    }

    /// One notification with its tries.
    ///
    /// # Errors
    /// 404 where the account has no such notification.
    pub async fn notice(&self, id: &str) -> Result<Delivery, Error> {
        self.way.answer(Call::get(format!("/ayni/v1/notices/{id}"))).await
    }
}
