//! What an account asks of the API, told as it is answered: for developers who wonder what their program sent, what was
//! refused and why.
//!
//! Requests are rows only while somebody tails the account, and a day longer. With nobody tailing, a request costs one
//! atomic load ([`tail::Tail`]). Otherwise its line goes into memory, and background work writes what came together within
//! half a second as one row ([`keep`]), which any node tells (`api`). Both are bounded: lines that find no room are
//! counted, and their number is told. Lines tell routes, statuses, names of fields and codes, and no value of a request but
//! its `X-Request-Id` and the identifiers in its path. Requests that no key or token opened are nobody's.

pub(crate) mod api;
pub mod keep;
pub(crate) mod line;
mod sql;
pub mod tail;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use jiff::SignedDuration;

use crate::app::Shared;
use crate::http::auth::Authentication;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What developers' programs call: ours, not Khipu's.
pub fn router(app: &Shared) -> Router<Shared> {
    Router::new()
        .route(ROUTE, get(api::stream))
        .layer(Authentication::of(app))
}

/// Where a tail is opened; such a request is in no tail.
pub(crate) const ROUTE: &str = "/ayni/v1/requests";
/// How long a line is kept, and how long requests are recorded after somebody tailed last.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
