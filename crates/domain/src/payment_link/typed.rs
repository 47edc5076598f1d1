//! Amounts as people type them: `15.000`, `$ 15.000`, `10,50`, `1,000.50`.

use crate::currency::Currency;
use crate::lang::Lang;
use crate::money::Amount;

/// Why a typed text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTyped {
    /// Nothing was typed.
    Empty,
    /// It is no number.
    Unreadable,
    /// It has more decimals than the currency.
    Decimals,
}

/// Reads an amount that a person typed. Groups of three digits behind the language's mark for thousands are thousands;
/// currencies without decimals take either mark for it, since nothing else can be meant.
pub fn amount(text: &str, currency: Currency, lang: Lang) -> Result<Amount, NotTyped> {
    let bare: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let bare = bare.strip_prefix(currency.symbol().trim_end()).unwrap_or(&bare);
    let bare = bare.strip_prefix('$').unwrap_or(bare);
    if bare.is_empty() {
        return Err(NotTyped::Empty);
    }
    if bare.len() > TYPED_LENGTH_MAX {
        return Err(NotTyped::Unreadable);
    }
    let (whole, decimals) = parts(bare, currency, lang).ok_or(NotTyped::Unreadable)?;
    let digits = match decimals.is_empty() {
        true => whole,
        false => format!("{whole}.{decimals}"),
    };
    let amount = Amount::parse(&digits, false).map_err(|_| NotTyped::Unreadable)?;
    if amount.decimals() > currency.decimals() {
        return Err(NotTyped::Decimals);
    }
    Ok(amount)
}

/// Whole digits and decimals.
fn parts(text: &str, currency: Currency, lang: Lang) -> Option<(String, String)> {
    let (thousands, point) = lang.pick(('.', ','), (',', '.'));
    if currency.decimals() == 0 {
        let grouped = ungrouped(text, '.').or_else(|| ungrouped(text, ','));
        // «1000,00» is a thousand, too.
        return match (grouped, text.split_once(point)) {
            (Some(whole), _) => Some((whole, String::new())),
            (None, Some((whole, decimals))) => Some((ungrouped(whole, thousands)?, digits(decimals)?)),
            (None, None) => None,
        };
    }
    if let Some(whole) = ungrouped(text, thousands) {
        return Some((whole, String::new()));
    }
    let at_point = text
        .rsplit_once(point)
        .and_then(|(whole, decimals)| Some((ungrouped(whole, thousands)?, digits(decimals)?)));
    // The other language's point, where it can't be a mark for thousands.
    at_point.or_else(|| {
        let (whole, decimals) = text.split_once(thousands)?;
        Some((digits(whole)?, digits(decimals)?)).filter(|(_, decimals)| decimals.len() != 3)
    })
}

/// The digits of `1.234.567` or `1234567`.
fn ungrouped(text: &str, mark: char) -> Option<String> {
    let mut groups = text.split(mark);
    let first = digits(groups.next()?)?;
    let rest: Vec<String> = groups.map(digits).collect::<Option<_>>()?;
    let is_grouped = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    is_grouped.then(|| first + &rest.concat())
}

fn digits(text: &str) -> Option<String> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.to_owned())
}

/// Longer than any amount with all its marks.
const TYPED_LENGTH_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_of_the_language_write_them() {
        let of = |text: &str| Ok(Amount::parse(text, false).unwrap());
        for (text, currency, lang, read) in [
            ("15000", Currency::Clp, Lang::Es, of("15000")),
            ("$ 15.000", Currency::Clp, Lang::Es, of("15000")),
            ("1.234.567", Currency::Clp, Lang::Es, of("1234567")),
            ("15,000", Currency::Clp, Lang::Es, of("15000")),
            ("15.000", Currency::Clp, Lang::En, of("15000")),
            ("1.000,00", Currency::Clp, Lang::Es, of("1000")),
            ("1.000,50", Currency::Clp, Lang::Es, Err(NotTyped::Decimals)),
            ("15.00", Currency::Clp, Lang::Es, Err(NotTyped::Unreadable)),
            ("1.50.000", Currency::Clp, Lang::Es, Err(NotTyped::Unreadable)),
            ("10,5", Currency::Usd, Lang::Es, of("10.5")),
            ("10.50", Currency::Usd, Lang::Es, of("10.5")),
            ("1.000", Currency::Usd, Lang::Es, of("1000")),
            ("1,000", Currency::Usd, Lang::En, of("1000")),
            ("US$ 1,000.50", Currency::Usd, Lang::En, of("1000.5")),
            ("1.000,50", Currency::Usd, Lang::Es, of("1000.5")),
            ("10.555", Currency::Usd, Lang::En, Err(NotTyped::Decimals)),
            ("1,5", Currency::Clf, Lang::Es, of("1.5")),
            ("", Currency::Clp, Lang::Es, Err(NotTyped::Empty)),
            ("$", Currency::Clp, Lang::Es, Err(NotTyped::Empty)),
            ("-5", Currency::Clp, Lang::Es, Err(NotTyped::Unreadable)),
            ("1e9", Currency::Clp, Lang::Es, Err(NotTyped::Unreadable)),
            ("mil", Currency::Clp, Lang::Es, Err(NotTyped::Unreadable)),
            (
                "99999999999999999999",
                Currency::Clp,
                Lang::Es,
                Err(NotTyped::Unreadable),
            ),
        ] {
            assert_eq!(
                amount(text, currency, lang),
                read,
                "{text} in {currency}, {}",
                lang.tag()
            );
        }
    }
}
