//! How each company numbers its clients, because the portal refuses an identifier before it looks for it.

use ayni_domain::rut::Rut;
use serde::Deserialize;

use super::derived::Derived;

/// The shape of a company's identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Format {
    /// So many digits, at least and at most.
    Digits(usize, usize),
    /// The same, and a hyphen and a check digit `0` to `9` or `K`; whether it is right only the company knows.
    DigitsAndCheck(usize, usize),
    /// A RUT with its right check digit, punctuated at will.
    Rut,
    /// A number plate: four letters and two digits, or two letters and four digits.
    Plate,
    /// A property's number: block and plot, `12345-678`.
    Roll,
}

impl TryFrom<String> for Format {
    type Error = String;

    fn try_from(text: String) -> Result<Format, String> {
        Ok(match text.as_str() {
            "6 digits" => Format::Digits(6, 6),
            "8 digits" => Format::Digits(8, 8),
            "9 digits" => Format::Digits(9, 9),
            "7-9 digits" => Format::Digits(7, 9),
            "6-10 digits" | "6-10 digits, no check digit" => Format::Digits(6, 10),
            "7-9 digits and check digit after a hyphen" => Format::DigitsAndCheck(7, 9),
            "7 digits, hyphen, check digit 0-9 or K" => Format::DigitsAndCheck(7, 7),
            "RUT" => Format::Rut,
            "4 letters and 2 digits, or 2 letters and 4 digits" => Format::Plate,
            "5 digits, hyphen, 3-5 digits" => Format::Roll,
            _ => return Err(format!("«{text}» is no known format of identifiers")),
        })
    }
}

impl Format {
    /// What was typed, as the company writes it; `None` if it has another shape.
    pub fn read(self, typed: &str) -> Option<String> {
        let typed = typed.trim().to_uppercase();
        let of_digits = |text: &str, min, max| {
            (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        match self {
            Format::Digits(min, max) => of_digits(&typed, min, max).then_some(typed),
            Format::DigitsAndCheck(min, max) => {
                let (number, check) = typed.split_once('-')?;
                let check_is_one = check == "K" || of_digits(check, 1, 1);
                (of_digits(number, min, max) && check_is_one).then_some(typed)
            }
            Format::Rut => Rut::parse(&typed).ok().map(Rut::formatted),
            Format::Plate => {
                let plate: String = typed.chars().filter(|c| !matches!(c, '-' | ' ' | '.')).collect();
                let letters = plate.bytes().take_while(u8::is_ascii_uppercase).count();
                let rest = plate.get(letters..)?;
                (matches!(letters, 2 | 4) && of_digits(rest, 6 - letters, 6 - letters)).then_some(plate)
            }
            Format::Roll => {
                let (block, plot) = typed.split_once('-')?;
                (of_digits(block, 5, 5) && of_digits(plot, 3, 5)).then_some(typed)
            }
        }
    }

    /// How the form explains it.
    pub fn hint(self) -> String {
        match self {
            Format::Digits(min, max) if min == max => format!("{min} dígitos, sin puntos ni guion"),
            Format::Digits(min, max) => format!("{min} a {max} dígitos, sin puntos ni guion"),
            Format::DigitsAndCheck(min, max) if min == max => {
                format!("{min} dígitos, guion y dígito verificador")
            }
            Format::DigitsAndCheck(min, max) => format!("{min} a {max} dígitos, guion y dígito verificador"),
            Format::Rut => "con dígito verificador, como 11.111.111-1".to_owned(),
            Format::Plate => "4 letras y 2 números, o 2 letras y 4 números".to_owned(),
            Format::Roll => "manzana y predio, como 12345-678".to_owned(),
        }
    }

    /// An identifier of this shape.
    pub fn sample(self, derived: &mut Derived) -> String {
        match self {
            Format::Digits(_, max) => digits(derived, max.min(9)),
            Format::DigitsAndCheck(min, _) => format!("{}-{}", digits(derived, min), digits(derived, 1)),
            Format::Rut => {
                let body = 5_000_000 + derived.below(20_000_000);
                u32::try_from(body)
                    .ok()
                    .and_then(Rut::from_body)
                    .map_or_else(String::new, Rut::formatted)
            }
            Format::Plate => format!("{}{}", letters(derived, 4), digits(derived, 2)),
            Format::Roll => format!("{}-{}", digits(derived, 5), digits(derived, 3)),
        }
    }
}

/// The first is never 0.
fn digits(derived: &mut Derived, count: usize) -> String {
    (0..count)
        .map(|place| {
            if place == 0 {
                1 + derived.below(9)
            } else {
                derived.below(10)
            }
        })
        .map(|digit| digit.to_string())
        .collect()
}

/// Letters of today's number plates, which have no vowels.
fn letters(derived: &mut Derived, count: usize) -> String {
    const LETTERS: [char; 18] = [
        'B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'P', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
    ];
    let mut pick = || {
        let at = usize::try_from(derived.below(LETTERS.len() as u64)).unwrap_or(0);
        LETTERS[at]
    };
    (0..count).map(|_| pick()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_takes_its_own_and_refuses_the_others() {
        for (format, typed, read) in [
            (Format::Digits(8, 8), " 25252525 ", Some("25252525")),
            (Format::Digits(8, 8), "2525252", None),
            (Format::Digits(8, 8), "2525252A", None),
            (Format::Digits(8, 8), "２５２５２５２５", None),
            (Format::Digits(6, 10), "1234567890", Some("1234567890")),
            (Format::Digits(6, 10), "12345678901", None),
            (Format::DigitsAndCheck(7, 7), "1234567-k", Some("1234567-K")),
            (Format::DigitsAndCheck(7, 7), "12345678", None),
            (Format::DigitsAndCheck(7, 9), "123456789-10", None),
            (Format::Rut, "111111111", Some("11.111.111-1")),
            (Format::Rut, "11.111.111-2", None),
            (Format::Plate, "bbcl-23", Some("BBCL23")),
            (Format::Plate, "AB1234", Some("AB1234")),
            (Format::Plate, "ABC123", None),
            (Format::Plate, "ÑÑCL23", None),
            (Format::Roll, "12345-678", Some("12345-678")),
            (Format::Roll, "1234-678", None),
        ] {
            assert_eq!(format.read(typed).as_deref(), read, "{format:?} {typed}");
        }
    }

    #[test]
    fn a_sample_is_of_its_format() {
        for format in [
            Format::Digits(6, 10),
            Format::DigitsAndCheck(7, 9),
            Format::Rut,
            Format::Plate,
            Format::Roll,
        ] {
            for seed in 0..100 {
                let sample = format.sample(&mut Derived::of(&[&seed.to_string()]));
                assert_eq!(format.read(&sample).as_ref(), Some(&sample), "{format:?}");
            }
        }
    }
}
