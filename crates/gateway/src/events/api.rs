//! Events for programs: the stream, and one of them again.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use ayni_domain::ids::AccountId;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use serde::Serialize;

use super::follow::{Entry, Feed, Follower};
use super::sql::{self, EventRow};
use super::{KEPT_FOR, Kind, follow};
use crate::app::{App, Shared};
use crate::http::auth::{Caller, Key};
use crate::http::error::{ApiError, ErrorBody};
use crate::http::json::{self, Answer};
use crate::http::openapi::refused::ByKey;
use crate::merchants::{Account, ApiKeys};
use crate::notices;
use crate::notices::letter::{self, Letter};

/// Something that happened to the account.
#[derive(Serialize, utoipa::ToSchema)]
pub struct EventBody {
    /// The notification's, where there is one.
    id: String,
    /// When, ISO 8601 in UTC.
    at: String,
    /// `payment.done`, `payment.rejected`, `payment.abuse`, `payment.deleted`, `payment.marked-paid`, `refund.paid`,
    /// `refund.expired`, `settlement.done` or `operation.callback`.
    #[schema(example = "payment.done")]
    kind: String,
    /// The payment, refund, operation or settlement.
    subject: String,
    /// The notification, signed now: what the gateway would send, byte for byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<Letter>,
}

/// Follow what happens.
///
/// Ours, not Khipu's. Server-sent events: `ready` when the connection stands, `item` for each event (its data is what
/// `/ayni/v1/events/{id}` answers), `gap` where the cursor is older than a day. Each has an `id`; who sends the last
/// one as `Last-Event-ID` misses nothing, and may be told of the half minute before it again: events are known by
/// their own `id`. Without it the stream begins now. An account may have ten streams on each node.
#[utoipa::path(
    get, path = "/ayni/v1/events", tag = "ayni", operation_id = "followEvents",
    params(("Last-Event-ID" = Option<String>, Header, description = "Where an earlier stream ended")),
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String),
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
    let follower = Follower::new(app, caller.account().id, key, Events);
    follow::stream(follower, start).await
}

/// One event again.
///
/// Ours, not Khipu's. An event of the last day, or any notification of the account, signed anew.
#[utoipa::path(
    get, path = "/ayni/v1/events/{id}", tag = "ayni", operation_id = "getEvent",
    params(("id" = String, Path, description = "The event's or the notification's identifier")),
    responses(
        (status = 200, description = "The event", body = EventBody),
        (status = 404, description = "The account has no such event", body = ErrorBody),
        ByKey,
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Answer, ApiError> {
    let (own, account) = (app.clone(), caller.account().clone());
    let found = app
        .db
        .read("events.show", move |tx| {
            if let Some(row) = sql::select_event(tx, account.id, &id)? {
                return told(tx, &own, &account, row).map(Some);
            }
            let Some(entry) = notices::find_of(tx, account.id, &id)? else {
                return Ok(None);
            };
            let Some((kind, subject)) = notices::told_of(&entry) else {
                return Ok(None);
            };
            let row = EventRow {
                at: entry.created_at,
                kind: kind.as_str().to_owned(),
                subject,
                unsent: None,
                id: entry.id,
            };
            told(tx, &own, &account, row).map(Some)
        })
        .await?;
    json::text(&found.ok_or(ApiError::NotFound)?).map(Answer)
}

/// The events of an account, as they are followed.
#[derive(Clone, Copy)]
struct Events;

impl Feed for Events {
    async fn listen(self, app: &App, account: AccountId) -> Result<Timestamp, StoreError> {
        let listens_until = (app.clock.now().saturating_add(KEPT_FOR)).unwrap_or(Timestamp::MAX);
        app.db
            .append("events.listen", move |tx| {
                sql::upsert_listener(tx, account, listens_until)
            })
            .await?;
        // Notifications lie for longer: who asks for what was before is not told that it is missing.
        Ok(Timestamp::MIN)
    }

    fn page(
        self,
        tx: &mut Tx<'_>,
        app: &App,
        account: &Account,
        after: (i64, &str),
        _: &HashMap<String, Timestamp>,
    ) -> Result<Vec<Entry>, StoreError> {
        let rows = sql::select_events(tx, account.id, after, follow::PAGE_ROWS)?;
        rows.into_iter()
            .map(|row| {
                let (id, at) = (row.id.clone(), row.at);
                let body = told(tx, app, account, row)?;
                Ok(Entry {
                    id,
                    at,
                    // Of texts only, so it can be written.
                    json: Some(serde_json::to_string(&body).unwrap_or_default()),
                })
            })
            .collect()
    }
}

fn told(tx: &mut Tx<'_>, app: &App, account: &Account, row: EventRow) -> Result<EventBody, StoreError> {
    let now = app.clock.now();
    let is_withheld = row.kind == Kind::OperationCallback.as_str() && account.api_keys == ApiKeys::Refused;
    let notice = match &row.unsent {
        // Where an account refuses API keys for data, they open no data here either.
        _ if is_withheld => None,
        Some((version, body)) => letter::sign(tx, app, account.id, (*version, body), now)?,
        None => letter::of_notice(tx, app, &row.id, now)?,
    };
    Ok(EventBody {
        id: row.id,
        at: wire(row.at),
        kind: row.kind,
        subject: row.subject,
        notice,
    })
}
