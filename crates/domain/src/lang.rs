//! The two languages in which we speak to people, Spanish unless asked otherwise.

use serde::{Deserialize, Serialize};

/// A language of messages and pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Spanish of Chile, the default.
    #[default]
    Es,
    /// English.
    En,
}

impl Lang {
    /// The better of both for an `Accept-Language` header (RFC 9110, 12.5.4); Spanish where it names neither.
    pub fn from_accept_language(header: &str) -> Lang {
        let mut best: Option<(u32, Lang)> = None;
        for range in header.split(',') {
            let (tag, weight) = match range.split_once(';') {
                Some((tag, parameter)) => (tag, weight_in_thousandths(parameter)),
                None => (range, 1000),
            };
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let lang = match primary.to_ascii_lowercase().as_str() {
                "es" | "*" => Lang::Es,
                "en" => Lang::En,
                _ => continue,
            };
            if weight > 0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, lang));
            }
        }
        best.map_or(Lang::Es, |(_, lang)| lang)
    }

    /// The tag for `lang` attributes and `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Es => "es",
            Lang::En => "en",
        }
    }

    /// The text of this language.
    pub fn pick<T>(self, es: T, en: T) -> T {
        match self {
            Lang::Es => es,
            Lang::En => en,
        }
    }
}

/// `q=0.8` as 800; what can't be read counts as nothing.
fn weight_in_thousandths(parameter: &str) -> u32 {
    let Some(("q", text)) = parameter.trim().split_once('=') else {
        return 1000;
    };
    match text.trim().split_once('.') {
        None => text.trim().parse::<u32>().map_or(0, |whole| whole.min(1) * 1000),
        Some(("1", _)) => 1000,
        Some((_, fraction)) => {
            let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
            digits.parse().unwrap_or(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_we_speak_wins_and_spanish_is_the_default() {
        for (header, expected) in [
            ("", Lang::Es),
            ("en", Lang::En),
            ("en-US,en;q=0.9,es;q=0.8", Lang::En),
            ("es-CL,es;q=0.9,en;q=0.8", Lang::Es),
            ("fr-FR, en;q=0.5", Lang::En),
            ("es;q=0.5, en;q=0.75", Lang::En),
            ("en;q=0", Lang::Es),
            ("en;q=0.3, *;q=0.1", Lang::En),
            ("de", Lang::Es),
            ("EN-gb", Lang::En),
            ("en;q=rubbish", Lang::Es),
        ] {
            assert_eq!(Lang::from_accept_language(header), expected, "{header}");
        }
    }
}
