//! The name of a contract, which its signer reads before signing and its receipt repeats. It comes from a merchant's URL,
//! so that nothing in it may steer a page, a file system or the direction of a line.

/// What a document at this URL is called: the last part of its path, decoded; `contrato.pdf` where that says nothing.
/// At most [`NAME_LENGTH_MAX`] characters.
pub fn document_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.split_once('/').and_then(|(_, path)| path.rsplit('/').next());
    let decoded = decode(last.unwrap_or_default());
    let plain: String = decoded.chars().filter(|char| is_plain(*char)).collect();
    let plain = plain.trim();
    match plain.chars().count() {
        0 => NAME_OF_NONE.to_owned(),
        length if length > NAME_LENGTH_MAX => {
            let kept: String = plain.chars().take(NAME_LENGTH_MAX - 1).collect();
            format!("{kept}…")
        }
        _ => plain.to_owned(),
    }
}

/// `%C3%B1` as ñ; what is no escape stays as it is, and what is no UTF-8 is replaced.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| first == b'%');
        let byte = escaped
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = match byte {
            Some(_) => &after[2..],
            None => after,
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// No control character, no separator of paths, and none of those that are not seen or turn a line around.
fn is_plain(char: char) -> bool {
    let is_unseen = matches!(char,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}');
    !char.is_control() && !is_unseen && !matches!(char, '/' | '\\')
}

/// Longer names are cut.
pub const NAME_LENGTH_MAX: usize = 80;
const NAME_OF_NONE: &str = "contrato.pdf";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_by_the_end_of_its_address_and_by_nothing_that_steers() {
        for (url, name) in [
            ("https://a.cl/docs/contrato-42.pdf", "contrato-42.pdf"),
            (
                "https://a.cl/docs/contrato-42.pdf?v=1/x.exe#y/z",
                "contrato-42.pdf",
            ),
            (
                "https://a.cl/Arriendo%20a%C3%B1o%202026.pdf",
                "Arriendo año 2026.pdf",
            ),
            ("https://a.cl/100%", "100%"),
            ("https://a.cl/%zz%4", "%zz%4"),
            ("https://a.cl/%+4", "%+4"),
            ("https://a.cl", "contrato.pdf"),
            ("https://a.cl/", "contrato.pdf"),
            ("https://a.cl/%0d%0a%20", "contrato.pdf"),
            ("https://a.cl/%E2%80%AEfdp.exe", "fdp.exe"),
            ("https://a.cl/..%2f..%2fetc", "....etc"),
            ("https://a.cl/%ff.pdf", "\u{fffd}.pdf"),
        ] {
            assert_eq!(document_name(url), name, "{url}");
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        let name = document_name(&format!("https://a.cl/{}.pdf", "ñ".repeat(900)));
        assert_eq!(name.chars().count(), NAME_LENGTH_MAX);
        assert!(name.ends_with('…'));
    }
}
