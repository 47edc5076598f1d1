//! A client's request as it comes: a form, with the client's own credentials in the header or in the form.

use std::net::IpAddr;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use ayni_crypto::digest::sha256;
use ayni_domain::oauth::client::Presented;
use ayni_domain::oauth::error::Refusal;
use ayni_domain::oauth::params::Params;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use url::form_urlencoded;

use super::answer::OAuthError;
use crate::app::{App, Shared};
use crate::http::error::ApiError;
use crate::http::serve::ClientAddress;
use crate::payer::limits::network;

/// A form, and who says to have sent it.
pub(super) struct ClientForm {
    /// What it asks.
    pub(super) params: Params,
    /// As whom.
    pub(super) presented: Presented,
}

impl FromRequest<Shared> for ClientForm {
    type Rejection = OAuthError;

    async fn from_request(request: Request, app: &Shared) -> Result<ClientForm, OAuthError> {
        let address = request
            .extensions()
            .get::<ClientAddress>()
            .map(|address| address.0);
        take_from_address(app, address)?;
        if !is_form(request.headers()) {
            let expected = "the body must be application/x-www-form-urlencoded";
            return Err(Refusal::request(expected).into());
        }
        let basic = basic(request.headers())?;
        let Ok(bytes) = to_bytes(request.into_body(), FORM_BYTES_MAX).await else {
            return Err(Refusal::request("the form is too long, or was cut short").into());
        };
        let params = Params::of(form_urlencoded::parse(&bytes).into_owned())?;
        let presented = Presented::read(basic, &params)?;
        Ok(ClientForm { params, presented })
    }
}

/// Holds an address to its rate before anything is looked up for it; an unknown address is not limited.
pub(crate) fn take_from_address(app: &App, address: Option<IpAddr>) -> Result<(), OAuthError> {
    match address {
        Some(address) => take(app, &format!("oauth-address:{}", network(address))),
        None => Ok(()),
    }
}

/// Takes one request from a rate of its own.
pub(super) fn take(app: &App, whose: &str) -> Result<(), OAuthError> {
    match app.limits.take(sha256(whose.as_bytes())).refused() {
        Some(ApiError::TooMany { retry_after_s }) => Err(OAuthError::TooMany { retry_after_s }),
        _ => Ok(()),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let sent = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    sent.and_then(|text| text.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM))
}

/// `Authorization: Basic`, whose two parts are form-encoded before they are joined (RFC 6749, 2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let decoded = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, rest)| BASE64.decode(rest.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let parts = decoded.as_deref().and_then(|text| text.split_once(':'));
    let Some((id, secret)) = parts else {
        return Err(OAuthError::WrongCredentials);
    };
    let id = form_decoded(id);
    match id.contains('\0') {
        true => Err(OAuthError::WrongCredentials),
        false => Ok(Some((id, form_decoded(secret)))),
    }
}

fn form_decoded(text: &str) -> String {
    let mut pairs = form_urlencoded::parse(text.as_bytes());
    match (pairs.next(), pairs.next()) {
        (Some((name, value)), None) if value.is_empty() => name.into_owned(),
        _ => text.to_owned(),
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
/// Tokens, a challenge and addresses fit many times over.
const FORM_BYTES_MAX: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn basic_of(text: &str) -> Result<Option<(String, String)>, OAuthError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, text.parse().unwrap());
        basic(&headers)
    }

    #[test]
    fn both_parts_of_a_basic_header_are_form_decoded() {
        let encoded = BASE64.encode("a%20b+c:s%3Acret%2Bx");
        let (id, secret) = basic_of(&format!("Basic {encoded}")).unwrap().unwrap();
        assert_eq!((id.as_str(), secret.as_str()), ("a b c", "s:cret+x"));
        let plain = BASE64.encode("id:secret");
        assert!(basic_of(&format!("basic {plain}")).unwrap().is_some());
        assert!(basic(&HeaderMap::new()).unwrap().is_none());
    }

    #[test]
    fn another_scheme_or_a_broken_header_is_refused() {
        for text in ["Bearer abc", "Basic", "Basic ***", "Basic aWQ=", "Basic JTAwOng="] {
            assert!(basic_of(text).is_err(), "{text}");
        }
    }
}
