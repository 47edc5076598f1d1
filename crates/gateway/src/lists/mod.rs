//! What an account's programs want to read and Khipu's API does not tell: its notifications with their tries, its refunds
//! and its settlements, a page at a time. Ours, not Khipu's; the client crate and the tools for assistants read them.

mod asked;
pub(crate) mod notices;
pub(crate) mod refunds;
pub(crate) mod settlements;

use axum::Router;
use axum::routing::get;

use crate::app::Shared;
use crate::http::auth::Authentication;

/// What accounts' programs call, behind authentication; each reads what is its account's own.
pub fn router(app: &Shared) -> Router<Shared> {
    Router::new()
        .route("/ayni/v1/notices", get(notices::list))
        .route("/ayni/v1/notices/{id}", get(notices::show))
        .route("/ayni/v1/refunds", get(refunds::list))
        .route("/ayni/v1/settlements", get(settlements::list))
        .route("/ayni/v1/settlements/{id}", get(settlements::show))
        .layer(Authentication::of(app))
}
