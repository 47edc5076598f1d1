//! What an account was paid out, and which payments each payout is made of.

use axum::extract::{Path, RawQuery, State};
use ayni_domain::money::Amount;
use ayni_domain::time;
use ayni_store::tx::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::{Asked, cursor};
use crate::app::Shared;
use crate::http::auth::Caller;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::json::{self, Answer};
use crate::http::openapi::refused::ByKey;
use crate::settlement::{Line, Settlement, account};

/// A settlement. Amounts are strings with four decimals.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListedSettlement {
    /// Its identifier.
    #[schema(example = "990939-1-2026-03-03-1")]
    settlement_id: String,
    /// The business day on which it was made.
    #[schema(example = "2026-03-03")]
    day: String,
    /// ISO 4217.
    #[schema(example = "CLP")]
    currency: &'static str,
    /// When it was made.
    made_at: String,
    /// How many payments it hands over.
    payments: i64,
    /// What their payers transferred.
    #[schema(value_type = String, example = "1000.0000")]
    amount: Amount,
    /// The fees that were kept, VAT included.
    #[schema(value_type = String, example = "0.0000")]
    fee: Amount,
    /// The integrator's share.
    #[schema(value_type = String, example = "0.0000")]
    integrator_fee: Amount,
    /// What was refunded out of them.
    #[schema(value_type = String, example = "0.0000")]
    refunded: Amount,
    /// What came from before; below zero where it was owed.
    #[schema(value_type = String, example = "0.0000")]
    carried: Amount,
    /// What is transferred.
    #[schema(value_type = String, example = "1000.0000")]
    paid_out: Amount,
    /// Stands in the transfer's comment.
    payout_id: String,
    /// `ordered`, `paid` when it was seen leaving, or `failed`: then its money is in the next one.
    #[schema(example = "paid")]
    state: &'static str,
    /// When it was paid or failed.
    ended_at: Option<String>,
}

/// A payment of a settlement.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettledPayment {
    /// The payment.
    payment_id: String,
    /// The merchant's own reference.
    transaction_id: String,
    /// What its payer transferred.
    #[schema(value_type = String, example = "1000.0000")]
    amount: Amount,
    /// The fee that was kept, VAT included.
    #[schema(value_type = String, example = "0.0000")]
    fee: Amount,
    /// The integrator's share.
    #[schema(value_type = String, example = "0.0000")]
    integrator_fee: Amount,
    /// What was refunded out of it.
    #[schema(value_type = String, example = "0.0000")]
    refunded: Amount,
    /// What is left.
    #[schema(value_type = String, example = "1000.0000")]
    net: Amount,
}

/// A page of settlements.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettlementsBody {
    /// Newest first.
    settlements: Vec<ListedSettlement>,
    /// Where the next page begins; absent where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// A settlement with its payments.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettlementWithLines {
    #[serde(flatten)]
    settlement: ListedSettlement,
    /// Its payments: 5,000 at most, or ten times as many where the first ones were all given back.
    lines: Vec<SettledPayment>,
}

/// List settlements.
///
/// Ours, not Khipu's. Newest first, without their payments.
#[utoipa::path(
    get, path = "/ayni/v1/settlements", tag = "ayni", operation_id = "listSettlements",
    params(
        ("limit" = Option<u8>, Query, description = "Settlements in the page, 1 to 100; 20 where absent", example = 20),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of them", body = SettlementsBody),
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
    let (id, limit, after) = (caller.account().id, asked.limit, asked.after);
    let page = move |tx: &mut Tx<'_>| {
        let after = after.as_ref().map(|(day, id)| (day.as_str(), id.as_str()));
        account::page(tx, id, after, limit + 1)
    };
    let mut found = app.db.read("lists.settlements", page).await?;
    let has_more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| has_more);
    let next_cursor = last.map(|last| cursor(&last.day, &last.id));
    json::text(&SettlementsBody {
        settlements: found.iter().map(ListedSettlement::of).collect(),
        next_cursor,
    })
    .map(Answer)
}

/// One settlement.
///
/// Ours, not Khipu's. With every payment that it hands over.
#[utoipa::path(
    get, path = "/ayni/v1/settlements/{id}", tag = "ayni", operation_id = "getSettlement",
    params(("id" = String, Path, description = "The settlement's identifier")),
    responses(
        (status = 200, description = "The settlement", body = SettlementWithLines),
        (status = 404, description = "The account has no such settlement", body = ErrorBody),
        ByKey,
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Answer, ApiError> {
    let of = caller.account().id;
    let shown = app
        .db
        .read("lists.settlement", move |tx| account::show(tx, of, &id))
        .await?;
    let shown = shown.ok_or(ApiError::NotFound)?;
    json::text(&SettlementWithLines {
        settlement: ListedSettlement::of(&shown.settlement),
        lines: shown.lines.iter().map(SettledPayment::of).collect(),
    })
    .map(Answer)
}

impl ListedSettlement {
    fn of(settlement: &Settlement) -> ListedSettlement {
        let Settlement { totals, .. } = settlement;
        ListedSettlement {
            settlement_id: settlement.id.clone(),
            day: settlement.day.clone(),
            currency: settlement.currency.code(),
            made_at: time::wire(settlement.made_at),
            payments: totals.payments,
            amount: totals.amount,
            fee: totals.fee,
            integrator_fee: totals.integrator_fee,
            refunded: totals.refunded,
            carried: settlement.carried,
            paid_out: settlement.paid_out,
            payout_id: settlement.order.clone(),
            state: settlement.state.as_str(),
            ended_at: settlement.ended_at.map(time::wire),
        }
    }
}

impl SettledPayment {
    fn of(line: &Line) -> SettledPayment {
        SettledPayment {
            payment_id: line.payment.to_string(),
            transaction_id: line.transaction_id.clone(),
            amount: line.amount,
            fee: line.fee,
            integrator_fee: line.integrator_fee,
            refunded: line.refunded,
            net: line.net,
        }
    }
}
