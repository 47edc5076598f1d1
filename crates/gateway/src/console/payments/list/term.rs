//! What somebody typed to find a payment, as the things that it may be: a number can be an amount, a reference or a RUT.

use std::collections::BTreeSet;

use ayni_crypto::keyring::Keyring;
use ayni_domain::ids::{AccountId, PAYMENT_ID_LENGTH};
use ayni_domain::money::Amount;
use ayni_domain::rut::{Rut, normalise};
use ayni_domain::{email, writing};

use super::Listed;
use crate::console::payments::search::token::Token;

/// One condition; a payment meets it by any of its alternatives.
#[derive(Clone, Default)]
pub(in crate::console::payments) struct Term {
    /// A token that it has.
    pub exact: Vec<Token>,
    /// The beginning of a token that it has.
    pub beginnings: Vec<Token>,
    /// Beginnings of words, of each of which it has one.
    pub all: Vec<[Token; 2]>,
    /// The beginning of its identifier.
    pub id: Option<String>,
}

impl Term {
    /// The conditions of what was typed; further ones than [`TERMS_MAX`] are left out.
    pub fn read(text: &str, keyring: &Keyring, account: AccountId) -> Vec<Term> {
        text.split_whitespace()
            .map(|piece| Term::of(piece, keyring, account))
            .filter(|term| !term.is_empty())
            .take(TERMS_MAX)
            .collect()
    }

    /// A filter of the list.
    pub fn filter(token: Token) -> Term {
        Term {
            exact: vec![token],
            ..Term::default()
        }
    }

    /// Whether a payment meets it.
    pub fn is_met_by(&self, listed: &Listed) -> bool {
        let (tokens, key) = (listed.tokens(), listed.key());
        let has = |beginning: &Token| has(tokens, beginning);
        self.exact.iter().any(|token| tokens.contains(token))
            || self.beginnings.iter().any(has)
            || (!self.all.is_empty() && self.all.iter().all(|either| either.iter().any(has)))
            || self.id.as_ref().is_some_and(|id| key.id.starts_with(id))
    }

    fn of(piece: &str, keyring: &Keyring, account: AccountId) -> Term {
        if let Some(token) = Token::of_sealed_text(piece) {
            return Term::filter(token);
        }
        if email::is_valid(piece) {
            return Term::filter(Token::email(keyring, account, piece));
        }
        let mut term = Term::default();
        if is_rut(piece) {
            term.exact.push(Token::rut(keyring, account, piece));
        }
        term.exact.extend(amounts(piece).into_iter().map(Token::amount));
        let words = writing::words(piece);
        let whole = words.concat();
        if words.len() > 1 {
            term.all = words
                .iter()
                .map(|word| [Token::word(word), Token::persons_word(word)])
                .collect();
        }
        match whole.chars().count() {
            0 => {}
            1..BEGINNING_CHARS_MIN => term
                .exact
                .extend([Token::word(&whole), Token::persons_word(&whole)]),
            _ => term
                .beginnings
                .extend([Token::word(&whole), Token::persons_word(&whole)]),
        }
        let may_be_id = (ID_CHARS_MIN..=PAYMENT_ID_LENGTH).contains(&piece.len())
            && piece.bytes().all(|byte| byte.is_ascii_alphanumeric());
        term.id = may_be_id.then(|| piece.to_ascii_lowercase());
        term
    }

    fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.beginnings.is_empty() && self.all.is_empty() && self.id.is_none()
    }
}

/// What was typed, as it may stand in a URL: RUTs and e-mail addresses as digests that tell nobody's.
pub(in crate::console::payments) fn sealed(text: &str, keyring: &Keyring, account: AccountId) -> String {
    let sealed = |piece: &str| {
        if email::is_valid(piece) {
            Token::email(keyring, account, piece).sealed_text()
        } else if is_rut(piece) && piece.contains(['-', '.']) {
            Token::rut(keyring, account, piece).sealed_text()
        } else {
            piece.to_owned()
        }
    };
    let text: String = text.chars().take(TYPED_CHARS_MAX).collect();
    let pieces: Vec<String> = text.split_whitespace().map(sealed).collect();
    pieces.join(" ")
}

fn has(tokens: &BTreeSet<Token>, beginning: &Token) -> bool {
    let first = tokens.range(beginning.clone()..).next();
    first.is_some_and(|token| token.begins_with(beginning))
}

/// A number that is long enough for a person's, with the right check digit.
fn is_rut(piece: &str) -> bool {
    normalise(piece).len() >= RUT_CHARS_MIN && Rut::parse(piece).is_ok()
}

/// The amounts that a writing may mean: «$15.340» is fifteen thousand; «10.500» may be that or ten and a half.
fn amounts(piece: &str) -> Vec<Amount> {
    let digits = piece.trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '$' | '€' | '/'));
    let may_be_one = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    if !may_be_one || digits.is_empty() {
        return Vec::new();
    }
    let chilean = digits.replace('.', "").replace(',', ".");
    let english = digits.replace(',', "");
    let writings: BTreeSet<String> = [chilean, english].into();
    writings
        .iter()
        .filter_map(|writing| Amount::parse(writing, false).ok())
        .filter(|amount| *amount > Amount::ZERO)
        .collect()
}

/// Conditions of one search.
const TERMS_MAX: usize = 6;
/// Of what was typed, so much is read.
pub(in crate::console::payments) const TYPED_CHARS_MAX: usize = 200;
/// Shorter words are looked for as they are, not as beginnings.
const BEGINNING_CHARS_MIN: usize = 3;
/// The shortest beginning of an identifier.
const ID_CHARS_MIN: usize = 4;
/// Digits and check digit of the shortest RUT that is taken for one.
const RUT_CHARS_MIN: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_in_each_writing_that_chileans_use() {
        let units = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| Amount::parse(text, false).unwrap())
                .collect::<Vec<_>>()
        };
        for (text, expected) in [
            ("$15.340", vec!["15.34", "15340"]),
            ("15340", vec!["15340"]),
            ("$1.234.567", vec!["1234567"]),
            ("US$10,50", vec!["10.5", "1050"]),
            ("UF1,2345", vec!["1.2345", "12345"]),
            ("15-340", vec![]),
            ("$", vec![]),
            ("0", vec![]),
        ] {
            let found: BTreeSet<Amount> = amounts(text).into_iter().collect();
            assert_eq!(found, units(&expected).into_iter().collect(), "{text}");
        }
    }
}
