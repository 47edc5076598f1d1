//! The data side's one shape: whatever is refused under `/v1`, by whichever layer, leaves as the whole envelope.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ayni_domain::lang::Lang;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::{Envelope, Fault, problem};
use uuid::Uuid;

use super::error::{ApiError, render_with};
use crate::texts::api::error_message;

/// Whether answers to this path are envelopes.
pub fn is_data_path(path: &str) -> bool {
    path == "/v1" || path.starts_with("/v1/") || LINK_FLOW.contains(&path)
}

/// The link flow's two calls lie outside `/v1`.
const LINK_FLOW: [&str; 2] = ["/link/token/create", "/public/token/exchange"];

/// Gives a refused request its envelope; answers that already have a body pass unchanged.
pub fn render(response: Response, lang: Lang, operation_id: impl FnOnce() -> Uuid) -> Response {
    let mut rendered = render_with(typed(response), |error| {
        axum::Json(Envelope::failed(operation_id(), &fault_of(error, lang), lang)).into_response()
    });
    if rendered.status() == StatusCode::UNAUTHORIZED {
        // RFC 9110, 15.5.2, and RFC 6750, 3.
        let scheme = HeaderValue::from_static("Bearer realm=\"ayni\"");
        rendered.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    }
    rendered
}

/// A path that can't be read is refused by the framework, with a sentence of its own: nothing has such a path.
fn typed(response: Response) -> Response {
    let is_ours = |kind: &HeaderValue| kind == "application/json";
    let is_foreign = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| !is_ours(kind));
    match response.status() == StatusCode::BAD_REQUEST && is_foreign {
        true => ApiError::NotFound.into_response(),
        false => response,
    }
}

fn fault_of(error: &ApiError, lang: Lang) -> Fault {
    let code = match error {
        ApiError::Operation(fault) => return fault.clone(),
        ApiError::Parameters(problems) => {
            return Fault::with_detail(problem::code_of(problems), problem::texts(problems, lang));
        }
        ApiError::Invalid(violations) => {
            let texts = violations
                .iter()
                .map(|one| format!("{}: {}", one.field, one.problem.text(lang)));
            let texts: Vec<String> = texts.collect();
            return Fault::with_detail(Code::ParameterUnfit, texts.join("; "));
        }
        ApiError::NotJson(_) | ApiError::CutShort => Code::ParameterUnfit,
        ApiError::Unauthorized => return Code::NoCredential.into(),
        ApiError::Forbidden => return Code::OutOfScope.into(),
        ApiError::AccountDisabled => Code::OutOfScope,
        ApiError::NotFound | ApiError::MethodNotAllowed => return Code::NoSuchPath.into(),
        ApiError::TooLarge { .. } | ApiError::KeyReused => Code::ParameterNotAllowed,
        ApiError::TooMany { .. } => return Code::TooMany.into(),
        ApiError::StillRunning => Code::TooMany,
        ApiError::Unavailable => Code::ComponentMissing,
        ApiError::OutcomeUnknown => Code::ComponentAnswerInvalid,
        ApiError::Internal(_) => return Code::Internal.into(),
    };
    Fault::with_detail(code, error_message(error, lang))
}
