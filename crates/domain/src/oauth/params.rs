//! The names and values of a request: each at most once, and an empty value is none (RFC 6749, 3.1 and 3.2).

use super::error::Refusal;

/// Most parameters that are read.
pub const PARAMETERS_MAX: usize = 64;

/// A request's parameters as they came. They have no `Debug` text: secrets and codes pass through them.
#[derive(Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Takes decoded names and values.
    ///
    /// # Errors
    /// Over [`PARAMETERS_MAX`], and with a NUL, which not every database can look for.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Params, Refusal> {
        let pairs: Vec<_> = pairs.into_iter().take(PARAMETERS_MAX + 1).collect();
        if pairs.len() > PARAMETERS_MAX {
            return Err(Refusal::request("too many parameters"));
        }
        if pairs.iter().any(|(_, value)| value.contains('\0')) {
            return Err(Refusal::request("a parameter has a NUL in it"));
        }
        Ok(Params(pairs))
    }

    /// A parameter that may be left out.
    ///
    /// # Errors
    /// When it came twice.
    pub fn optional(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        let mut found = self.all(name);
        let first = found.next();
        match found.next() {
            Some(_) => Err(Refusal::request("a parameter came more than once")),
            None => Ok(first),
        }
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// `missing` when it is not, and when it came twice.
    pub fn required(&self, name: &'static str, missing: &'static str) -> Result<&str, Refusal> {
        self.optional(name)?.ok_or(Refusal::request(missing))
    }

    /// Every value of a parameter that may come several times (`resource`, RFC 8707).
    pub fn all(&self, name: &'static str) -> impl Iterator<Item = &str> {
        let named = self
            .0
            .iter()
            .filter(move |(key, value)| key == name && !value.is_empty());
        named.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params::of(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))).unwrap()
    }

    #[test]
    fn a_nul_is_refused_and_never_looked_for() {
        let pairs = [("client_id".to_owned(), "a\0".to_owned())];
        assert!(Params::of(pairs).is_err());
    }

    #[test]
    fn an_empty_value_is_none_and_a_second_one_is_refused() {
        let given = params(&[
            ("a", ""),
            ("b", "1"),
            ("c", "1"),
            ("c", "2"),
            ("d", ""),
            ("d", "1"),
        ]);
        assert_eq!(given.optional("a"), Ok(None));
        assert_eq!(given.optional("b"), Ok(Some("1")));
        assert!(given.optional("c").is_err());
        assert_eq!(given.optional("d"), Ok(Some("1")));
        assert_eq!(
            given.required("x", "x is missing"),
            Err(Refusal::request("x is missing"))
        );
        assert_eq!(given.all("c").collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn a_request_has_at_most_so_many_parameters() {
        let pairs = |count: usize| (0..count).map(|n| (n.to_string(), String::new()));
        assert!(Params::of(pairs(PARAMETERS_MAX)).is_ok());
        assert!(Params::of(pairs(PARAMETERS_MAX + 1)).is_err());
    }
}
