//! Programs that ask people for their data on an account's behalf, what people agreed to, and the account links that were
//! given out. Owners only.

mod acts;
mod pages;
mod view;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Shared;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/clients", get(pages::show).post(pages::create))
        .route("/console/clients/secret", post(acts::replace_secret))
        .route("/console/clients/redirects", post(acts::replace_redirects))
        .route("/console/clients/end", post(acts::end))
        .route("/console/clients/consent", post(acts::give_up_consent))
        .route("/console/clients/link", post(acts::end_link))
}
