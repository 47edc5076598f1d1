//! Programs that ask: what a client may do, and how it proves who it is.

use super::error::{Code, Refusal};
use super::params::Params;

/// How a client presented itself (RFC 6749, 2.3.1; OAuth 2.1, 2.4). It has no `Debug` text: it holds a secret.
pub struct Presented {
    /// The client's id.
    pub id: String,
    /// Its secret; public clients have none.
    pub secret: Option<String>,
    /// Whether it came in the `Authorization` header, so that a refusal must say `WWW-Authenticate`.
    pub by_header: bool,
}

impl Presented {
    /// How the request's client presents itself: by `Authorization: Basic` (already decoded), or in the body, not by both.
    ///
    /// # Errors
    /// `invalid_client` without an id, `invalid_request` with two ways at once or two ids that differ.
    pub fn read(basic: Option<(String, String)>, params: &Params) -> Result<Presented, Refusal> {
        let id = params.optional("client_id")?;
        let secret = params.optional("client_secret")?;
        match (basic, id, secret) {
            (Some(_), _, Some(_)) => Err(Refusal::request("the client authenticates in two ways at once")),
            (Some((user, _)), Some(id), None) if user != id => Err(Refusal::request(
                "client_id differs from the Authorization header",
            )),
            (Some((id, password)), _, None) => Ok(Presented {
                id,
                secret: Some(password),
                by_header: true,
            }),
            (None, Some(id), secret) => Ok(Presented {
                id: id.to_owned(),
                secret: secret.map(str::to_owned),
                by_header: false,
            }),
            (None, None, _) => Err(Refusal::client()),
        }
    }
}

/// What a client wants a token for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// For itself.
    ClientCredentials,
    /// For a person who just consented.
    AuthorizationCode,
    /// For a person who consented earlier.
    RefreshToken,
}

/// Whether a client may use a grant: a public one has nothing of its own to prove, so it acts for people only.
///
/// # Errors
/// `unauthorized_client`.
pub fn may_use(grant: Grant, is_public: bool) -> Result<(), Refusal> {
    match (grant, is_public) {
        (Grant::ClientCredentials, true) => Err(Refusal::new(
            Code::UnauthorizedClient,
            "a public client can't use client_credentials",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        basic: Option<(&str, &str)>,
        pairs: &[(&str, &str)],
    ) -> Result<(String, Option<String>, bool), Code> {
        let params = Params::of(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))).unwrap();
        let basic = basic.map(|(id, secret)| (id.to_owned(), secret.to_owned()));
        Presented::read(basic, &params)
            .map(|it| (it.id, it.secret, it.by_header))
            .map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_client_presents_itself_in_one_way() {
        let good =
            |secret: Option<&str>, header: bool| Ok(("c".to_owned(), secret.map(str::to_owned), header));
        assert_eq!(read(Some(("c", "s")), &[]), good(Some("s"), true));
        assert_eq!(
            read(Some(("c", "s")), &[("client_id", "c")]),
            good(Some("s"), true)
        );
        assert_eq!(
            read(None, &[("client_id", "c"), ("client_secret", "s")]),
            good(Some("s"), false)
        );
        assert_eq!(read(None, &[("client_id", "c")]), good(None, false));
        assert_eq!(
            read(Some(("c", "s")), &[("client_secret", "s")]),
            Err(Code::InvalidRequest)
        );
        assert_eq!(
            read(Some(("c", "s")), &[("client_id", "d")]),
            Err(Code::InvalidRequest)
        );
        assert_eq!(read(None, &[]), Err(Code::InvalidClient));
        assert_eq!(read(None, &[("client_secret", "s")]), Err(Code::InvalidClient));
    }

    #[test]
    fn a_public_client_acts_for_people_only() {
        assert!(may_use(Grant::ClientCredentials, false).is_ok());
        assert!(may_use(Grant::ClientCredentials, true).is_err());
        assert!(may_use(Grant::AuthorizationCode, true).is_ok());
        assert!(may_use(Grant::RefreshToken, true).is_ok());
    }
}
