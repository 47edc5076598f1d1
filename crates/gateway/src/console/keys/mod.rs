//! What opens the API and what signs notifications: API keys, the secret and its rotation, and where an account is
//! notified. Owners only: whoever has these can act as the account.

mod pages;
mod rotation;
pub(super) mod view;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Shared;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/keys", get(pages::show).post(pages::create))
        .route("/console/keys/expire", post(pages::expire))
        .route("/console/keys/notify-url", post(pages::set_notify_url))
        .route("/console/keys/secret", post(rotation::begin))
        .route("/console/keys/secret/finish", post(rotation::finish))
}
