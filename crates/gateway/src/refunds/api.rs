//! Refunds and the wallet for merchants.

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use ayni_domain::currency::Currency;
use ayni_domain::fields::Fields;
use ayni_domain::ids::{OrderId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::privilege::Privilege;
use ayni_domain::refund::request::{self, Field};
use ayni_domain::refund::{Kind, State as RefundState};
use ayni_domain::time;
use ayni_domain::violation::{Problem, Violation};
use ayni_store::tx::Tx;
use url::form_urlencoded;

use super::accept::{self, Request, accept};
use super::wire::{BalanceBody, ReadRefundBody, WalletRefundBody};
use super::{of_payment, sql, total, wallet};
use crate::app::Shared;
use crate::http::RequestLang;
use crate::http::auth::Caller;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::idempotent::{self, Claimed, Idempotency};
use crate::http::json::{self, Answer, Body};
use crate::payments;
use crate::payments::wire::MessageBody;
use crate::texts::refunds as texts;
use crate::witness::Witness;

/// The body of a classic refund.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "it describes the body, which is read field by field")]
pub(crate) struct ClassicRequest {
    /// How much, as a number or a string; absent: all that is left.
    #[schema(value_type = Option<f64>, example = 1000)]
    amount: Option<Amount>,
}

/// The body of a refund out of the wallet.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "it describes the body, which is read field by field")]
pub(crate) struct WalletRequest {
    /// `full` for all that is left, or `partial`.
    #[schema(example = "partial")]
    r#type: String,
    /// Of which payment.
    #[schema(example = "gqzdy6chjne9")]
    payment_id: String,
    /// How much: required for `partial`, forbidden for `full`.
    #[schema(example = "300.0000")]
    amount: Option<String>,
}

/// Refund a payment out of what was collected.
///
/// For payments whose money lies on a bank account of the gateway, until they are settled or their
/// `confirm_timeout_date` comes. The money goes to the account that paid; what the transaction cost stays charged.
#[utoipa::path(
    post, path = "/v3/payments/{id}/refunds", tag = "refunds", operation_id = "refundPayment",
    params(
        ("id" = String, Path, description = "Identifier of the payment", example = "gqzdy6chjne9"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "1 to 255 characters. The same key and body within 24 hours get the first answer again, also \
                           where it was a refusal, with `Idempotent-Replayed: true`."),
    ),
    request_body = ClassicRequest,
    responses(
        (status = 200, description = "The refund was accepted", body = MessageBody),
        (status = 400, description = "Everything that is against it, by field: `payment_id`, `amount`, or `receiver_id` where the account may not make refunds", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 404, description = "The account has no such payment", body = ErrorBody),
        (status = 409, description = "A request with this Idempotency-Key is running", body = ErrorBody),
        (status = 413, description = "The body is over the limit", body = ErrorBody),
        (status = 422, description = "This Idempotency-Key was used with another body", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "Not available now; the message says whether the outcome is known. Repeat with the same Idempotency-Key", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn post_classic(
    State(app): State<Shared>,
    Extension(RequestLang(lang)): Extension<RequestLang>,
    caller: Caller,
    idempotency: Idempotency,
    Path(id): Path<String>,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let payment = PaymentId::parse(&id).map_err(|_| ApiError::NotFound)?;
    let fields = Fields::<Field>::from_json(&body).map_err(ApiError::NotJson)?;
    let asked = all_right(&idempotency, request::classic(&fields))?;
    let request = Request {
        kind: Kind::Classic,
        account: caller.account().id,
        payment,
        asked,
        lang,
        place: None,
        by: Witness::nobody().clone(),
    };
    answer(&app, idempotency, &body, request).await
}

/// Refund a payment out of the wallet.
///
/// Until 180 days after the payment's reconciliation, whatever became of its money. Several parts may be given back,
/// never more than what is left.
#[utoipa::path(
    post, path = "/v3/refunds", tag = "refunds", operation_id = "createRefund",
    params(("Idempotency-Key" = Option<String>, Header,
        description = "1 to 255 characters. The same key and body within 24 hours get the first answer again, also \
                       where it was a refusal, with `Idempotent-Replayed: true`.")),
    request_body = WalletRequest,
    responses(
        (status = 200, description = "The refund was accepted", body = WalletRefundBody),
        (status = 400, description = "Everything that is against it, by field; `receiver_id` where the account has no wallet", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 409, description = "A request with this Idempotency-Key is running", body = ErrorBody),
        (status = 413, description = "The body is over the limit", body = ErrorBody),
        (status = 422, description = "This Idempotency-Key was used with another body", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "Not available now; the message says whether the outcome is known. Repeat with the same Idempotency-Key", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn post_wallet(
    State(app): State<Shared>,
    Extension(RequestLang(lang)): Extension<RequestLang>,
    caller: Caller,
    idempotency: Idempotency,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let account = caller.account();
    let fields = Fields::<Field>::from_json(&body).map_err(ApiError::NotJson)?;
    let read = request::wallet(&fields).and_then(|asked| {
        let payment = PaymentId::parse(&asked.payment).map_err(|_| vec![accept::unknown(&asked.payment)])?;
        Ok((payment, asked.asked))
    });
    let read = read.map_err(|mut violations| {
        if !account.privileges.has(Privilege::Wallet) {
            violations.insert(0, accept::not_granted(account.id));
        }
        violations
    });
    let (payment, asked) = all_right(&idempotency, read)?;
    let request = Request {
        kind: Kind::Wallet,
        account: account.id,
        payment,
        asked,
        lang,
        place: None,
        by: Witness::nobody().clone(),
    };
    answer(&app, idempotency, &body, request).await
}

/// Read a refund.
#[utoipa::path(
    get, path = "/v3/refunds/{id}", tag = "refunds", operation_id = "getRefund",
    params(("id" = String, Path, description = "Identifier of the refund", example = "b7k2m9x4p1qz")),
    responses(
        (status = 200, description = "The refund", body = ReadRefundBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 404, description = "The account has no such refund", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "The database does not answer; try again", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn get(
    State(app): State<Shared>,
    Extension(RequestLang(lang)): Extension<RequestLang>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Answer, ApiError> {
    let (account, id) = (
        caller.account().id,
        OrderId::parse(&id).map_err(|_| ApiError::NotFound)?,
    );
    let found = app
        .db
        .read("refunds.show", move |tx: &mut Tx<'_>| {
            let Some(refund) = sql::select_refund(tx, id)?.filter(|refund| refund.account == account) else {
                return Ok(None);
            };
            let of_payment = of_payment(tx, refund.payment)?;
            let payment = payments::find(tx, refund.payment)?;
            Ok::<_, ayni_store::error::StoreError>(payment.map(|payment| (refund, payment, of_payment)))
        })
        .await?;
    let (refund, payment, refunds) = found.ok_or(ApiError::NotFound)?;
    let total_refunded = total(&refunds);
    json::text(&ReadRefundBody {
        amount: refund.amount,
        currency: refund.currency.code(),
        id: refund.id,
        message: (refund.state == RefundState::Pending).then(|| texts::accepted(lang)),
        payment_id: refund.payment,
        refunded_amount: refund.amount,
        remaining: payment.amount.checked_sub(total_refunded).unwrap_or(Amount::ZERO),
        request_date: time::wire(refund.requested_at),
        status: refund.state.as_str(),
        total_refunded,
        kind: refund.kind.as_str(),
    })
    .map(Answer)
}

/// Tell what the refund wallet holds.
#[utoipa::path(
    get, path = "/v3/refund-wallet/balance", tag = "refunds", operation_id = "getRefundWalletBalance",
    params(("currency" = Option<String>, Query, description = "Of which wallet; CLP where absent", example = "CLP")),
    responses(
        (status = 200, description = "The balance, and where money is added", body = BalanceBody),
        (status = 400, description = "On `receiver_id` where the account has no wallet, on `currency` where there is no such one", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "The database does not answer; try again", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn balance(
    State(app): State<Shared>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Answer, ApiError> {
    let account = caller.account();
    if !account.privileges.has(Privilege::Wallet) {
        return Err(vec![accept::not_granted(account.id)].into());
    }
    let currency = currency(query.as_deref().unwrap_or_default())?;
    let found = wallet::open(&app, account, currency).await?;
    json::text(&BalanceBody {
        balance: found.as_ref().map_or(Amount::ZERO, |wallet| wallet.balance),
        currency: currency.code(),
        add_funds_url: found
            .map(|wallet| app.settings.link(&format!("/refund-wallet/{}", wallet.reference)))
            .unwrap_or_default(),
    })
    .map(Answer)
}

/// Does what is asked once for each key.
async fn answer(
    app: &Shared,
    idempotency: Idempotency,
    body: &[u8],
    mut request: Request,
) -> Result<Response, ApiError> {
    let claim = match idempotency.claim(app, request.account, body).await? {
        Claimed::Replay(response) => return Ok(response),
        Claimed::First(claim) => Some(claim),
        Claimed::Without => None,
    };
    request.place = claim.as_ref().map(|claim| claim.place());
    let done = accept(app, request).await;
    idempotent::outcome::answer(claim.as_ref(), done).await
}

/// What was read, or everything that is wrong with it and with the request's key.
fn all_right<T>(idempotency: &Idempotency, read: Result<T, Vec<Violation>>) -> Result<T, ApiError> {
    match (read, idempotency.violation()) {
        (Ok(read), None) => Ok(read),
        (read, also) => {
            let mut violations = read.err().unwrap_or_default();
            violations.extend(also);
            Err(violations.into())
        }
    }
}

fn currency(query: &str) -> Result<Currency, ApiError> {
    let asked = form_urlencoded::parse(query.as_bytes())
        .find(|(name, value)| name == "currency" && !value.is_empty())
        .map(|(_, value)| value.into_owned());
    let Some(code) = asked else {
        return Ok(Currency::Clp);
    };
    let known = code
        .parse()
        .ok()
        .filter(|currency: &Currency| currency.paid_in() == *currency);
    known.ok_or_else(|| {
        let codes = Currency::ALL
            .into_iter()
            .filter(|known| known.paid_in() == *known);
        let problem = Problem::NotOneOf(codes.map(Currency::code).collect());
        vec![Violation::new("currency", problem)].into()
    })
}
