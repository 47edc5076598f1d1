//! `/v3/receivers` for integrators.

use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::Integrator;
use super::children::{self, Wanted};
use super::create;
use super::request::ReceiverRequest;
use super::wire::{ChildrenBody, ReceiverCreatedBody};
use crate::app::Shared;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::idempotent::{self, Claimed, Idempotency};
use crate::http::json::{Answer, Body};

/// Create a receiver.
///
/// Crea una cuenta de cobro asociada al integrador. Its secret and its API key are told in this answer only. A developer
/// account makes developer receivers, a live one live receivers; each collects on the integrator's bank accounts until it
/// has one of its own.
#[utoipa::path(
    post, path = "/v3/receivers", tag = "receivers", operation_id = "createReceiver",
    params(("Idempotency-Key" = Option<String>, Header,
        description = "1 to 255 characters. The same key and body within 24 hours get the first answer again, \
                       with `Idempotent-Replayed: true`; it is kept sealed.")),
    request_body = ReceiverRequest,
    responses(
        (status = 200, description = "The receiver was created", body = ReceiverCreatedBody),
        (status = 400, description = "Every field that breaks a rule, or a body that is no JSON object", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is no integrator, or it is disabled", body = ErrorBody),
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
    integrator: Integrator,
    idempotency: Idempotency,
    Body(body): Body,
) -> Result<Response, ApiError> {
    let account = integrator.account();
    let bad_key = idempotency.violation();
    let claim = match idempotency.claim(&app, account.id, &body).await? {
        Claimed::Replay(response) => return Ok(response),
        Claimed::First(claim) => Some(claim),
        Claimed::Without => None,
    };
    let done = create::create(&app, account, &body, claim.as_ref(), bad_key).await;
    idempotent::outcome::answer(claim.as_ref(), done).await
}

/// List the integrator's receivers.
#[utoipa::path(
    get, path = "/v3/receivers/children", tag = "receivers", operation_id = "listReceivers",
    params(
        ("offset" = Option<u32>, Query, description = "How many to skip, 0 to 1000000; 0 where absent", example = 0),
        ("max" = Option<u8>, Query, description = "Receivers in the page, 1 to 100; 20 where absent", example = 20),
        ("sort" = Option<String>, Query, description = "`id` (where absent), `name` or `date_created`"),
        ("order" = Option<String>, Query, description = "`asc` (where absent) or `desc`"),
    ),
    responses(
        (status = 200, description = "A page of receivers", body = ChildrenBody),
        (status = 400, description = "Every query field that breaks a rule", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is no integrator, or it is disabled", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "The database does not answer; try again", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn children(
    State(app): State<Shared>,
    integrator: Integrator,
    RawQuery(query): RawQuery,
) -> Result<Answer, ApiError> {
    let wanted = Wanted::parse(query.as_deref().unwrap_or_default())?;
    children::page(&app, integrator.account(), wanted)
        .await
        .map(Answer)
}
