//! What a token opens: each scope is an institution, as `com_services_servipag`.

use std::collections::BTreeSet;
use std::fmt;

use super::error::{Code, Refusal};

/// Most scopes in one request.
pub const SCOPES_MAX: usize = 64;
/// Longest name of one.
pub const SCOPE_LENGTH_MAX: usize = 128;

/// A set of scopes, written with a blank between them in their alphabetical order (RFC 6749, 3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// Reads `a b c`; what comes twice counts once.
    ///
    /// # Errors
    /// On a character that no scope has, and over the limits.
    pub fn parse(text: &str) -> Result<Scopes, Refusal> {
        let names: BTreeSet<String> = text
            .split(' ')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        let is_name = |name: &String| name.len() <= SCOPE_LENGTH_MAX && name.bytes().all(is_scope_byte);
        if names.len() > SCOPES_MAX || !names.iter().all(is_name) {
            return Err(Refusal::new(
                Code::InvalidScope,
                "the scope is malformed or too long",
            ));
        }
        Ok(Scopes(names))
    }

    /// Whether it holds this one.
    pub fn has(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// What a request gets: what it asks for, or everything that it may have where it asks for nothing.
    ///
    /// # Errors
    /// When it asks for more than it may have, or may have nothing.
    pub fn granted(&self, asked: Option<&str>) -> Result<Scopes, Refusal> {
        let asked = match asked {
            Some(text) => Scopes::parse(text)?,
            None => self.clone(),
        };
        match !asked.0.is_empty() && asked.0.is_subset(&self.0) {
            true => Ok(asked),
            false => Err(Refusal::new(
                Code::InvalidScope,
                "the scope is unknown, or more than this client may ask for",
            )),
        }
    }
}

impl FromIterator<String> for Scopes {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Scopes {
        Scopes(names.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            write!(out, "{}{name}", if at > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

/// `%x21 / %x23-5B / %x5D-7E`: printable, but `"` and `\`.
fn is_scope_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_read_as_a_set_and_written_in_order() {
        assert_eq!(Scopes::parse("b  a b").unwrap().to_string(), "a b");
        assert_eq!(Scopes::parse("").unwrap().to_string(), "");
        for text in ["a\tb", "a\"b", "a\\b", "ñ", &"a".repeat(SCOPE_LENGTH_MAX + 1)] {
            assert_eq!(
                Scopes::parse(text).unwrap_err().code,
                Code::InvalidScope,
                "{text}"
            );
        }
        let many: Vec<String> = (0..=SCOPES_MAX).map(|n| n.to_string()).collect();
        assert!(Scopes::parse(&many.join(" ")).is_err());
    }

    #[test]
    fn a_request_gets_what_it_asks_for_within_what_it_may_have() {
        let own = Scopes::parse("com_services_servipag cl_banking_personal_demobank").unwrap();
        for (asked, granted) in [
            (None, Some("cl_banking_personal_demobank com_services_servipag")),
            (Some("com_services_servipag"), Some("com_services_servipag")),
            (Some("com_services_other"), None),
            (Some("com_services_servipag openid"), None),
            (Some(" "), None),
        ] {
            let got = own.granted(asked).ok().map(|scopes| scopes.to_string());
            assert_eq!(got.as_deref(), granted, "{asked:?}");
        }
        assert!(Scopes::default().granted(None).is_err());
    }
}
