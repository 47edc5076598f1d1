//! What is told of one request.

use ayni_domain::ids::PaymentId;
use ayni_domain::operation::problem::{Problem, What};
use ayni_domain::violation::Violation;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::tail::By;
use crate::http::error::ApiError;

/// A request that was answered.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// When it was answered.
    pub(crate) at: Timestamp,
    /// GET, POST, …
    pub(crate) method: String,
    /// As [`path_of`] makes it.
    pub(crate) path: String,
    /// The answer's HTTP status.
    pub(crate) status: u16,
    /// From its arrival to its answer, in microseconds.
    pub(crate) duration_us: u64,
    /// `X-Request-Id`.
    pub(crate) request_id: String,
    /// What opened it.
    pub(crate) by: By,
    /// Why it was refused.
    pub(crate) refusal: Option<Refusal>,
}

/// Why a request was refused, without a value of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Refusal {
    /// `invalid`, `not-found`, `too-many`, … or on the data side `A001`, `E201`, …
    #[schema(example = "invalid")]
    code: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<RefusedField>,
}

/// A field of the request and the name of what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct RefusedField {
    #[schema(example = "amount")]
    field: String,
    #[schema(example = "required")]
    code: String,
}

impl Refusal {
    /// Of a request that was refused before it was worked on.
    pub(crate) fn of(error: &ApiError) -> Refusal {
        let (code, fields) = match error {
            ApiError::Invalid(violations) => ("invalid", violations.iter().map(RefusedField::of).collect()),
            ApiError::Parameters(problems) => (
                "invalid",
                problems.iter().map(RefusedField::of_parameter).collect(),
            ),
            ApiError::Operation(fault) => (fault.code.as_str(), Vec::new()),
            other => (name(other), Vec::new()),
        };
        Refusal {
            code: code.to_owned(),
            fields,
        }
    }

    /// Of one that has nothing but a code.
    pub(crate) fn of_code(code: &str) -> Refusal {
        Refusal {
            code: code.to_owned(),
            fields: Vec::new(),
        }
    }
}

impl RefusedField {
    fn of(violation: &Violation) -> RefusedField {
        RefusedField {
            field: violation.field.to_owned(),
            code: violation.problem.code().to_owned(),
        }
    }

    fn of_parameter(problem: &Problem) -> RefusedField {
        RefusedField {
            // The name of a field that we do not know is the caller's text.
            field: match problem.what {
                What::Unknown => UNKNOWN_FIELD.to_owned(),
                _ => problem.field.clone(),
            },
            code: problem.what.code().as_str().to_owned(),
        }
    }
}

fn name(error: &ApiError) -> &'static str {
    match error {
        ApiError::Invalid(_) | ApiError::Parameters(_) | ApiError::Operation(_) => "invalid",
        ApiError::NotJson(_) => "not-json",
        ApiError::CutShort => "cut-short",
        ApiError::Unauthorized => "unauthorized",
        ApiError::Forbidden => "forbidden",
        ApiError::AccountDisabled => "account-disabled",
        ApiError::NotFound => "not-found",
        ApiError::MethodNotAllowed => "method-not-allowed",
        ApiError::StillRunning => "still-running",
        ApiError::TooLarge { .. } => "too-large",
        ApiError::KeyReused => "key-reused",
        ApiError::TooMany { .. } => "too-many",
        ApiError::Unavailable => "unavailable",
        ApiError::OutcomeUnknown => "outcome-unknown",
        ApiError::Internal(_) => "internal",
    }
}

/// The route with the identifiers of the path in their places. What is no identifier of ours stays a name in braces: people
/// put anything into paths.
pub(crate) fn path_of(route: &str, path: &str) -> String {
    if !route.contains('{') || route.split('/').count() != path.split('/').count() {
        return route.to_owned();
    }
    let pairs = route.split('/').zip(path.split('/'));
    let shown = pairs.map(
        |(name, value)| match name.starts_with('{') && is_identifier(value) {
            true => value,
            false => name,
        },
    );
    shown.collect::<Vec<_>>().join("/")
}

fn is_identifier(value: &str) -> bool {
    let is_lettered = value.bytes().any(|byte| byte.is_ascii_lowercase());
    (PaymentId::parse(value).is_ok() && is_lettered) || Uuid::parse_str(value).is_ok()
}

const UNKNOWN_FIELD: &str = "(unknown)";

#[cfg(test)]
mod tests {
    use ayni_domain::violation::Problem as Broken;

    use super::*;

    #[test]
    fn a_path_tells_our_identifiers_and_nothing_else() {
        for (route, path, shown) in [
            ("/v3/payments", "/v3/payments", "/v3/payments"),
            (
                "/v3/payments/{id}",
                "/v3/payments/abcdefghijk1",
                "/v3/payments/abcdefghijk1",
            ),
            (
                "/v3/payments/{id}",
                "/v3/payments/11.111.111-1",
                "/v3/payments/{id}",
            ),
            (
                "/v3/payments/{id}",
                "/v3/payments/000011111111",
                "/v3/payments/{id}",
            ),
            (
                "/v3/payments/{id}",
                "/v3/payments/ana@shop.cl",
                "/v3/payments/{id}",
            ),
            (
                "/v1/operations/{id}",
                "/v1/operations/0b1c3a52-6d0e-4f5c-9a55-2f6d3a0f6a11",
                "/v1/operations/0b1c3a52-6d0e-4f5c-9a55-2f6d3a0f6a11",
            ),
            ("unmatched", "/11111111-1", "unmatched"),
        ] {
            assert_eq!(path_of(route, path), shown);
        }
    }

    #[test]
    fn a_refusal_tells_no_value() {
        let url = "http://user:secret@shop.cl".to_owned();
        let violations = vec![
            Violation::new("notify_url", Broken::BadUrl(url)),
            Violation::new("amount", Broken::Required),
        ];
        let told = serde_json::to_string(&Refusal::of(&violations.into())).unwrap();
        assert_eq!(
            told,
            r#"{"code":"invalid","fields":[{"field":"notify_url","code":"bad-url"},{"field":"amount","code":"required"}]}"#
        );
        let problems = vec![Problem::new("RequestData.11111111-1", What::Unknown)];
        let told = serde_json::to_string(&Refusal::of(&ApiError::Parameters(problems))).unwrap();
        assert_eq!(
            told,
            r#"{"code":"invalid","fields":[{"field":"(unknown)","code":"P003"}]}"#
        );
    }
}
