//! A page that was not understood, fit for an operator's eyes: its markup tells what the site changed, and nothing in
//! it tells whose page it was. Texts keep their shape (`$##.###`, `Xxxxx`), so that a new writing can be recognised.

use scraper::{ElementRef, Html, Node};

/// Attributes whose values are the site's, not a person's.
const KEPT_ATTRIBUTES: [&str; 10] = [
    "class",
    "data-page",
    "for",
    "id",
    "lang",
    "method",
    "name",
    "rel",
    "role",
    "type",
];

/// Longest attribute value that is kept.
const VALUE_CHARS_MAX: usize = 60;

/// Elements within each other; what lies deeper is left out.
const DEPTH_MAX: usize = 64;

/// The markup with every text masked, of at most `bytes_max` bytes.
pub(super) fn markup(html: &Html, bytes_max: usize) -> String {
    let mut written = Written {
        text: String::new(),
        bytes_max,
    };
    written.element(html.root_element(), 0);
    written.text
}

struct Written {
    text: String,
    bytes_max: usize,
}

impl Written {
    fn element(&mut self, element: ElementRef<'_>, depth: usize) {
        let name = masked_name(element.value().name());
        self.push(&format!("<{name}"));
        for (attribute, value) in element.value().attrs() {
            let value = match KEPT_ATTRIBUTES.contains(&attribute) && !value.contains('@') {
                true => value.chars().take(VALUE_CHARS_MAX).map(without_digit).collect(),
                false => "…".to_owned(),
            };
            self.push(&format!(" {}=\"{}\"", masked_name(attribute), escaped(&value)));
        }
        self.push(">");
        let has_texts = !matches!(name.as_str(), "script" | "style");
        for child in element.children().filter(|_| depth < DEPTH_MAX) {
            match child.value() {
                Node::Text(text) if has_texts => {
                    self.push(&escaped(&text.chars().map(masked).collect::<String>()));
                }
                _ => ElementRef::wrap(child)
                    .into_iter()
                    .for_each(|child| self.element(child, depth + 1)),
            }
        }
        self.push(&format!("</{name}>"));
    }

    /// All of it or nothing: a tag is never cut in two.
    fn push(&mut self, text: &str) {
        if self.text.len() + text.len() <= self.bytes_max {
            self.text.push_str(text);
        }
    }
}

/// Letters and digits give nothing away but their kind.
fn masked(character: char) -> char {
    match character {
        c if c.is_numeric() => '#',
        c if c.is_uppercase() => 'X',
        c if c.is_alphabetic() => 'x',
        other => other,
    }
}

fn without_digit(character: char) -> char {
    if character.is_numeric() { '#' } else { character }
}

/// Names of elements and attributes come from the site too.
fn masked_name(name: &str) -> String {
    let plain = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-');
    plain.take(VALUE_CHARS_MAX).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<html><body data-page="debt"><!-- Ana --><script>var rut = "11.111.111-1"</script>
        <p id="cliente-77" title="Ana Pérez" data-rut="1-9">Ana Pérez debe $15.340 &lt;ya&gt;</p>
        <input name="clave" value="wxyz1234"><a href="/ana/25252525" class="ana@example.com">x</a>"#;

    #[test]
    fn the_markup_stays_and_the_person_goes() {
        let kept = markup(&Html::parse_document(PAGE), 64 * 1024);
        for gone in [
            "Ana", "15", "340", "rez", "1-9", "wxyz", "2525", "111", "rut =", "ana", "77",
        ] {
            assert!(!kept.contains(gone), "{gone}: {kept}");
        }
        for stays in [
            r#"<body data-page="debt">"#,
            r##"id="cliente-##""##,
            "Xxx Xxxxx xxxx $##.### &lt;xx>",
            r#"name="clave""#,
            "</html>",
        ] {
            assert!(kept.contains(stays), "{stays}: {kept}");
        }
    }

    #[test]
    fn neither_length_nor_depth_is_without_limit() {
        let long = format!("<p>{}", "<b>texto</b>".repeat(10_000));
        assert!(markup(&Html::parse_document(&long), 1_000).len() <= 1_000);
        let deep = "<div>".repeat(2_000);
        let kept = markup(&Html::parse_document(&deep), 64 * 1024);
        assert!(kept.matches("<div>").count() <= DEPTH_MAX);
    }
}
