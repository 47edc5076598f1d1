//! What an authorization request asks for (OAuth 2.1, 4.1.1), whether it came in an address or was pushed.
//!
//! A request is checked in two steps. As long as the client and its address are not certain, the person is told and
//! nobody is redirected; after that every refusal goes back to the client.

use super::error::{Code, Refusal};
use super::params::Params;
use super::pkce::Challenge;
use super::scope::Scopes;
use super::token::check_resource;

/// Longest `state` that is carried.
pub const STATE_LENGTH_MAX: usize = 2000;

/// What a client asks a person for, once its address is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What of; at least one.
    pub scopes: Scopes,
    /// Carried back as it came.
    pub state: Option<String>,
    /// The proof that the exchange must bring.
    pub challenge: Challenge,
}

impl Asked {
    /// Reads what is asked; `own` is what the client may ask for, `issuer` ours.
    ///
    /// # Errors
    /// What is missing, malformed or not supported.
    pub fn read(params: &Params, own: &Scopes, issuer: &str) -> Result<Asked, Refusal> {
        if params.optional("request")?.is_some() {
            return Err(Refusal::new(
                Code::RequestNotSupported,
                "request objects are not taken",
            ));
        }
        match params.required("response_type", "response_type is missing")? {
            "code" => {}
            _ => {
                return Err(Refusal::new(
                    Code::UnsupportedResponseType,
                    "response_type must be code",
                ));
            }
        }
        if params
            .optional("response_mode")?
            .is_some_and(|mode| mode != "query")
        {
            return Err(Refusal::request("response_mode must be query"));
        }
        let state = state(params)?;
        let challenge = Challenge::parse(
            params.optional("code_challenge")?,
            params.optional("code_challenge_method")?,
        )?;
        check_resource(params, issuer)?;
        Ok(Asked {
            scopes: own.granted(params.optional("scope")?)?,
            state,
            challenge,
        })
    }
}

/// The request's `state`, also of one that is refused.
///
/// # Errors
/// When it came twice or is too long.
pub fn state(params: &Params) -> Result<Option<String>, Refusal> {
    match params.optional("state")? {
        Some(state) if state.len() > STATE_LENGTH_MAX => Err(Refusal::request("state is too long")),
        other => Ok(other.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const GOOD: [(&str, &str); 4] = [
        ("response_type", "code"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "xyz"),
    ];

    fn read(change: &[(&str, Option<&str>)]) -> Result<Asked, Code> {
        let mut pairs: Vec<(String, String)> = GOOD.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        for (name, value) in change {
            pairs.retain(|(other, _)| other != name);
            pairs.extend(value.map(|value| ((*name).to_owned(), value.to_owned())));
        }
        let own = Scopes::parse("a b").unwrap();
        Asked::read(&Params::of(pairs).unwrap(), &own, "https://i.example").map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_good_request_asks_for_all_of_the_clients_scopes_unless_it_says_which() {
        let all = read(&[]).unwrap();
        assert_eq!(
            (all.scopes.to_string().as_str(), all.state.as_deref()),
            ("a b", Some("xyz"))
        );
        assert_eq!(read(&[("scope", Some("b"))]).unwrap().scopes.to_string(), "b");
    }

    #[test]
    fn every_other_request_is_refused_in_the_standards_words() {
        let long = "x".repeat(STATE_LENGTH_MAX + 1);
        for (change, code) in [
            (("response_type", None), Code::InvalidRequest),
            (("response_type", Some("token")), Code::UnsupportedResponseType),
            (
                ("response_type", Some("code id_token")),
                Code::UnsupportedResponseType,
            ),
            (("code_challenge", None), Code::InvalidRequest),
            (("code_challenge_method", Some("plain")), Code::InvalidRequest),
            (("code_challenge_method", None), Code::InvalidRequest),
            (("scope", Some("c")), Code::InvalidScope),
            (("request", Some("e30.e30.")), Code::RequestNotSupported),
            (("response_mode", Some("fragment")), Code::InvalidRequest),
            (("resource", Some("https://other.example")), Code::InvalidTarget),
            (("state", Some(long.as_str())), Code::InvalidRequest),
        ] {
            assert_eq!(read(&[change]).unwrap_err(), code, "{change:?}");
        }
    }
}
