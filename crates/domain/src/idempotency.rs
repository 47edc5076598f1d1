//! The key with which a client makes a POST safe to send again.

use thiserror::Error;

/// Characters that a key may have.
pub const KEY_LENGTH_MAX: usize = 255;

/// Hours for which the answer to a key is kept.
pub const KEPT_FOR_HOURS: i64 = 24;

/// An `Idempotency-Key` of 1 to 255 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

/// The key is empty or longer than [`KEY_LENGTH_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an idempotency key has 1 to 255 characters")]
pub struct BadKey;

impl Key {
    /// Takes the header's value as it is.
    pub fn parse(text: &str) -> Result<Key, BadKey> {
        let fits = (1..=KEY_LENGTH_MAX).contains(&text.chars().count()) && !text.contains('\0');
        if fits {
            Ok(Key(text.to_owned()))
        } else {
            Err(BadKey)
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_1_to_255_characters() {
        assert_eq!(Key::parse("a").unwrap().as_str(), "a");
        assert!(Key::parse(&"ñ".repeat(255)).is_ok());
        assert_eq!(Key::parse(""), Err(BadKey));
        assert_eq!(Key::parse(&"a".repeat(256)), Err(BadKey));
    }
}
