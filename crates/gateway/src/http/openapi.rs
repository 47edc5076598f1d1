//! The APIs described for machines (`/openapi/payments.json`, `/openapi/data.json`) and shown to people (`/docs`),
//! offline.
//!
//! The document is made from the handlers' own annotations; `openapi/payments.json` in the repository is this text,
//! compared in a test, so that a change of the API is seen in review.

pub(crate) mod refused;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ayni_connectors::data::declaration::Declaration;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::app::Shared;
use crate::banks::api as banks;
use crate::events::api as events;
use crate::lists::{notices, refunds as listed_refunds, settlements};
use crate::operations;
use crate::payments::api as payments;
use crate::receivers::api as receivers;
use crate::refunds::api as refunds;
use crate::requests::api as requests;
use crate::settlement::api as settlement;

/// The document and the page that shows it; no key is needed to read them.
pub fn router() -> Router<Shared> {
    let config = Config::new(["/openapi/payments.json", "/openapi/data.json"])
        .validator_url("none")
        .try_it_out_enabled(true);
    let docs: Router<Shared> = SwaggerUi::new("/docs").config(config).into();
    docs.layer(axum::middleware::map_response(with_policy))
        .route("/openapi/payments.json", get(document))
        .route("/openapi/data.json", get(data_document))
}

/// The document as text: pretty-printed, with a newline at its end.
pub fn payments_json() -> Result<String, serde_json::Error> {
    let mut text = PaymentsApi::openapi().to_pretty_json()?;
    text.push('\n');
    Ok(text)
}

/// The open-data document of these institutions as text, likewise.
pub fn data_json<'a>(
    institutions: impl IntoIterator<Item = &'a Declaration>,
) -> Result<String, serde_json::Error> {
    operations::openapi::data_json(institutions)
}

async fn data_document(State(app): State<Shared>) -> Result<Response, super::error::ApiError> {
    let text = data_json(app.sites.all().map(|site| site.declaration()))
        .map_err(|error| super::error::ApiError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

async fn document() -> Result<Response, super::error::ApiError> {
    let text = payments_json().map_err(|error| super::error::ApiError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// The page runs its own scripts only; it sets styles on elements and draws its icons from data.
async fn with_policy(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(DOCS_POLICY),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

const X_CONTENT_TYPE_OPTIONS: HeaderName = header::X_CONTENT_TYPE_OPTIONS;
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ayni payments",
        description = "Instant payments, account to account, compatible with Khipu's API v3. Amounts in answers are \
            strings with four decimals; instants are ISO 8601 in UTC with milliseconds. `Accept-Language: en` asks for \
            messages in English. `X-Request-Id` is echoed, or made; `RateLimit-*` headers tell what the key has left.",
        license(name = "Apache-2.0 OR MIT")
    ),
    paths(
        payments::post,
        payments::list,
        payments::get,
        payments::delete,
        settlement::confirm,
        refunds::post_classic,
        refunds::post_wallet,
        refunds::get,
        refunds::balance,
        banks::banks,
        banks::payment_methods_of,
        banks::payment_methods,
        banks::payment_methods_3_0,
        banks::predict,
        receivers::post,
        receivers::children,
        events::stream,
        events::show,
        requests::stream,
        notices::list,
        notices::show,
        listed_refunds::list,
        settlements::list,
        settlements::show,
    ),
    tags(
        (name = "payments", description = "Make, read, delete, confirm and list payments"),
        (name = "refunds", description = "Give payments' money back, and the wallet for it"),
        (name = "banks", description = "Which banks and methods payers can choose, and forecasts"),
        (name = "receivers", description = "Make and list an integrator's receivers"),
        (name = "ayni", description = "Ours, not Khipu's: what happens to the account and what it asks, as it happens, and its notifications, refunds and settlements"),
    ),
    modifiers(&WithApiKey),
)]
struct PaymentsApi;

struct WithApiKey;

impl Modify for WithApiKey {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let key = ApiKeyValue::with_description("x-api-key", "The account's API key, a UUID");
        let scheme = SecurityScheme::ApiKey(ApiKey::Header(key));
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("x-api-key", scheme);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_document_is_the_one_that_is_served() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/payments.json");
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == payments_json().unwrap(),
            "openapi/payments.json is not what the handlers say: run `ayni openapi payments > openapi/payments.json`"
        );
    }

    #[test]
    fn every_operation_says_what_its_refusals_look_like_and_needs_the_key() {
        let document: serde_json::Value = serde_json::from_str(&payments_json().unwrap()).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let answers = operation["responses"].as_object().unwrap();
                for status in ["200", "401", "429", "500"] {
                    assert!(answers.contains_key(status), "{method} {path} lacks {status}");
                }
                assert_eq!(
                    operation["security"][0]["x-api-key"],
                    serde_json::json!([]),
                    "{method} {path}"
                );
                assert!(operation["summary"].is_string(), "{method} {path}");
            }
        }
    }
}
