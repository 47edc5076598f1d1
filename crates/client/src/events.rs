//! What happens to the account, as it happens: events over an outgoing connection, for programs that nobody can call.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Client;
use crate::call::Call;
use crate::error::Error;
use crate::stream::{Item, Stream};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its identifier: the notification's, where there is one.
    pub id: String,
    /// When, ISO 8601 in UTC.
    pub at: String,
    /// `payment.done`, `refund.paid`, …
    pub kind: String,
    /// The payment, refund, operation or settlement.
    pub subject: String,
    /// The notification of it, where the gateway sends one.
    #[serde(default)]
    pub notice: Option<Notice>,
}

/// A notification, signed when it was put into the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its type.
    pub content_type: String,
    /// Its signatures.
    pub headers: BTreeMap<String, String>,
    /// Its body, byte for byte.
    pub body: String,
}

impl Client {
    /// What happens from now on, or from an earlier stream's [`Stream::cursor`] on.
    pub fn events(&self, cursor: Option<String>) -> Stream<Event> {
        Stream::of(self, cursor)
    }

    /// One event of the last day, or any notification, signed anew.
    ///
    /// # Errors
    /// 404 where the account has no such event.
    pub async fn event(&self, id: &str) -> Result<Event, Error> {
        self.way.answer(Call::get(format!("/ayni/v1/events/{id}"))).await
    }
}

impl Item for Event {
    const PATH: &'static str = "/ayni/v1/events";

    fn id(&self) -> &str {
        &self.id
    }
}
