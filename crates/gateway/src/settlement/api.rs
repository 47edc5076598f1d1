//! `POST /v3/payments/{id}/confirm`.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ayni_domain::ids::PaymentId;
use ayni_domain::lang::Lang;
use ayni_domain::privilege::Privilege;

use super::confirm;
use crate::app::Shared;
use crate::http::RequestLang;
use crate::http::auth::Caller;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::idempotent::{self, Claimed, Idempotency};
use crate::http::json::{self, Body};
use crate::payments::wire::MessageBody;

/// Confirm a payment.
///
/// Releases a payment that is held with `confirm_timeout_date` for settlement on the next business day. Saying it again
/// changes nothing.
#[utoipa::path(
    post, path = "/v3/payments/{id}/confirm", tag = "payments", operation_id = "confirmPayment",
    params(
        ("id" = String, Path, description = "Identifier of the payment", example = "gqzdy6chjne9"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "1 to 255 characters. The same key and body within 24 hours get the first answer again, \
                           with `Idempotent-Replayed: true`."),
    ),
    responses(
        (status = 200, description = "The payment is released", body = MessageBody),
        (status = 400, description = "It is not held, not paid or already settled: the field is `payment_id`", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account may not confirm payments", body = ErrorBody),
        (status = 404, description = "The account has no such payment", body = ErrorBody),
        (status = 409, description = "A request with this Idempotency-Key is running", body = ErrorBody),
        (status = 422, description = "This Idempotency-Key was used with another body", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "Not available now; the message says whether the outcome is known. Repeat with the same Idempotency-Key", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn confirm(
    State(app): State<Shared>,
    Extension(RequestLang(lang)): Extension<RequestLang>,
    caller: Caller,
    idempotency: Idempotency,
    Path(id): Path<String>,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let account = caller.account();
    if !account.privileges.has(Privilege::Confirm) {
        return Err(ApiError::Forbidden);
    }
    if let Some(violation) = idempotency.violation() {
        return Err(ApiError::Invalid(vec![violation]));
    }
    let id = PaymentId::parse(&id).map_err(|_| ApiError::NotFound)?;
    let claim = match idempotency.claim(&app, account.id, &body).await? {
        Claimed::Replay(response) => return Ok(response),
        Claimed::First(claim) => Some(claim),
        Claimed::Without => None,
    };
    let message = confirmed(lang);
    let answer = json::text(&MessageBody { message })?;
    let kept = claim
        .as_ref()
        .map(|claim| claim.keep(StatusCode::OK, &answer))
        .transpose()?;
    let done = confirm::confirm(&app, account, id, kept).await;
    idempotent::outcome::answer(claim.as_ref(), done.map(|()| answer)).await
}

fn confirmed(lang: Lang) -> &'static str {
    lang.pick(
        "El pago fue confirmado y se rendirá el próximo día hábil",
        "The payment was confirmed and will be settled on the next business day",
    )
}
