//! A form that was sent: read, and proved to come from one of the sender's own pages.
//!
//! Two proofs are asked for. The form carries a token that is derived from the session and its account (CSRF), so that a
//! page of another session, or one that stood open while the account was changed, is refused. And the browser must not
//! say that another site sent it.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, header};
use url::{Position, Url};

use super::refused::Refused;
use super::seat::Seat;
use crate::app::Shared;
use crate::http::pages::{FORM_MAX_BYTES, Form};

/// A form of a signed-in person: `Posted` from anybody with a seat, `Posted<Owner>` or `Posted<Collects>` from those only.
pub(crate) struct Posted<S = Seat> {
    /// Who sent it.
    pub(crate) seat: S,
    /// What was in it.
    pub(crate) form: Form,
}

impl<S> FromRequest<Shared> for Posted<S>
where
    S: FromRequestParts<Shared, Rejection = Refused> + AsRef<Seat> + Send,
{
    type Rejection = Refused;

    async fn from_request(request: Request, app: &Shared) -> Result<Posted<S>, Refused> {
        let (mut parts, body) = request.into_parts();
        check_origin(&parts.headers, &app.settings.public_url)?;
        let seat = S::from_request_parts(&mut parts, app).await?;
        let Ok(bytes) = to_bytes(body, FORM_MAX_BYTES).await else {
            return Err(Refused::TooLarge);
        };
        let form = Form::read(&bytes);
        match seat.as_ref().sent(&form) {
            true => Ok(Posted { seat, form }),
            false => Err(Refused::NotThisPage),
        }
    }
}

/// Refuses what the browser says another site sent. Browsers name the sender's origin with every POST; programs that
/// name none have no cookies of anybody's to misuse.
pub(super) fn check_origin(headers: &HeaderMap, public_url: &Url) -> Result<(), Refused> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site")
        && site != "same-origin"
    {
        return Err(Refused::NotThisPage);
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return Ok(());
    };
    let is_public = origin == public_url[..Position::BeforePath].trim_end_matches('/');
    let host = origin.split_once("://").map(|(_, host)| host);
    match is_public || (host.is_some() && host == text(header::HOST.as_str())) {
        true => Ok(()),
        false => Err(Refused::NotThisPage),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_site_is_refused_by_what_the_browser_says() {
        let public: Url = "https://pay.example".parse().unwrap();
        for (headers, is_own) in [
            (vec![], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("origin", "https://pay.example")], true),
            (vec![("origin", "https://pay.example.evil.example")], false),
            (vec![("origin", "https://evil.example")], false),
            (vec![("origin", "null")], false),
            (
                vec![("origin", "http://10.0.0.1:8080"), ("host", "10.0.0.1:8080")],
                true,
            ),
            (
                vec![("origin", "https://evil.example"), ("host", "pay.example")],
                false,
            ),
            (
                vec![
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://pay.example"),
                ],
                false,
            ),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.insert(*name, value.parse().unwrap());
            }
            assert_eq!(check_origin(&map, &public).is_ok(), is_own, "{headers:?}");
        }
    }
}
