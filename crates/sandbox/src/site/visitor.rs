//! Who asks for a page: a customer with a live session, or a browser that has none yet.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use ayni_domain::rut::Rut;

use super::Site;
use crate::cookies::cookie;

/// The cookie of a session.
pub const SESSION_COOKIE: &str = "demobank_session";

/// The cookie of a browser that has not logged in yet, to bind the login form to it.
pub const VISIT_COOKIE: &str = "demobank_visit";

/// A customer with a live session; without one, the handler is not reached.
pub struct Visitor {
    /// Who is logged in.
    pub customer: Rut,
    /// The hidden field of this customer's forms.
    pub csrf: String,
    /// The value of the session's cookie.
    pub token: String,
}

impl FromRequestParts<Site> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Self::Rejection> {
        let Some(token) = cookie(&parts.headers, SESSION_COOKIE) else {
            return Err(Redirect::to("/login").into_response());
        };
        match site.sessions.customer(&token, site.bank.now()) {
            Some(customer) => Ok(Visitor {
                customer,
                csrf: site.csrf.field(&token),
                token,
            }),
            None => Err(Redirect::to("/login?expired=1").into_response()),
        }
    }
}
