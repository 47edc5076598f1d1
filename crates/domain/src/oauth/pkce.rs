//! Proof that whoever exchanges a code is who began the authorization (RFC 7636). Only S256: `plain` proves nothing to
//! somebody who reads the request.

use super::error::{Code, Refusal};

/// BASE64URL(SHA-256(verifier)), as the authorization request carried it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge(String);

/// A verifier of the right form; what is compared is its digest.
pub struct Verifier<'a>(&'a str);

impl Challenge {
    /// Reads `code_challenge` with its `code_challenge_method`.
    ///
    /// # Errors
    /// Without a challenge, with a method that is not `S256` (absent means `plain`), or with no digest in it.
    pub fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Challenge, Refusal> {
        let challenge = challenge.ok_or(Refusal::request("code_challenge is missing: PKCE is required"))?;
        if method != Some("S256") {
            return Err(Refusal::request("code_challenge_method must be S256"));
        }
        let is_digest = challenge.len() == DIGEST_LENGTH && challenge.bytes().all(is_base64url);
        match is_digest {
            true => Ok(Challenge(challenge.to_owned())),
            false => Err(Refusal::request(
                "code_challenge is no BASE64URL of a SHA-256 digest",
            )),
        }
    }

    /// One that lies in a row.
    pub fn stored(text: String) -> Challenge {
        Challenge(text)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the verifier is its own: `digest` is BASE64URL(SHA-256(verifier)) without padding.
    ///
    /// # Errors
    /// `invalid_grant` when it is not.
    pub fn check(&self, digest: &str) -> Result<(), Refusal> {
        match self.0 == digest {
            true => Ok(()),
            false => Err(Refusal::new(
                Code::InvalidGrant,
                "code_verifier does not meet the code_challenge",
            )),
        }
    }
}

impl<'a> Verifier<'a> {
    /// Reads `code_verifier`: 43 to 128 unreserved characters (RFC 7636, 4.1).
    ///
    /// # Errors
    /// When it is missing or of another form.
    pub fn parse(text: Option<&'a str>) -> Result<Verifier<'a>, Refusal> {
        let text = text.ok_or(Refusal::request("code_verifier is missing"))?;
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match (VERIFIER_LENGTH_MIN..=VERIFIER_LENGTH_MAX).contains(&text.len())
            && text.bytes().all(unreserved)
        {
            true => Ok(Verifier(text)),
            false => Err(Refusal::request(
                "code_verifier must have 43 to 128 unreserved characters",
            )),
        }
    }

    /// Its text, to be digested.
    pub fn as_str(&self) -> &'a str {
        self.0
    }
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

const DIGEST_LENGTH: usize = 43;
const VERIFIER_LENGTH_MIN: usize = 43;
const VERIFIER_LENGTH_MAX: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn only_a_challenge_of_s256_is_taken() {
        for (challenge, method, is_good) in [
            (Some(CHALLENGE), Some("S256"), true),
            (Some(CHALLENGE), None, false),
            (Some(CHALLENGE), Some("plain"), false),
            (Some(CHALLENGE), Some("s256"), false),
            (None, Some("S256"), false),
            (None, None, false),
            (Some("short"), Some("S256"), false),
            (
                Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw=cM"),
                Some("S256"),
                false,
            ),
        ] {
            assert_eq!(
                Challenge::parse(challenge, method).is_ok(),
                is_good,
                "{challenge:?} {method:?}"
            );
        }
    }

    #[test]
    fn a_verifier_meets_its_own_challenge_only() {
        let challenge = Challenge::parse(Some(CHALLENGE), Some("S256")).unwrap();
        assert_eq!(challenge.check(CHALLENGE), Ok(()));
        assert_eq!(
            challenge
                .check("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN")
                .unwrap_err()
                .code,
            Code::InvalidGrant
        );
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        for (text, is_good) in [
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(), true),
            ("~.".repeat(64), true),
            ("a".repeat(42), false),
            ("a".repeat(129), false),
            ("+".repeat(43), false),
        ] {
            assert_eq!(Verifier::parse(Some(&text)).is_ok(), is_good, "{text}");
        }
        assert!(Verifier::parse(None).is_err());
    }
}
