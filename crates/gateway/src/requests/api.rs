//! Requests for programs: the stream.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use ayni_domain::ids::AccountId;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::line::Refusal;
use super::{keep, sql};
use crate::app::{App, Shared};
use crate::events::follow::{self, Entry, Feed, Follower};
use crate::http::auth::{Caller, Key};
use crate::http::error::{ApiError, ErrorBody};
use crate::merchants::Account;

/// What was answered to an account on one node within half a second.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RequestsBody<'a> {
    /// By which it is known.
    id: &'a str,
    /// When it was written, ISO 8601 in UTC.
    at: String,
    /// How many more requests there were that found no room.
    left_out: i64,
    /// The requests, in the order of their answers.
    #[schema(value_type = Vec<RequestBody>)]
    requests: &'a RawValue,
}

/// A request that was answered.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RequestBody<'a> {
    /// When, ISO 8601 in UTC.
    pub(super) at: String,
    /// GET, POST, …
    pub(super) method: &'a str,
    /// Its route with our identifiers in it; no query, and nothing else of what was sent.
    #[schema(example = "/v3/payments/{id}")]
    pub(super) path: &'a str,
    /// The answer's HTTP status.
    pub(super) status: u16,
    /// From its arrival to its answer, in microseconds.
    pub(super) duration_us: u64,
    /// `X-Request-Id`: the caller's or one of ours.
    pub(super) request_id: &'a str,
    /// The alias of the API key that opened it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<&'a str>,
    /// The OAuth client whose token opened it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client: Option<&'a str>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<&'a Refusal>,
}

/// Follow the account's own requests.
///
/// Ours, not Khipu's. Server-sent events: `ready` when the connection stands, `item` for what was answered within half a
/// second, `gap` where some of what was asked for is not kept. Requests are recorded while somebody follows them and for a
/// day after; each is kept for a day. Each event has an `id`; who sends the last one as `Last-Event-ID`, or an instant in
/// Unix milliseconds, is told what came since, and may be told of the half minute before it again: items are known by
/// their own `id`. Without it the stream begins now. It shares the places of `/ayni/v1/events`.
#[utoipa::path(
    get, path = "/ayni/v1/requests", tag = "ayni", operation_id = "followRequests",
    params(("Last-Event-ID" = Option<String>, Header, description = "Where an earlier stream ended, or where to begin")),
    responses(
        (status = 200, description = "The stream; the data of an `item` is this", content_type = "text/event-stream",
            body = RequestsBody),
        (status = 401, description = "No such key", body = ErrorBody),
        (status = 429, description = "More requests or streams than the account may have", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn stream(
    State(app): State<Shared>,
    caller: Caller,
    key: Key,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let start = follow::start(&headers, app.clock.now());
    let follower = Follower::new(app, caller.account().id, key, Requests);
    follow::stream(follower, start).await
}

/// The requests of an account, as they are followed.
#[derive(Clone, Copy)]
struct Requests;

impl Feed for Requests {
    async fn listen(self, app: &App, account: AccountId) -> Result<Timestamp, StoreError> {
        keep::tail(app, account).await
    }

    fn page(
        self,
        tx: &mut Tx<'_>,
        _: &App,
        account: &Account,
        after: (i64, &str),
        told: &HashMap<String, Timestamp>,
    ) -> Result<Vec<Entry>, StoreError> {
        let places = sql::select_places(tx, account.id, after, follow::PAGE_ROWS)?;
        let entry = |(id, at): (String, Timestamp)| {
            let json = match told.contains_key(&id) {
                true => None,
                false => sql::select_portion(tx, &id)?.and_then(|portion| body(&id, at, portion)),
            };
            Ok(Entry { id, at, json })
        };
        places.into_iter().map(entry).collect()
    }
}

fn body(id: &str, at: Timestamp, (left_out, lines): (i64, String)) -> Option<String> {
    let requests = RawValue::from_string(lines).ok()?;
    let body = RequestsBody {
        id,
        at: wire(at),
        left_out,
        requests: &requests,
    };
    serde_json::to_string(&body).ok()
}
