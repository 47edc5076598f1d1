//! An account's notifications, and the tries of one.

use axum::extract::{Path, RawQuery, State};
use ayni_domain::time;
use ayni_domain::violation::{Problem, Violation};
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::{Asked, cursor};
use crate::app::Shared;
use crate::http::auth::Caller;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::json::{self, Answer};
use crate::http::openapi::refused::ByKey;
use crate::merchants::MerchantError;
use crate::notices::log::{self, Place, Wanted};
use crate::notices::{NoticeEntry, TryEntry, told_of};

/// A notification: what it tells of and how far it came.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeBody {
    /// Its identifier; `/ayni/v1/events/{id}` answers what is sent, signed now.
    id: String,
    /// `payment.done`, `settlement.done`, `operation.callback` or `test`.
    #[schema(example = "payment.done")]
    kind: &'static str,
    /// The payment, settlement or operation; empty for a test.
    #[schema(example = "gqzdy6chjne9")]
    subject: String,
    /// Where it goes.
    url: String,
    /// `3.0` or `1.3`.
    version: String,
    /// `pending`, `delivered`, or `spent` when two days were over.
    #[schema(example = "delivered")]
    state: String,
    /// Tries so far.
    tries: i64,
    /// When it was made.
    created_at: String,
    /// When it is tried next, while it is pending.
    next_at: Option<String>,
    /// When it was delivered or spent.
    ended_at: Option<String>,
}

/// One try.
#[derive(Serialize, ToSchema)]
pub(crate) struct TryBody {
    /// 1, 2, …
    number: i64,
    /// When it was sent.
    at: String,
    /// The HTTP status, if the receiver answered.
    status: Option<i64>,
    /// From connecting to the answer's end.
    latency_ms: i64,
    /// Why there was no answer.
    error: Option<String>,
}

/// A page of notifications.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticesBody {
    /// Newest first, 50 at most.
    notices: Vec<NoticeBody>,
    /// Where the next page begins; absent where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// One notification with its tries.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeWithTries {
    #[serde(flatten)]
    notice: NoticeBody,
    /// Every try, the first one first.
    attempts: Vec<TryBody>,
}

/// List notifications.
///
/// Ours, not Khipu's. Newest first, 50 at most. A page may hold fewer, or none, and a `next_cursor` all the same: it looked
/// at so many that are not in this state.
#[utoipa::path(
    get, path = "/ayni/v1/notices", tag = "ayni", operation_id = "listNotices",
    params(
        ("state" = Option<String>, Query, description = "`pending`, `delivered` or `spent`"),
        ("payment_id" = Option<String>, Query, description = "Only of this payment"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of them", body = NoticesBody),
        (status = 400, description = "Every query field that breaks a rule", body = ErrorBody),
        ByKey,
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn list(
    State(app): State<Shared>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Answer, ApiError> {
    let asked = Asked::parse(query.as_deref().unwrap_or_default())?;
    let state = asked.of("state").map(str::to_owned);
    if state.as_deref().is_some_and(|state| !STATES.contains(&state)) {
        let violation = Violation::new("state", Problem::NotOneOf(STATES.to_vec()));
        return Err(ApiError::Invalid(vec![violation]));
    }
    let after = asked
        .after_instant()?
        .map(|(created_ms, id)| Place { created_ms, id });
    let wanted = Wanted {
        state,
        payment: asked.of("payment_id").map(str::to_owned),
        ..Wanted::default()
    };
    let page = log::page(&app.db, caller.account().id, wanted, after).await?;
    let next = page
        .next
        .map(|place| cursor(&place.created_ms.to_string(), &place.id));
    json::text(&NoticesBody {
        notices: page.entries.iter().map(NoticeBody::of).collect(),
        next_cursor: next,
    })
    .map(Answer)
}

/// One notification.
///
/// Ours, not Khipu's. With every try, and what the receiver answered by its status.
#[utoipa::path(
    get, path = "/ayni/v1/notices/{id}", tag = "ayni", operation_id = "getNotice",
    params(("id" = String, Path, description = "The notification's identifier")),
    responses(
        (status = 200, description = "The notification", body = NoticeWithTries),
        (status = 404, description = "The account has no such notification", body = ErrorBody),
        ByKey,
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Answer, ApiError> {
    let shown = log::show(&app, caller.account().id, &id)
        .await
        .map_err(|error| match error {
            MerchantError::Store(error) => error.into(),
            other => ApiError::internal(&other),
        })?;
    let shown = shown.ok_or(ApiError::NotFound)?;
    json::text(&NoticeWithTries {
        notice: NoticeBody::of(&shown.entry),
        attempts: shown.tries.iter().map(TryBody::of).collect(),
    })
    .map(Answer)
}

impl NoticeBody {
    fn of(entry: &NoticeEntry) -> NoticeBody {
        let told = told_of(entry).map(|(kind, subject)| (kind.as_str(), subject));
        let (kind, subject) = told.unwrap_or_else(|| (TEST, String::new()));
        NoticeBody {
            id: entry.id.clone(),
            kind,
            subject,
            url: entry.url.clone(),
            version: entry.version.clone(),
            state: entry.state.clone(),
            tries: entry.tries,
            created_at: time::wire(entry.created_at),
            next_at: entry.next_at.map(time::wire),
            ended_at: entry.ended_at.map(time::wire),
        }
    }
}

impl TryBody {
    fn of(entry: &TryEntry) -> TryBody {
        TryBody {
            number: entry.number,
            at: time::wire(entry.at),
            status: entry.status,
            latency_ms: entry.latency_ms,
            error: entry.error.clone(),
        }
    }
}

/// The kind of a test notification, which is of nothing.
const TEST: &str = "test";
const STATES: [&str; 3] = ["pending", "delivered", "spent"];
