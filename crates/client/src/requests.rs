//! What the account asks of the API, as it is answered: whatever program of it asks, on whichever node.

use serde::{Deserialize, Serialize};

use crate::Client;
use crate::stream::{Item, Stream};

/// What was answered to the account on one node within half a second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// By which it is known.
    pub id: String,
    /// When the gateway wrote it down, ISO 8601 in UTC.
    pub at: String,
    /// How many more requests there were that found no room.
    pub left_out: u64,
    /// The requests, in the order of their answers.
    pub requests: Vec<Request>,
}

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// When, ISO 8601 in UTC.
    pub at: String,
    /// GET, POST, …
    pub method: String,
    /// Its route with the gateway's identifiers in it.
    pub path: String,
    /// The answer's HTTP status.
    pub status: u16,
    /// From its arrival to its answer, in microseconds.
    pub duration_us: u64,
    /// `X-Request-Id`.
    pub request_id: String,
    /// The alias of the API key that opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The OAuth client whose token opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// `invalid`, `not-found`, `too-many`, …
    pub code: String,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<RefusedField>,
}

/// A field of a request and the name of what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedField {
    /// The field.
    pub field: String,
    /// `required`, `too-long`, …
    pub code: String,
}

impl Client {
    /// What the account asks from now on, or from an earlier stream's [`Stream::cursor`] or an instant (Unix milliseconds) on.
    pub fn requests(&self, cursor: Option<String>) -> Stream<Requests> {
        Stream::of(self, cursor)
    }
}

impl Item for Requests {
    const PATH: &'static str = "/ayni/v1/requests";

    fn id(&self) -> &str {
        &self.id
    }
}
