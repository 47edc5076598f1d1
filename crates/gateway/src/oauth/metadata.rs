//! Where everything is, for client libraries (RFC 8414).

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::{AUTHORIZE, INTROSPECT, JWKS, PUSHED, REVOKE, TOKEN, answer, clients, issuer};
use crate::app::Shared;

/// `GET /.well-known/oauth-authorization-server`.
pub(super) async fn show(State(app): State<Shared>) -> Response {
    let link = |path: &str| app.settings.link(path);
    let scopes: Vec<String> = clients::known_scopes(&app).iter().map(str::to_owned).collect();
    let every_client = ["client_secret_basic", "client_secret_post", "none"];
    let with_secret = ["client_secret_basic", "client_secret_post"];
    answer::ok(&json!({
        "issuer": issuer(&app),
        "authorization_endpoint": link(AUTHORIZE),
        "token_endpoint": link(TOKEN),
        "jwks_uri": link(JWKS),
        "pushed_authorization_request_endpoint": link(PUSHED),
        "revocation_endpoint": link(REVOKE),
        "introspection_endpoint": link(INTROSPECT),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": every_client,
        "revocation_endpoint_auth_methods_supported": every_client,
        "introspection_endpoint_auth_methods_supported": with_secret,
        "authorization_response_iss_parameter_supported": true,
        "require_pushed_authorization_requests": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": true,
        "require_request_uri_registration": true,
        "ui_locales_supported": ["es", "en"],
        "service_documentation": link("/docs"),
    }))
}
