//! A part of an amount, because 1.49 % has no exact binary fraction.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::money::Amount;

/// A part of a whole in parts per million; not above the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate(u32);

/// Why a text or a number is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a percentage from 0% to 100% with at most four decimals, as 1.49%")]
pub struct NotARate;

impl Rate {
    /// All of it, in parts per million.
    pub const WHOLE: i128 = 1_000_000;

    /// So many parts per million, as a row has them.
    pub fn from_parts_per_million(parts: i64) -> Result<Rate, NotARate> {
        match u32::try_from(parts) {
            Ok(parts) if i128::from(parts) <= Rate::WHOLE => Ok(Rate(parts)),
            _ => Err(NotARate),
        }
    }

    /// For a row.
    pub fn parts_per_million(self) -> i64 {
        i64::from(self.0)
    }
}

/// Reads a percentage: `1.49%`. The sign is required, so that 1.49 is not taken for 149 %.
impl FromStr for Rate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Rate, NotARate> {
        let digits = text.strip_suffix('%').ok_or(NotARate)?;
        // A percent has as many millionths as an amount's unit has ten-thousandths.
        let percent = Amount::parse(digits.trim_end(), false).map_err(|_| NotARate)?;
        Rate::from_parts_per_million(percent.ten_thousandths())
    }
}

/// The shortest percentage: `1.49%`.
impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}%",
            Amount::from_ten_thousandths(self.parts_per_million()).plain()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_read_and_written_exactly() {
        for (text, parts, shown) in [
            ("1.49%", 14_900, "1.49%"),
            ("0%", 0, "0%"),
            ("19%", 190_000, "19%"),
            ("0.0001%", 1, "0.0001%"),
            ("100.00 %", 1_000_000, "100%"),
        ] {
            let rate: Rate = text.parse().unwrap();
            assert_eq!(
                (rate.parts_per_million(), rate.to_string()),
                (parts, shown.to_owned())
            );
        }
        for text in ["1.49", "", "%", "-1%", "100.0001%", "1,49%", "0.00001%", "1e1%"] {
            assert_eq!(text.parse::<Rate>(), Err(NotARate), "{text}");
        }
    }
}
