//! `/console/payments`: an account's payments, and what its people do with them.

mod acts;

use axum::Router;

use crate::app::Shared;

/// The pages.
pub(super) fn router() -> Router<Shared> {
    acts::router()
}
