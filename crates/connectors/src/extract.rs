//! Values out of a page's texts. Each is read in exactly one writing, the one that the site uses: a text in any other
//! is refused and never interpreted, because `1.534` is a different number in another country.

use ayni_domain::operation::code::Code;
use jiff::civil::Date;

/// The most pesos of one amount; a debt above it is a misreading.
pub const PESOS_MAX: i64 = 999_999_999_999;

/// Years that a due date may have; another one is a misreading.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2099;

/// Why a text is not the value that it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// There is nothing.
    Empty,
    /// It has no digit, so it is no amount and no date in any writing.
    NotANumber,
    /// It has digits, in a writing that the site did not use before.
    OtherWriting,
}

impl Unread {
    /// What the caller is told: information that is missing, data of another shape, or a site that changed.
    pub fn code(self) -> Code {
        match self {
            Unread::Empty => Code::DataMissing,
            Unread::NotANumber => Code::DataUnfit,
            Unread::OtherWriting => Code::UnknownPage,
        }
    }
}

/// Pesos as Chile writes them, `$15.340`: a dollar sign, perhaps a blank, and dots between thousands.
pub fn pesos(text: &str) -> Result<i64, Unread> {
    let refused = refusal(text);
    let text = text.trim();
    let digits = text.strip_prefix('$').map(str::trim_start).ok_or(refused)?;
    let mut groups = digits.split('.');
    let first = groups.next().ok_or(refused)?;
    let begins_well = (1..=3).contains(&first.len()) && (first == "0" || !first.starts_with('0'));
    if !begins_well || !is_digits(first) || (first == "0" && digits.len() > 1) {
        return Err(refused);
    }
    if !groups.all(|group| group.len() == 3 && is_digits(group)) {
        return Err(refused);
    }
    let plain: String = digits.chars().filter(|c| *c != '.').collect();
    let pesos: i64 = plain.parse().map_err(|_| refused)?;
    (pesos <= PESOS_MAX).then_some(pesos).ok_or(refused)
}

/// A day as Chile writes it, `31/05/2025`.
pub fn day(text: &str) -> Result<Date, Unread> {
    let refused = refusal(text);
    let [day, month, year] = text.trim().split('/').collect::<Vec<_>>()[..] else {
        return Err(refused);
    };
    let whole = |part: &str, chars: usize| -> Result<i16, Unread> {
        let fits = part.len() == chars && is_digits(part);
        fits.then(|| part.parse().ok()).flatten().ok_or(refused)
    };
    let year = whole(year, 4)?;
    let small = |part| i8::try_from(whole(part, 2)?).map_err(|_| refused);
    let date = Date::new(year, small(month)?, small(day)?).map_err(|_| refused)?;
    YEARS.contains(&year).then_some(date).ok_or(refused)
}

fn refusal(text: &str) -> Unread {
    match text.trim() {
        "" => Unread::Empty,
        text if text.chars().any(char::is_numeric) => Unread::OtherWriting,
        _ => Unread::NotANumber,
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ayni_domain::rut::dotted;
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    fn cases(count: u32) -> Config {
        Config {
            cases: count,
            rng_seed: RngSeed::Fixed(990_939),
            failure_persistence: None,
            ..Config::default()
        }
    }

    #[test]
    fn the_seeds_amount_and_date_are_read() {
        assert_eq!(pesos("$15.340"), Ok(15_340));
        assert_eq!(day("31/05/2025"), Ok(Date::constant(2025, 5, 31)));
        assert_eq!(pesos(" $ 1.234.567 "), Ok(1_234_567));
        assert_eq!(pesos("$0"), Ok(0));
        assert_eq!(pesos("$999.999.999.999"), Ok(PESOS_MAX));
    }

    #[test]
    fn an_amount_in_another_writing_is_refused() {
        for text in [
            "15.340",
            "$15340",
            "$15,340",
            "$15.340,00",
            "15.340,00 CLP",
            "US$15,34",
            "US$15.340",
            "$15.34",
            "$1.5340",
            "$.340",
            "$15.",
            "$15..340",
            "$-15.340",
            "-$15.340",
            "$15 340",
            "$015.340",
            "$00",
            "$0.340",
            "$15.340 CLP",
            "$$15.340",
            "CLP 15.340",
            "$1.000.000.000.000",
            "$99.999.999.999.999.999.999",
            "$１５.３４０",
            "UF 1,5",
            "$15.340 $0",
            "15.340$",
            "(15.340)",
            "$1e3",
            "$0x1",
        ] {
            assert_eq!(pesos(text), Err(Unread::OtherWriting), "{text}");
        }
        assert_eq!(pesos(" \u{a0}"), Err(Unread::Empty));
        assert_eq!(pesos("Por confirmar"), Err(Unread::NotANumber));
        assert_eq!(pesos("$"), Err(Unread::NotANumber));
    }

    #[test]
    fn a_date_in_another_writing_is_refused() {
        for text in [
            "2025/31/05",
            "2025-05-31",
            "05/31/2025",
            "31/5/2025",
            "31/05/25",
            "31-05-2025",
            "31.05.2025",
            "30/02/2025",
            "31/05/2025 12:00",
            "31/05/20256",
            "00/05/2025",
            "31/00/2025",
            "31/05/1889",
            "31/05/2100",
            "+1/05/2025",
            "31 de mayo de 2025",
            "３１/05/2025",
            "31/05/2025/1",
        ] {
            assert_eq!(day(text), Err(Unread::OtherWriting), "{text}");
        }
        assert_eq!(day(""), Err(Unread::Empty));
        assert_eq!(day("Vencida"), Err(Unread::NotANumber));
    }

    proptest! {
        #![proptest_config(cases(2_000))]

        #[test]
        fn what_is_written_is_read_back(amount in 0..=PESOS_MAX, days in 0..30_000_i64) {
            let written = dotted(amount.unsigned_abs());
            prop_assert_eq!(pesos(&format!("${written}")), Ok(amount));
            let date = Date::constant(2000, 1, 1).saturating_add(jiff::Span::new().days(days));
            prop_assert_eq!(day(&date.strftime("%d/%m/%Y").to_string()), Ok(date));
        }

        #[test]
        fn whatever_is_read_was_written_that_way(text in "[$ ]{0,2}[0-9.,]{0,9}[ A-Z$,-]{0,3}") {
            if let Ok(amount) = pesos(&text) {
                let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                prop_assert_eq!(squeezed, format!("${}", dotted(amount.unsigned_abs())));
            }
        }

        #[test]
        fn whatever_date_is_read_was_written_that_way(text in "[0-9/ .-]{0,11}") {
            if let Ok(date) = day(&text) {
                prop_assert_eq!(text.trim(), date.strftime("%d/%m/%Y").to_string());
            }
        }

        #[test]
        fn no_text_makes_the_reading_fail_otherwise(text in "\\PC{0,30}") {
            let _ = (pesos(&text), day(&text));
        }
    }
}
