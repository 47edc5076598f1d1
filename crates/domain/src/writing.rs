//! Words as they are compared when somebody looks for them: without case, accents and punctuation, because nobody types
//! them as they were written.

/// The letter without its accent. An accent written as a character of its own is no letter and falls out later.
pub fn unaccented(letter: char) -> char {
    match letter {
        'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

/// The words of a text, folded: lower case, no accents, split where there is neither a letter nor a digit.
///
/// An accent that is a character of its own belongs to its letter and does not split a word.
pub fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.chars().flat_map(char::to_lowercase).map(unaccented) {
        if letter.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.push(letter);
            }
        } else if !is_combining(letter) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The combining accents of Latin letters (U+0300 to U+036F).
fn is_combining(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_without_case_accents_and_punctuation() {
        for (text, expected) in [
            (
                "Pago de ARRIENDO, Nº 12-B",
                vec!["pago", "de", "arriendo", "nº", "12", "b"],
            ),
            ("Ñuñoa Pérez", vec!["nunoa", "perez"]),
            ("Pe\u{301}rez", vec!["perez"]),
            (" -- ", vec![]),
            ("ORD_2026/001", vec!["ord", "2026", "001"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
