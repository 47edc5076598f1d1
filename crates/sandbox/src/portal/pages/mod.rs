//! The portal's pages, as a person or a gateway sees them.

mod browse;
mod cases;
mod code;
mod consult;
mod frame;
mod login;
mod notice;
mod services;
mod statics;
mod trouble;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};

use super::Portal;

/// The largest form that is read.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// Everything a page may come from: this site's own files.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The whole site.
pub fn router(portal: Portal) -> Router {
    Router::new()
        .merge(shop(""))
        .merge(shop("/app"))
        .route("/ingresar", get(login::show).post(login::enter))
        .route("/ingresar/codigo", get(code::show).post(code::enter))
        .route("/mis-servicios", get(services::list))
        .route("/salir", post(login::leave))
        .route("/pruebas", get(cases::list))
        .route("/vuelta/{number}", get(trouble::turn))
        .route("/estaticos/{file}", get(statics::file))
        .fallback(notice::not_found)
        .method_not_allowed_fallback(notice::not_allowed)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn_with_state(portal.clone(), guard))
        .with_state(portal)
}

/// The way from a category to the bills, the same with and without scripts.
fn shop(prefix: &str) -> Router<Portal> {
    let consult = get(consult::form).post(consult::answer);
    Router::new()
        .route(&format!("{prefix}/"), get(browse::home))
        .route(
            &format!("{prefix}/categorias/{{category}}"),
            get(browse::category),
        )
        .route(&format!("{prefix}/pagar/{{company}}"), consult)
}

/// Counts the request and gives its answer the headers of every answer.
async fn guard(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    portal.0.counts.page();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
