//! Exact amounts, because a payment is recognised by its amount to the last decimal: never binary floating point.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::currency::Currency;
use crate::lang::Lang;

/// Decimals that an amount can hold (seed: "Hasta 4 lugares decimales, dependiendo de la moneda").
pub const DECIMALS_MAX: u32 = 4;

const UNIT: i64 = 10_000;

/// An exact amount in ten-thousandths of its currency's unit; below zero for debits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Amount(i64);

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AmountError {
    /// It is not a decimal number with `.` before its decimals.
    #[error("not a decimal number")]
    Shape,
    /// It has more than four decimals, trailing zeros not counted.
    #[error("more than four decimals")]
    TooManyDecimals,
    /// It is above [`Amount::MAX`].
    #[error("more than 10000000000000")]
    TooLarge,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);

    /// The largest amount that is read: 10^13 units.
    pub const MAX: Amount = Amount(10_000_000_000_000 * UNIT);

    /// The amount of a row.
    pub const fn from_ten_thousandths(ten_thousandths: i64) -> Amount {
        Amount(ten_thousandths)
    }

    /// So many whole units, saturated far above [`Amount::MAX`].
    pub const fn from_units(units: i64) -> Amount {
        Amount(units.saturating_mul(UNIT))
    }

    /// The amount for a row.
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// Reads a decimal number from its text, exactly; an exponent only where one is allowed (JSON numbers).
    pub fn parse(text: &str, allow_exponent: bool) -> Result<Amount, AmountError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) if allow_exponent => (mantissa, read_exponent(exponent)?),
            Some(_) => return Err(AmountError::Shape),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return Err(AmountError::Shape),
            Some((whole, fraction)) => (whole, fraction),
            None => (mantissa, ""),
        };
        if whole.is_empty()
            || !whole
                .bytes()
                .chain(fraction.bytes())
                .all(|byte| byte.is_ascii_digit())
        {
            return Err(AmountError::Shape);
        }
        let magnitude = scaled(whole, fraction, exponent)?;
        Ok(Amount(if negative { -magnitude } else { magnitude }))
    }

    /// How many decimals it has, trailing zeros not counted.
    pub fn decimals(self) -> u32 {
        let mut rest = self.0 % UNIT;
        let mut decimals = DECIMALS_MAX;
        while decimals > 0 && rest % 10 == 0 {
            rest /= 10;
            decimals -= 1;
        }
        decimals
    }

    /// Both together, unless that overflows.
    pub fn checked_add(self, other: Amount) -> Option<Amount> {
        self.0.checked_add(other.0).map(Amount)
    }

    /// This less the other, unless that overflows.
    pub fn checked_sub(self, other: Amount) -> Option<Amount> {
        self.0.checked_sub(other.0).map(Amount)
    }

    /// So many of it, unless that overflows.
    pub fn times(self, quantity: i64) -> Option<Amount> {
        self.0.checked_mul(quantity).map(Amount)
    }

    /// Rounded to so many decimals, halves away from zero.
    #[must_use]
    pub fn rounded_to(self, decimals: u32) -> Amount {
        let step = 10_i64.pow(DECIMALS_MAX.saturating_sub(decimals));
        let half = if self.0 < 0 { -(step / 2) } else { step / 2 };
        Amount(self.0.saturating_add(half) / step * step)
    }

    /// The shortest text with a dot before decimals, for forms: `1000`, `10.5`.
    pub fn plain(self) -> String {
        self.digits(self.decimals(), "", ".")
    }

    /// As people read it: `$1.000` and `US$ 10,50` in Spanish, `$1,000` and `US$ 10.50` in English.
    pub fn shown(self, currency: Currency, lang: Lang) -> String {
        let decimals = self.decimals().max(currency.decimals().min(2));
        let (thousands, point) = lang.pick((".", ","), (",", "."));
        let (sign, magnitude) = if self.0 < 0 {
            ("-", Amount(self.0.saturating_neg()))
        } else {
            ("", self)
        };
        format!(
            "{sign}{}{}",
            currency.symbol(),
            magnitude.digits(decimals, thousands, point)
        )
    }

    fn digits(self, decimals: u32, thousands: &str, point: &str) -> String {
        let magnitude = self.0.unsigned_abs();
        let unit = UNIT.unsigned_abs();
        let mut out = String::from(if self.0 < 0 { "-" } else { "" });
        let whole = (magnitude / unit).to_string();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                out.push_str(thousands);
            }
            out.push(digit);
        }
        if decimals > 0 {
            let fraction = format!("{:04}", magnitude % unit);
            out.push_str(point);
            out.extend(fraction.chars().take(decimals.min(DECIMALS_MAX) as usize));
        }
        out
    }
}

/// The text of the wire, with four decimals: `1000.0000`.
impl fmt::Display for Amount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (magnitude, unit) = (self.0.unsigned_abs(), UNIT.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(out, "{sign}{}.{:04}", magnitude / unit, magnitude % unit)
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> String {
        amount.to_string()
    }
}

impl TryFrom<String> for Amount {
    type Error = AmountError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Amount::parse(&text, false)
    }
}

/// An exponent that saturates far outside of what an amount can be.
fn read_exponent(text: &str) -> Result<i64, AmountError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AmountError::Shape);
    }
    const FAR: i64 = 1 << 40;
    let size = digits.parse().unwrap_or(FAR).min(FAR);
    Ok(if text.starts_with('-') { -size } else { size })
}

/// The digits as ten-thousandths; leading and trailing zeros do not count.
fn scaled(whole: &str, fraction: &str, exponent: i64) -> Result<i64, AmountError> {
    /// 10^13 has fourteen digits.
    const WHOLE_DIGITS_MAX: i64 = 14;
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let dropped = length(&digits) - length(significant);
    let power = exponent - length(fraction) + dropped;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    if length(significant) + power > WHOLE_DIGITS_MAX {
        return Err(AmountError::TooLarge);
    }
    let shift = u32::try_from(power + i64::from(DECIMALS_MAX)).map_err(|_| AmountError::TooManyDecimals)?;
    let number: i64 = significant.parse().map_err(|_| AmountError::TooLarge)?;
    let scaled = 10_i64
        .checked_pow(shift)
        .and_then(|factor| number.checked_mul(factor));
    scaled
        .filter(|scaled| *scaled <= Amount::MAX.0)
        .ok_or(AmountError::TooLarge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sampled::cases;

    #[test]
    fn numbers_are_read_from_their_text() {
        for (text, expected) in [
            ("1000", 10_000_000),
            ("1000.0000", 10_000_000),
            ("0.0001", 1),
            ("0.10000000", 1_000),
            ("1e3", 10_000_000),
            ("1.5E+3", 15_000_000),
            ("12345e-4", 12_345),
            ("1000000e-9", 10),
            ("10000000000000", 100_000_000_000_000_000),
            ("1e13", 100_000_000_000_000_000),
            ("0e999999999999999999999", 0),
            ("-1.5", -15_000),
            ("-0", 0),
            ("007", 70_000),
        ] {
            assert_eq!(Amount::parse(text, true), Ok(Amount(expected)), "{text}");
        }
    }

    #[test]
    fn what_can_not_be_held_exactly_is_refused() {
        for (text, expected) in [
            ("0.00001", AmountError::TooManyDecimals),
            ("1e-5", AmountError::TooManyDecimals),
            ("1e-99999999999999999999", AmountError::TooManyDecimals),
            ("10000000000000.0001", AmountError::TooLarge),
            ("10000000000001", AmountError::TooLarge),
            ("1e14", AmountError::TooLarge),
            ("1e99999999999999999999", AmountError::TooLarge),
        ] {
            assert_eq!(Amount::parse(text, true), Err(expected), "{text}");
        }
        for text in [
            "", "-", ".5", "5.", "1.000,5", "1 000", "+1", "--1", "1e", "1e+", "1.2.3", "NaN", "0x10", "１",
        ] {
            assert_eq!(Amount::parse(text, true), Err(AmountError::Shape), "{text}");
        }
        assert_eq!(Amount::parse("1e3", false), Err(AmountError::Shape));
    }

    #[test]
    fn people_read_it_as_their_language_writes_it() {
        for (amount, currency, es, en) in [
            ("1000", Currency::Clp, "$1.000", "$1,000"),
            ("1234567", Currency::Clp, "$1.234.567", "$1,234,567"),
            ("10.5", Currency::Usd, "US$ 10,50", "US$ 10.50"),
            ("1.2345", Currency::Clf, "UF 1,2345", "UF 1.2345"),
            ("-200", Currency::Clp, "-$200", "-$200"),
        ] {
            let amount = Amount::parse(amount, false).unwrap();
            assert_eq!(
                (amount.shown(currency, Lang::Es), amount.shown(currency, Lang::En)),
                (es.into(), en.into())
            );
        }
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let rounded = |text| Amount::parse(text, false).unwrap().rounded_to(0).plain();
        assert_eq!(
            ["0.4999", "0.5", "1.5", "-0.5"].map(rounded),
            ["0", "1", "2", "-1"].map(String::from)
        );
        assert_eq!(
            Amount::parse("1.2355", false).unwrap().rounded_to(2).plain(),
            "1.24"
        );
    }

    #[test]
    fn the_shortest_text_and_the_wire_text() {
        for (text, plain, wire) in [
            ("1000.00", "1000", "1000.0000"),
            ("10.50", "10.5", "10.5000"),
            ("-0.5", "-0.5", "-0.5000"),
        ] {
            let amount = Amount::parse(text, false).unwrap();
            assert_eq!((amount.plain(), amount.to_string()), (plain.into(), wire.into()));
        }
    }

    proptest! {
        #![proptest_config(cases(512))]

        #[test]
        fn every_amount_reads_back_from_each_of_its_texts(ten_thousandths in -Amount::MAX.0..=Amount::MAX.0) {
            let amount = Amount(ten_thousandths);
            prop_assert_eq!(Amount::parse(&amount.to_string(), false), Ok(amount));
            prop_assert_eq!(Amount::parse(&amount.plain(), false), Ok(amount));
            prop_assert_eq!(Amount::parse(&format!("{ten_thousandths}e-4"), true), Ok(amount));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-+0-9.eE]{0,40}") {
            let _ = Amount::parse(&text, true);
        }
    }
}
