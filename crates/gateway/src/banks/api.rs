//! What merchants ask about banks: which there are, how an account may be paid, and whether a bank would let a payer's
//! transfer through.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use ayni_domain::method::Method;
use ayni_domain::time;
use serde::Serialize;
use utoipa::ToSchema;

use super::predict::{self, Question};
use super::{Bank, logo};
use crate::app::{App, Shared};
use crate::http::auth::Caller;
use crate::http::error::{ApiError, ErrorBody};
use crate::payments;

/// To be put behind authentication.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/v3/banks", get(banks))
        .route("/v3/merchants/{id}/paymentMethods", get(payment_methods_of))
        .route("/v3/merchants/paymentMethods", get(payment_methods))
        .route("/api/3.0/merchants/paymentMethods", get(payment_methods_3_0))
        .route("/v3/predict", get(predict))
}

/// What browsers fetch.
pub fn public_router() -> Router<Shared> {
    Router::new().route("/logo/{name}", get(logo))
}

/// The banks that the account's payers can choose.
#[derive(Serialize, ToSchema)]
pub(crate) struct BanksBody {
    /// In the order they are offered.
    banks: Vec<BankBody>,
}

/// A bank.
#[derive(Serialize, ToSchema)]
pub(crate) struct BankBody {
    /// At most five characters.
    #[schema(example = "Bawdf")]
    bank_id: String,
    /// Shown to payers.
    #[schema(example = "DemoBank")]
    name: String,
    /// Shown beside the name; may be empty.
    #[schema(example = "")]
    message: String,
    /// The least it transfers, with four decimals.
    #[schema(example = "200.0000")]
    min_amount: String,
    /// `Persona` or `Empresa`.
    #[serde(rename = "type")]
    #[schema(example = "Persona")]
    kind: String,
    /// The id of the bank it is a brand of, or `""`.
    #[schema(example = "")]
    parent: String,
    /// Its mark, from this gateway.
    #[schema(example = "https://khipu.com/logo/Bawdf.svg")]
    logo_url: String,
}

/// The ways in which an account's payments can be paid.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentMethodsBody {
    /// The simplified one first.
    #[serde(rename = "paymentMethods")]
    payment_methods: Vec<PaymentMethodBody>,
}

/// A way to pay.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentMethodBody {
    /// `SIMPLIFIED_TRANSFER` or `REGULAR_TRANSFER`.
    #[schema(example = "SIMPLIFIED_TRANSFER")]
    id: &'static str,
    /// For people.
    #[schema(example = "Transferencia simplificada")]
    name: &'static str,
    /// Its mark, from this gateway.
    #[schema(example = "https://khipu.com/logo/SIMPLIFIED_TRANSFER.svg")]
    logo_url: String,
}

/// The forecast of a transfer.
#[derive(Serialize, ToSchema)]
pub(crate) struct PredictBody {
    /// The most that the bank transfers to a payee the payer never paid before; `""` where not known.
    #[schema(example = "500000.0000")]
    new_destinatary_max_amount: String,
    /// The most that it transfers at once; `""` where not known.
    #[schema(example = "5000000.0000")]
    max_amount: String,
    /// `ok`, `new_destinatary_amount_exceeded`, `max_amount_exceeded`, `new_destinatary_cool_down` or
    /// `not_available_account`.
    #[schema(example = "ok")]
    result: &'static str,
    /// When the limit of a new payee ends, while it holds for a payer who paid before; else `""`.
    #[schema(example = "")]
    cool_down_date: String,
}

/// List the banks.
#[utoipa::path(
    get, path = "/v3/banks", tag = "banks", operation_id = "getBanks",
    responses(
        (status = 200, description = "The banks that the account sees", body = BanksBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is disabled", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn banks(State(app): State<Shared>, caller: Caller) -> Json<BanksBody> {
    let seen = app.banks.seen_by(caller.account().mode);
    Json(BanksBody {
        banks: seen.map(|bank| BankBody::of(&app, bank)).collect(),
    })
}

/// List an account's payment methods, for the account itself.
#[utoipa::path(
    get, path = "/v3/merchants/{id}/paymentMethods", tag = "banks", operation_id = "getMerchantPaymentMethods",
    params(("id" = i64, Path, description = "The caller's own receiver_id", example = 990939)),
    responses(
        (status = 200, description = "The account's methods", body = PaymentMethodsBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is disabled", body = ErrorBody),
        (status = 404, description = "Not the caller's own account", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn payment_methods_of(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<PaymentMethodsBody>, ApiError> {
    match id.parse::<i64>() {
        Ok(id) if id == caller.account().id.0 => Ok(Json(PaymentMethodsBody::of(&app, &caller))),
        _ => Err(ApiError::NotFound),
    }
}

/// List the caller's own payment methods.
#[utoipa::path(
    get, path = "/v3/merchants/paymentMethods", tag = "banks", operation_id = "getPaymentMethods",
    responses(
        (status = 200, description = "The caller's methods", body = PaymentMethodsBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is disabled", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn payment_methods(State(app): State<Shared>, caller: Caller) -> Json<PaymentMethodsBody> {
    Json(PaymentMethodsBody::of(&app, &caller))
}

/// List the caller's own payment methods, under the address that the documentation of creation names.
#[utoipa::path(
    get, path = "/api/3.0/merchants/paymentMethods", tag = "banks", operation_id = "getPaymentMethods30",
    responses(
        (status = 200, description = "The caller's methods", body = PaymentMethodsBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is disabled", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn payment_methods_3_0(
    State(app): State<Shared>,
    caller: Caller,
) -> Json<PaymentMethodsBody> {
    Json(PaymentMethodsBody::of(&app, &caller))
}

/// Predict whether a payer's bank would let a transfer through.
///
/// From the bank's published limits and from what this payer has paid to this account before.
#[utoipa::path(
    get, path = "/v3/predict", tag = "banks", operation_id = "predict",
    params(
        ("payer_email" = String, Query, description = "The payer's e-mail", example = "pagador@email.com"),
        ("bank_id" = String, Query, description = "A bank of `GET /v3/banks`", example = "Bawdf"),
        ("amount" = String, Query, description = "What would be paid", example = "1000"),
        ("currency" = String, Query, description = "ISO 4217", example = "CLP"),
    ),
    responses(
        (status = 200, description = "The forecast", body = PredictBody),
        (status = 400, description = "Every query field that is missing or breaks a rule", body = ErrorBody),
        (status = 401, description = "No valid API key", body = ErrorBody),
        (status = 403, description = "The account is disabled", body = ErrorBody),
        (status = 429, description = "Over the rate limit; see Retry-After", body = ErrorBody),
        (status = 500, description = "Our own fault", body = ErrorBody),
        (status = 503, description = "The database does not answer; try again", body = ErrorBody),
    ),
    security(("x-api-key" = []))
)]
pub(crate) async fn predict(
    State(app): State<Shared>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<PredictBody>, ApiError> {
    let account = caller.account();
    let question = Question::parse(query.as_deref().unwrap_or_default(), &app.banks, account.mode)?;
    let forecast = predict::forecast(&app, account, question).await?;
    let told = |limit: Option<ayni_domain::money::Amount>| limit.map(|amount| amount.to_string());
    Ok(Json(PredictBody {
        new_destinatary_max_amount: told(forecast.new_destinatary_max_amount).unwrap_or_default(),
        max_amount: told(forecast.max_amount).unwrap_or_default(),
        result: forecast.result.as_str(),
        cool_down_date: forecast.cool_down_date.map(time::wire).unwrap_or_default(),
    }))
}

/// `GET /logo/{id}.svg`: the mark of a bank or of a payment method.
async fn logo(State(app): State<Shared>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let id = name.strip_suffix(".svg").ok_or(ApiError::NotFound)?;
    let shown = match app.banks.find(id) {
        Some(bank) => bank.name.as_str(),
        None => Method::ALL
            .into_iter()
            .find(|method| method.id() == id)
            .map(name_of)
            .ok_or(ApiError::NotFound)?,
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    Ok((headers, logo::svg(shown)).into_response())
}

impl BankBody {
    fn of(app: &App, bank: &Bank) -> BankBody {
        BankBody {
            bank_id: bank.id.clone(),
            name: bank.name.clone(),
            message: bank.message.clone(),
            min_amount: bank.min_amount.to_string(),
            kind: bank.kind.clone(),
            parent: bank.parent.clone(),
            logo_url: logo_url(app, &bank.id),
        }
    }
}

impl PaymentMethodsBody {
    fn of(app: &App, caller: &Caller) -> PaymentMethodsBody {
        let methods = payments::methods(app, caller.account());
        let told = methods.iter().map(|method| PaymentMethodBody {
            id: method.id(),
            name: name_of(*method),
            logo_url: logo_url(app, method.id()),
        });
        PaymentMethodsBody {
            payment_methods: told.collect(),
        }
    }
}

/// As Khipu's own payers know them, whatever the caller's language.
fn name_of(method: Method) -> &'static str {
    match method {
        Method::SimplifiedTransfer => "Transferencia simplificada",
        Method::RegularTransfer => "Transferencia normal",
    }
}

fn logo_url(app: &App, id: &str) -> String {
    app.settings.link(&format!("/logo/{id}.svg"))
}
