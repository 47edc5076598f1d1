//! An account's refunds.

use axum::extract::{RawQuery, State};
use ayni_store::tx::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::{Asked, cursor};
use crate::app::Shared;
use crate::http::auth::Caller;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::json::{self, Answer};
use crate::http::openapi::refused::ByKey;
use crate::refunds;
use crate::refunds::wire::RefundBody;

/// A refund and whose money it gives back.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListedRefund {
    /// The payment.
    #[schema(example = "gqzdy6chjne9")]
    payment_id: String,
    #[serde(flatten)]
    refund: RefundBody,
}

/// A page of refunds.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefundsBody {
    /// Newest first.
    refunds: Vec<ListedRefund>,
    /// Where the next page begins; absent where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// List refunds.
///
/// Ours, not Khipu's. Newest first, out of what was collected and out of the wallet.
#[utoipa::path(
    get, path = "/ayni/v1/refunds", tag = "ayni", operation_id = "listRefunds",
    params(
        ("limit" = Option<u8>, Query, description = "Refunds in the page, 1 to 100; 20 where absent", example = 20),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of them", body = RefundsBody),
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
    let (account, limit, after) = (caller.account().id, asked.limit, asked.after_instant()?);
    let page = move |tx: &mut Tx<'_>| {
        let after = after.as_ref().map(|(ms, id)| (*ms, id.as_str()));
        refunds::page_of(tx, account, after, limit + 1)
    };
    let mut found = app.db.read("lists.refunds", page).await?;
    let has_more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| has_more);
    let next_cursor =
        last.map(|last| cursor(&last.requested_at.as_millisecond().to_string(), last.id.as_str()));
    let listed = found.iter().map(|refund| ListedRefund {
        payment_id: refund.payment.to_string(),
        refund: RefundBody::of(refund),
    });
    json::text(&RefundsBody {
        refunds: listed.collect(),
        next_cursor,
    })
    .map(Answer)
}
