//! The Chilean tax number, because payers and account holders are known by it and write it in every possible way.

use std::fmt;

use thiserror::Error;

/// A RUT whose check digit is right.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rut(u32);

/// Why a text is no RUT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RutError {
    /// It has other characters than digits, punctuation and a last digit or K, or too many of them.
    #[error("not the shape of a RUT")]
    Shape,
    /// Its last character does not fit the others.
    #[error("wrong check digit")]
    CheckDigit,
}

/// More digits than any body ever issued.
const BODY_DIGITS_MAX: usize = 8;

impl Rut {
    /// Reads it with or without dots, hyphen and blanks.
    pub fn parse(text: &str) -> Result<Rut, RutError> {
        if text.len() > 64 {
            return Err(RutError::Shape);
        }
        let normal = normalise(text);
        let Some((at, check)) = normal.char_indices().next_back() else {
            return Err(RutError::Shape);
        };
        let body = normal[..at].trim_start_matches('0');
        let digits_only = body.bytes().all(|byte| byte.is_ascii_digit());
        let check_is_one = check == 'K' || check.is_ascii_digit();
        if body.is_empty() || body.len() > BODY_DIGITS_MAX || !digits_only || !check_is_one {
            return Err(RutError::Shape);
        }
        let rut = Rut(body.parse().map_err(|_| RutError::Shape)?);
        if rut.check_digit() == check {
            Ok(rut)
        } else {
            Err(RutError::CheckDigit)
        }
    }

    /// The RUT with this body, its check digit calculated; `None` for 0 and for more than eight digits.
    pub fn from_body(body: u32) -> Option<Rut> {
        (1..=99_999_999).contains(&body).then_some(Rut(body))
    }

    /// The digits before the check digit.
    pub fn body(self) -> u32 {
        self.0
    }

    /// Modulo eleven over the digits from the right, weighted 2 to 7 in turn.
    pub fn check_digit(self) -> char {
        let mut rest = self.0;
        let mut sum = 0;
        let mut weight = 2;
        while rest > 0 {
            sum += rest % 10 * weight;
            rest /= 10;
            weight = if weight == 7 { 2 } else { weight + 1 };
        }
        match 11 - sum % 11 {
            11 => '0',
            10 => 'K',
            digit => char::from_digit(digit, 10).unwrap_or('0'),
        }
    }

    /// Whether the check digit is 1, 3, 5, 7 or 9; K counts as even.
    pub fn check_digit_is_odd(self) -> bool {
        matches!(self.check_digit(), '1' | '3' | '5' | '7' | '9')
    }

    /// As people write it: `11.111.111-1`.
    pub fn formatted(self) -> String {
        format!("{}-{}", dotted(self.0.into()), self.check_digit())
    }

    /// As it is compared and stored: `111111111`.
    pub fn plain(self) -> String {
        format!("{}{}", self.0, self.check_digit())
    }
}

/// A RUT is personal data, so its debug text does not show it.
impl fmt::Debug for Rut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Rut(…)")
    }
}

/// A personal identifier as it is compared: without dots, hyphens and blanks, in upper case. It may be no valid RUT.
pub fn normalise(identifier: &str) -> String {
    identifier
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
        .flat_map(char::to_uppercase)
        .collect()
}

/// A whole number with dots between thousands, as in Chile: `12.345.678`.
pub fn dotted(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_punctuation_reads_as_the_same_rut() {
        for text in [
            "11.111.111-1",
            "11111111-1",
            "111111111",
            " 11 111 111 - 1 ",
            "011.111.111-1",
            "11.111.111–1",
        ] {
            let rut = Rut::parse(text).unwrap();
            assert_eq!(
                (rut.formatted(), rut.plain()),
                ("11.111.111-1".into(), "111111111".into()),
                "{text}"
            );
        }
    }

    #[test]
    fn check_digits_k_and_zero_are_calculated() {
        assert_eq!(
            Rut::parse("20.347.878-k").map(Rut::formatted),
            Ok("20.347.878-K".into())
        );
        let zero = (1..200)
            .filter_map(Rut::from_body)
            .find(|rut| rut.check_digit() == '0')
            .unwrap();
        assert_eq!(Rut::parse(&zero.formatted()), Ok(zero));
        assert!(!Rut::parse("20347878K").unwrap().check_digit_is_odd());
    }

    #[test]
    fn a_wrong_digit_and_a_wrong_shape_are_told_apart() {
        assert_eq!(Rut::parse("11.000.111-9"), Err(RutError::CheckDigit));
        for text in [
            "",
            "1",
            "K",
            "abc",
            "11.111.11A-1",
            "123.456.789-2",
            "０1-9",
            "0-0",
        ] {
            assert_eq!(Rut::parse(text), Err(RutError::Shape), "{text}");
        }
    }

    #[test]
    fn identifiers_that_are_no_rut_are_still_comparable() {
        assert_eq!(normalise("11.000.111-9"), normalise("110001119"));
        assert_eq!(normalise("20347878-k"), "20347878K");
    }

    #[test]
    fn the_debug_text_hides_the_person() {
        assert_eq!(format!("{:?}", Rut::parse("11.111.111-1").unwrap()), "Rut(…)");
    }
}
