//! `GET /v1/institutions`: what can be asked of whom, and how their sites do.

use axum::extract::State;
use axum::response::Response;
use ayni_connectors::data::declaration::{Declaration, LoginField, OperationSpec, Parameter, ParameterKind};
use ayni_domain::site::breaker::Breaker;
use jiff::Timestamp;
use serde::Serialize;

use super::Site;
use crate::app::Shared;
use crate::http::data_auth::DataCaller;
use crate::http::error::ApiError;
use crate::operations::answer;

/// `Data` of the list.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed<'a> {
    institution: Vec<Shown<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown<'a> {
    institution_id: &'a str,
    name: &'a str,
    host: &'a str,
    path: String,
    operation: Vec<ShownOperation<'a>>,
    login_field: Vec<ShownField<'a>>,
    /// `AVAILABLE`, `UNAVAILABLE` or `RECOVERING`, as this process knows it.
    state: &'static str,
    last_hour: LastHour,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownOperation<'a> {
    name: &'a str,
    needs_login: bool,
    parameter: Vec<ShownParameter<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownParameter<'a> {
    name: &'a str,
    format: &'static str,
    max_length: Option<usize>,
    required: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownField<'a> {
    name: &'a str,
    label: &'a str,
    secret: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LastHour {
    answered: u64,
    site_faults: u64,
    our_faults: u64,
    p50_ms: Option<u64>,
    p95_ms: Option<u64>,
}

/// All institutions, by path.
pub(super) async fn list(State(app): State<Shared>, _: DataCaller) -> Result<Response, ApiError> {
    let now = app.clock.now();
    let institution = app.sites.all().map(|site| shown(site, now)).collect();
    answer::with_data(&app, &Listed { institution })
}

fn shown(site: &Site, now: Timestamp) -> Shown<'_> {
    let declaration: &Declaration = site.declaration();
    let (breaker, hour) = site.health(now);
    Shown {
        institution_id: &declaration.scope,
        name: &declaration.name,
        host: &declaration.institution,
        path: format!("/v1/{}", declaration.path),
        operation: declaration.operations.iter().map(operation).collect(),
        login_field: declaration.login_fields.iter().map(field).collect(),
        state: state(breaker, now),
        last_hour: LastHour {
            answered: hour.answered,
            site_faults: hour.site_faults,
            our_faults: hour.our_faults,
            p50_ms: hour.p50_ms,
            p95_ms: hour.p95_ms,
        },
    }
}

fn operation(spec: &OperationSpec) -> ShownOperation<'_> {
    ShownOperation {
        name: &spec.name,
        needs_login: spec.needs_login,
        parameter: spec.parameters.iter().map(parameter).collect(),
    }
}

fn parameter(parameter: &Parameter) -> ShownParameter<'_> {
    let (format, max_length) = match parameter.kind {
        ParameterKind::Text { max_chars } => ("text", Some(max_chars)),
        ParameterKind::Date => ("date", None),
        ParameterKind::Currency => ("currency", None),
    };
    ShownParameter {
        name: &parameter.name,
        format,
        max_length,
        required: parameter.required,
    }
}

fn field(field: &LoginField) -> ShownField<'_> {
    ShownField {
        name: &field.name,
        label: &field.label,
        secret: field.secret,
    }
}

/// The word for a breaker.
pub fn state(breaker: Breaker, now: Timestamp) -> &'static str {
    match breaker {
        Breaker::Closed { .. } => "AVAILABLE",
        Breaker::Open { until } if now < until => "UNAVAILABLE",
        Breaker::Open { .. } | Breaker::HalfOpen { .. } => "RECOVERING",
    }
}
