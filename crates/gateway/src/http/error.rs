//! The one shape of a refused request.
//!
//! Handlers return [`ApiError`]; what it says is typed, and only [`render`] turns it into words, in the caller's
//! language. `errors` names every violation of the request and is absent for 401, 403, 404 and 500 (seen in
//! Khipu's answers). No success body ever carries it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ayni_domain::fields::NotJson;
use ayni_domain::lang::Lang;
use ayni_domain::operation::Fault;
use ayni_domain::operation::problem::Problem;
use ayni_domain::violation::Violation;
use ayni_store::error::StoreError;
use serde::Serialize;
use thiserror::Error;

/// Why a request was not done.
#[derive(Clone, Debug, Error)]
pub enum ApiError {
    /// 400: everything that is wrong with the request's fields.
    #[error("the request breaks {} field rules", .0.len())]
    Invalid(Vec<Violation>),
    /// 400: the body is no JSON object.
    #[error(transparent)]
    NotJson(NotJson),
    /// 400: the body ended before all of it came.
    #[error("the body ended early")]
    CutShort,
    /// Data side: what stopped the operation before it was begun, or instead of it; the status is its code's.
    #[error("the operation was refused: {0}")]
    Operation(Fault),
    /// 400, data side: everything that is wrong with the request's parameters.
    #[error("the request breaks {} parameter rules", .0.len())]
    Parameters(Vec<Problem>),
    /// 401: no key, an unknown one, or one that has expired.
    #[error("no valid API key")]
    Unauthorized,
    /// 403: the account lacks the privilege.
    #[error("the account lacks a privilege")]
    Forbidden,
    /// 403: an operator disabled the account.
    #[error("the account is disabled")]
    AccountDisabled,
    /// 404: nothing there that this caller may see.
    #[error("not found")]
    NotFound,
    /// 405: the path exists, the method does not.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// 409: the same `Idempotency-Key` is being worked on.
    #[error("a request with this Idempotency-Key is still running")]
    StillRunning,
    /// 413: over the body limit, in bytes.
    #[error("the body is over {limit_bytes} bytes")]
    TooLarge {
        /// The limit that was passed.
        limit_bytes: usize,
    },
    /// 422: the `Idempotency-Key` was used with another body.
    #[error("the Idempotency-Key was used with another body")]
    KeyReused,
    /// 429: more requests than the key may make.
    #[error("rate limit reached")]
    TooMany {
        /// Seconds until a request may succeed.
        retry_after_s: u64,
    },
    /// 503: the store takes no more work now; nothing was done.
    #[error("the store is not available")]
    Unavailable,
    /// 503: the connection to the database was lost while it committed: it may have been done.
    #[error("the outcome is not known")]
    OutcomeUnknown,
    /// 500: our own fault; the chain is logged where it is rendered.
    #[error("internal fault: {0}")]
    Internal(String),
}

impl ApiError {
    /// An internal fault, with its whole chain of causes kept for the log.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> ApiError {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(deeper) = cause {
            text.push_str(": ");
            text.push_str(&deeper.to_string());
            cause = deeper.source();
        }
        ApiError::Internal(text)
    }

    /// The HTTP status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            ApiError::Invalid(_) | ApiError::NotJson(_) | ApiError::CutShort | ApiError::Parameters(_) => {
                StatusCode::BAD_REQUEST
            }
            ApiError::Operation(fault) => {
                StatusCode::from_u16(fault.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            ApiError::Unauthorized => StatusCode::UNAUTHORIZED,
            ApiError::Forbidden | ApiError::AccountDisabled => StatusCode::FORBIDDEN,
            ApiError::NotFound => StatusCode::NOT_FOUND,
            ApiError::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            ApiError::StillRunning => StatusCode::CONFLICT,
            ApiError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            ApiError::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            ApiError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            ApiError::Unavailable | ApiError::OutcomeUnknown => StatusCode::SERVICE_UNAVAILABLE,
            ApiError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Vec<Violation>> for ApiError {
    fn from(violations: Vec<Violation>) -> ApiError {
        ApiError::Invalid(violations)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        match error {
            StoreError::OutcomeUnknown => ApiError::OutcomeUnknown,
            temporary if temporary.is_temporary() => ApiError::Unavailable,
            other => ApiError::internal(&other),
        }
    }
}

/// Leaves the typed error for [`render`], which knows the caller's language.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The error body of the wire: `{"status":400,"message":"…","errors":[{"field":"…","message":"…"}]}`.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ErrorBody {
    /// The HTTP status again.
    status: u16,
    /// What happened, in the caller's language.
    message: String,
    /// Every violation of the request, for 400 only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// One violation.
#[derive(Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// The request's field.
    field: String,
    /// What is wrong with it and what is allowed.
    message: String,
}

impl ErrorBody {
    /// The body of this error in a language.
    pub fn of(error: &ApiError, lang: Lang) -> ErrorBody {
        ErrorBody {
            status: error.status().as_u16(),
            message: crate::texts::api::error_message(error, lang),
            errors: field_errors(error, lang),
        }
    }
}

/// Gives a refused request its JSON body; answers that already have a body pass unchanged.
pub fn render(response: Response, lang: Lang) -> Response {
    render_with(response, |error| {
        axum::Json(ErrorBody::of(error, lang)).into_response()
    })
}

/// The same with another body: the error's status and headers stay.
pub(super) fn render_with(mut response: Response, body: impl FnOnce(&ApiError) -> Response) -> Response {
    let error = match response.extensions_mut().remove::<ApiError>() {
        Some(error) => error,
        None if response.headers().contains_key(header::CONTENT_TYPE) => return response,
        None => match response.status() {
            StatusCode::NOT_FOUND => ApiError::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => ApiError::MethodNotAllowed,
            _ => return response,
        },
    };
    if let ApiError::Internal(chain) = &error {
        tracing::error!(error = %chain, "request failed");
    }
    let mut rendered = (error.status(), body(&error)).into_response();
    if let ApiError::TooMany { retry_after_s } = error {
        rendered
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
    }
    for (name, value) in response.headers() {
        if name != header::CONTENT_LENGTH {
            rendered
                .headers_mut()
                .entry(name)
                .or_insert_with(|| value.clone());
        }
    }
    rendered
}

fn field_errors(error: &ApiError, lang: Lang) -> Vec<FieldError> {
    let ApiError::Invalid(violations) = error else {
        return Vec::new();
    };
    violations
        .iter()
        .map(|violation| FieldError {
            field: violation.field.to_string(),
            message: violation.problem.text(lang),
        })
        .collect()
}
