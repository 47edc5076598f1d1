//! `/v3/payments` for merchants.

use axum::extract::{FromRequest as _, Path, RawQuery, Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use ayni_domain::ids::PaymentId;
use ayni_domain::lang::Lang;
use ayni_store::tx::Tx;
use bytes::Bytes;

use super::create::{Asked, Likely};
use super::list::Wanted;
use super::request::CreateRequest;
use super::wire::{CreatedBody, MessageBody, PageBody, PaymentBody};
use super::{create, delete, list, read};
use crate::app::{App, Shared};
use crate::http::RequestLang;
use crate::http::auth::{self, Caller, Key};
use crate::http::error::{ApiError, ErrorBody};
use crate::http::idempotent::{self, Claimed, Idempotency};
use crate::http::json::{Answer, Body};
use crate::http::limits::Allowance;
use crate::merchants::Account;
use crate::witness::Witness;

/// Create a payment.
///
/// Crea un pago y entrega las URL a las que se dirige al pagador para que lo complete.
#[utoipa::path(
    post, path = "/v3/payments", tag = "payments", operation_id = "createPayment",
    params(("Idempotency-Key" = Option<String>, Header,
        description = "1 to 255 characters. The same key and body within 24 hours get the first answer again, \
                       with `Idempotent-Replayed: true`."),
        ("Accept-Language" = Option<String>, Header,
        description = "Language of messages, and of the mails that the payer gets for this payment: Spanish, or \
                       English where it is preferred.")),
    request_body = CreateRequest,
    responses(
        (status = 200, description = "The payment was created", body = CreatedBody),
        (status = 400, description = "Every field that breaks a rule, or a body that is no JSON object", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is disabled", body = ErrorBody),
        (status = 409, description = "A request with this Idempotency-Key is running", body = ErrorBody),
        (status = 413, description = "The body is over the limit", body = ErrorBody),
        (status = 422, description = "This Idempotency-Key was used with another body", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "Not available now; the message says whether the outcome is known. Repeat with the same Idempotency-Key", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn post(
    State(app): State<Shared>,
    Extension(RequestLang(lang)): Extension<RequestLang>,
    caller: Caller,
    idempotency: Idempotency,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let asked = Asked::now(&body, lang);
    made(&app, caller.account(), idempotency, asked).await
}

async fn made(
    app: &App,
    account: &Account,
    idempotency: Idempotency,
    asked: Asked<'_>,
) -> Result<Response, ApiError> {
    let also = idempotency.violation();
    let claim = match idempotency.claim(app, account.id, asked.body).await? {
        Claimed::Replay(response) => return Ok(response),
        Claimed::First(claim) => Some(claim),
        Claimed::Without => None,
    };
    let asked = Asked { also, ..asked };
    let done = create::create(app, account, &asked, claim.as_ref(), Witness::nobody()).await;
    idempotent::outcome::answer(claim.as_ref(), done).await
}

/// The same, past the router.
pub(super) async fn post_as(app: Shared, caller: Caller, likely: Likely, request: Request) -> Response {
    let idempotency = Idempotency::of(&request);
    let RequestLang(lang) = request
        .extensions()
        .get()
        .copied()
        .unwrap_or(RequestLang(Lang::Es));
    let Body(body) = match Body::from_request(request, &app).await {
        Ok(body) => body,
        Err(error) => return error.into_response(),
    };
    let asked = Asked {
        likely: Some(likely),
        ..Asked::now(&body, lang)
    };
    let answered = made(&app, caller.account(), idempotency, asked).await;
    answered.into_response()
}

/// Read a payment.
#[utoipa::path(
    get, path = "/v3/payments/{id}", tag = "payments", operation_id = "getPayment",
    params(("id" = String, Path, description = "Identifier of the payment", example = "gqzdy6chjne9")),
    responses(
        (status = 200, description = "The payment, with every key", body = PaymentBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is disabled", body = ErrorBody),
        (status = 404, description = "The account has no such payment", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "The database does not answer; try again", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn get(State(app): State<Shared>, key: Key, Path(id): Path<String>) -> Response {
    let id = PaymentId::parse(&id).ok();
    let work = move |tx: &mut Tx<'_>, account: &Account| match id {
        Some(id) => read::read_own(tx, account, id),
        None => Ok(None),
    };
    auth::read_as(&app, key, "payments.show", work, |account, found| {
        let read = found.ok_or(ApiError::NotFound)?;
        read::told(&app, account, &read).map(Answer)
    })
    .await
}

/// The same, of a payment that is the key's account's, where it can be told at once.
pub(super) fn get_at_once(app: &App, key: Key, id: PaymentId) -> Option<(Bytes, Allowance)> {
    let work = |tx: &mut Tx<'_>, account: &Account| {
        let read = read::read_own(tx, account, id)?;
        Ok(read.and_then(|read| read::told(app, account, &read).ok()))
    };
    auth::read_as_now(app, key, "payments.show", work)
}

/// Delete a payment.
///
/// Only while it is `pending`; it can't be undone. Afterwards reading it tells `status` `deleted`.
#[utoipa::path(
    delete, path = "/v3/payments/{id}", tag = "payments", operation_id = "deletePayment",
    params(("id" = String, Path, description = "Identifier of the payment", example = "gqzdy6chjne9")),
    responses(
        (status = 200, description = "The payment was deleted", body = MessageBody),
        (status = 400, description = "It is not pending: the field is `payment_id`", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is disabled", body = ErrorBody),
        (status = 404, description = "The account has no such payment", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "Not available now; the message says whether the outcome is known. Repeat with the same Idempotency-Key", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn delete(
    State(app): State<Shared>,
    Extension(RequestLang(lang)): Extension<RequestLang>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<MessageBody>, ApiError> {
    let id = PaymentId::parse(&id).map_err(|_| ApiError::NotFound)?;
    delete::delete(&app, caller.account().id, id, Witness::nobody()).await?;
    Ok(Json(MessageBody {
        message: deleted(lang),
    }))
}

/// List payments.
///
/// Newest first, without `custom` and `body`. Send `next_cursor` of a page as `cursor` to get the next one.
#[utoipa::path(
    get, path = "/v3/payments", tag = "payments", operation_id = "listPayments",
    params(
        ("limit" = Option<u8>, Query, description = "Payments in the page, 1 to 100; 20 where absent", example = 20),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("status" = Option<String>, Query, description = "`pending`, `verifying`, `done` or `deleted`"),
        ("transaction_id" = Option<String>, Query, description = "The merchant's own reference"),
        ("from" = Option<String>, Query, description = "Created at this instant or later, ISO 8601 with offset",
            example = "2017-03-01T13:00:00Z"),
        ("to" = Option<String>, Query, description = "Created before this instant, ISO 8601 with offset",
            example = "2017-03-02T13:00:00Z"),
    ),
    responses(
        (status = 200, description = "A page of payments", body = PageBody),
        (status = 400, description = "Every query field that breaks a rule", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is disabled", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "The database does not answer; try again", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn list(
    State(app): State<Shared>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Answer, ApiError> {
    let wanted = Wanted::parse(query.as_deref().unwrap_or_default())?;
    list::page(&app, caller.account(), wanted).await.map(Answer)
}

fn deleted(lang: Lang) -> &'static str {
    lang.pick("El pago fue eliminado", "The payment was deleted")
}
