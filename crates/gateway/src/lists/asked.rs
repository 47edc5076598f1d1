//! What a list is asked for: how many rows, after which one, and which. A place is told as one opaque word, so that a page
//! goes on where the last one ended however many rows were made meanwhile.

use ayni_domain::violation::{Problem, Violation};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::form_urlencoded;

/// A list's query, read. Unknown names are ignored, empty values are not set.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// At most so many.
    pub(super) limit: i64,
    /// After the row with this key and this id.
    pub(super) after: Option<(String, String)>,
    pairs: Vec<(String, String)>,
}

impl Asked {
    /// Reads a query string, or tells everything that is wrong with it.
    pub(super) fn parse(query: &str) -> Result<Asked, Vec<Violation>> {
        let mut asked = Asked {
            limit: LIMIT,
            after: None,
            pairs: Vec::new(),
        };
        let mut violations = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            match name.as_ref() {
                "limit" => match value.parse() {
                    Ok(limit) if (1..=LIMIT_MAX).contains(&limit) => asked.limit = limit,
                    _ => violations.push(Violation::new("limit", Problem::OutOfRange(1, LIMIT_MAX))),
                },
                "cursor" => match place(&value) {
                    Some(place) => asked.after = Some(place),
                    None => violations.push(Violation::new("cursor", Problem::BadCursor)),
                },
                "payment_id" if value.contains('\0') => {
                    violations.push(Violation::new("payment_id", Problem::UnreadableText));
                }
                _ => asked.pairs.push((name.into_owned(), value.into_owned())),
            }
        }
        match violations.is_empty() {
            true => Ok(asked),
            false => Err(violations),
        }
    }

    /// What was asked of this name.
    pub(super) fn of(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The place where the page begins, where its key is an instant in Unix milliseconds.
    pub(super) fn after_instant(&self) -> Result<Option<(i64, String)>, Vec<Violation>> {
        let Some((key, id)) = &self.after else {
            return Ok(None);
        };
        match key.parse() {
            Ok(ms) => Ok(Some((ms, id.clone()))),
            Err(_) => Err(vec![Violation::new("cursor", Problem::BadCursor)]),
        }
    }
}

/// The word for the place after the row with this key and id.
pub(super) fn cursor(key: &str, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{key} {id}"))
}

fn place(text: &str) -> Option<(String, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (key, id) = text.split_once(' ')?;
    (!text.contains('\0')).then(|| (key.to_owned(), id.to_owned()))
}

const LIMIT: i64 = 20;
const LIMIT_MAX: i64 = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_and_everything_wrong_with_it_is_told() {
        let asked = Asked::parse(&format!("limit=5&state=spent&x=&cursor={}", cursor("17", "a-1"))).unwrap();
        assert_eq!(
            (asked.limit, asked.of("state"), asked.of("x")),
            (5, Some("spent"), None)
        );
        assert_eq!(asked.after_instant(), Ok(Some((17, "a-1".to_owned()))));
        assert_eq!(Asked::parse("").unwrap().limit, LIMIT);
        for query in [
            "limit=0",
            "limit=101",
            "limit=x",
            "cursor=%21",
            "cursor=AA",
            "limit=0&cursor=AA",
        ] {
            let violations = Asked::parse(query).unwrap_err();
            assert_eq!(violations.len(), query.split('&').count(), "{query}");
        }
        let day = Asked::parse(&format!("cursor={}", cursor("2026-03-03", "1"))).unwrap();
        assert!(day.after_instant().is_err());
    }
}
