//! Who asks for a page: a customer with a live session, or a browser that has none yet.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use ayni_domain::rut::Rut;
use cookie::{Cookie, SameSite};

use super::Site;

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

/// The value of that cookie, if the browser sent it.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| Cookie::split_parse(line).flatten());
    cookies
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// A cookie that no script and no other site can use; it ends with the browser. Not `Secure`, because the sandbox is
/// served over plain HTTP.
pub fn set_cookie(name: &str, value: &str) -> [(header::HeaderName, String); 1] {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax);
    [(header::SET_COOKIE, cookie.build().to_string())]
}

/// Takes a cookie back.
pub fn clear_cookie(name: &str) -> [(header::HeaderName, String); 1] {
    let cookie = Cookie::build((name, ""))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax);
    [(header::SET_COOKIE, format!("{}; Max-Age=0", cookie.build()))]
}
