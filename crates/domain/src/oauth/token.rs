//! What `POST /oauth/token` asks for.

use super::client::Grant;
use super::error::{Code, Refusal};
use super::params::Params;
use super::pkce::Verifier;

/// A token request, once it is of the right form. It has no `Debug` text: it holds codes and tokens.
pub enum TokenRequest<'a> {
    /// A client for itself.
    ClientCredentials {
        /// What it asks for; absent: everything it may have.
        scope: Option<&'a str>,
    },
    /// A code for tokens.
    AuthorizationCode {
        /// The code.
        code: &'a str,
        /// Where it was sent, if the client says so (OAuth 2.0 asked for it, 2.1 does not).
        redirect_uri: Option<&'a str>,
        /// The proof.
        verifier: Verifier<'a>,
    },
    /// A refresh token for new tokens.
    RefreshToken {
        /// The refresh token.
        token: &'a str,
        /// Less than was granted; absent: as much.
        scope: Option<&'a str>,
    },
}

impl<'a> TokenRequest<'a> {
    /// Reads the form.
    ///
    /// # Errors
    /// What is missing, malformed or not supported.
    pub fn read(params: &'a Params) -> Result<TokenRequest<'a>, Refusal> {
        match params.required("grant_type", "grant_type is missing")? {
            "client_credentials" => Ok(TokenRequest::ClientCredentials {
                scope: params.optional("scope")?,
            }),
            "authorization_code" => Ok(TokenRequest::AuthorizationCode {
                code: params.required("code", "code is missing")?,
                redirect_uri: params.optional("redirect_uri")?,
                verifier: Verifier::parse(params.optional("code_verifier")?)?,
            }),
            "refresh_token" => Ok(TokenRequest::RefreshToken {
                token: params.required("refresh_token", "refresh_token is missing")?,
                scope: params.optional("scope")?,
            }),
            _ => Err(Refusal::new(
                Code::UnsupportedGrantType,
                "grant_type must be client_credentials, authorization_code or refresh_token",
            )),
        }
    }

    /// Its grant.
    pub fn grant(&self) -> Grant {
        match self {
            TokenRequest::ClientCredentials { .. } => Grant::ClientCredentials,
            TokenRequest::AuthorizationCode { .. } => Grant::AuthorizationCode,
            TokenRequest::RefreshToken { .. } => Grant::RefreshToken,
        }
    }
}

/// Checks `resource` (RFC 8707): there is one, the API itself, named by the issuer's address with or without a slash.
///
/// # Errors
/// `invalid_target` for another one.
pub fn check_resource(params: &Params, issuer: &str) -> Result<(), Refusal> {
    let is_ours = |resource: &str| resource == issuer || resource.strip_suffix('/') == Some(issuer);
    match params.all("resource").all(is_ours) {
        true => Ok(()),
        false => Err(Refusal::new(
            Code::InvalidTarget,
            "the only resource here is the issuer itself",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params::of(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))).unwrap()
    }

    #[test]
    fn a_request_without_what_its_grant_needs_is_refused() {
        const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let code = ("grant_type", "authorization_code");
        for (pairs, outcome) in [
            (&[][..], Some(Code::InvalidRequest)),
            (&[("grant_type", "password")], Some(Code::UnsupportedGrantType)),
            (&[("grant_type", "client_credentials")], None),
            (
                &[
                    ("grant_type", "client_credentials"),
                    ("grant_type", "refresh_token"),
                ],
                Some(Code::InvalidRequest),
            ),
            (&[code, ("code", "c"), ("code_verifier", VERIFIER)], None),
            (&[code, ("code", "c")], Some(Code::InvalidRequest)),
            (&[code, ("code_verifier", VERIFIER)], Some(Code::InvalidRequest)),
            (&[("grant_type", "refresh_token")], Some(Code::InvalidRequest)),
            (&[("grant_type", "refresh_token"), ("refresh_token", "r")], None),
        ] {
            let given = params(pairs);
            assert_eq!(
                TokenRequest::read(&given).err().map(|refusal| refusal.code),
                outcome,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn the_only_resource_is_the_issuer() {
        let issuer = "https://pay.example";
        for (resources, is_good) in [
            (&[][..], true),
            (&["https://pay.example"], true),
            (&["https://pay.example/"], true),
            (&["https://pay.example", "https://other.example"], false),
            (&["https://pay.example.evil"], false),
        ] {
            let given: Vec<_> = resources.iter().map(|resource| ("resource", *resource)).collect();
            assert_eq!(
                check_resource(&params(&given), issuer).is_ok(),
                is_good,
                "{resources:?}"
            );
        }
    }
}
