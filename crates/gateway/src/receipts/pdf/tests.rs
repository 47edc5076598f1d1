//! The file as a second reader finds it, whatever the texts are.

use ayni_domain::lang::Lang;
use proptest::prelude::*;

use super::font::Font;
use super::wrap::wrap;
use super::{pt, write};
use crate::receipts::sheet::{Row, Sheet};
use crate::texts::receipts::Texts;

fn row(label: &'static str, value: &str, lines_max: usize) -> Row {
    Row {
        id: "row",
        label,
        value: value.to_owned(),
        lines_max,
    }
}

/// The receipt with this subject, as full as one gets.
fn sheet(subject: &str, lang: Lang) -> Sheet {
    let t = Texts::of(lang);
    Sheet {
        t,
        lang,
        amount: "UF\u{a0}1.234,5678".to_owned(),
        pesos: Some("En pesos: $48.765.432".to_owned()),
        paid_at: "21 de noviembre de 2026, 13:05 (hora de Chile)".to_owned(),
        rows: vec![
            row(
                t.payee,
                "Corretajes Ñuñoa y Peñalolén SpA, administración de arriendos",
                2,
            ),
            row(t.subject, subject, 5),
            row(t.payer, "María José Ibáñez Güell", 2),
            row(t.payer_identifier, "12.345.678-5", 1),
            row(t.bank, "DemoBank", 1),
            row(t.account, "•••••••••••••••••1111", 1),
            row(t.operation, "1000000001", 1),
            row(t.method, t.simplified, 1),
            row(t.payment_id, "gqzdy6chjne9", 1),
        ],
        contract: vec![
            row(t.contract_name, "Contrato de arriendo 2026.pdf", 2),
            row(t.contract_size, "123.456 bytes", 1),
            row(t.contract_sha256, &"0123456789abcdef".repeat(4), 2),
            row(t.contract_by, "María José Ibáñez Güell, 12.345.678-5", 2),
            row(t.contract_at, "21 de noviembre de 2026, 13:04 (hora de Chile)", 1),
            row(t.contract_attempt, "7c9e6679-7425-40de-944b-e07fc1f90ae7", 1),
        ],
        verify_url: format!(
            "https://pagos.example/payment/receipt/gqzdy6chjne9-{}/verify",
            "5f".repeat(16)
        ),
        payment_id: "gqzdy6chjne9".to_owned(),
    }
}

fn has_its_parts(file: &[u8]) -> bool {
    file.starts_with(b"%PDF-1.7") && file.ends_with(b"%%EOF")
}

#[test]
fn the_same_receipt_is_the_same_bytes_and_another_one_is_not() {
    let write = |subject| write(&sheet(subject, Lang::Es)).unwrap();
    assert_eq!(write("Arriendo de mayo"), write("Arriendo de mayo"));
    assert_ne!(write("Arriendo de mayo"), write("Arriendo de junio"));
    let text = String::from_utf8_lossy(&write("x")).into_owned();
    assert!(
        !text.contains("Date") && !text.contains("/ID"),
        "no instant and no random id"
    );
}

#[test]
fn a_receipt_is_small_and_whole_for_texts_of_every_kind() {
    let long = "W".repeat(255);
    for subject in [
        "Zapatillas talla 42",
        "¡Ñandú, pingüino y «comillas» — 50 % de descuento!",
        "Regalo 🎁 para 👩‍👩‍👧 con ❤️",
        "契約 договор عقد",
        "una\nlínea\tcon\u{0}control\u{202e}atrás",
        "",
        &long,
    ] {
        for lang in [Lang::Es, Lang::En] {
            let file = write(&sheet(subject, lang)).unwrap();
            assert!(
                has_its_parts(&file) && file.len() < 64 * 1024,
                "{subject}: {}",
                file.len()
            );
        }
    }
}

#[test]
fn what_is_cut_says_so_and_what_fits_is_whole() {
    let font = Font::regular().unwrap();
    let lines = |text: &str, lines_max| wrap(&font, text, pt(11), pt(100), lines_max);
    assert_eq!(lines("uno dos", 2), ["uno dos"]);
    assert_eq!(
        lines("Arriendo de mayo de 2026", 3).join(" "),
        "Arriendo de mayo de 2026"
    );
    let cut = lines(&"palabra ".repeat(30), 2);
    assert_eq!(cut.len(), 2);
    assert!(cut[1].ends_with('…') && cut.iter().all(|line| font.width(line, pt(11)) <= pt(100)));
    let one_word = lines(&"x".repeat(200), 50);
    assert_eq!(one_word.concat(), "x".repeat(200));
    assert!(lines("", 2).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_fails_a_receipt_or_leaves_its_column(subject in "\\PC{0,255}", any in any::<String>()) {
        for text in [&subject, &any] {
            prop_assert!(has_its_parts(&write(&sheet(text, Lang::Es)).unwrap()));
            let font = Font::regular().unwrap();
            let lines = wrap(&font, text, pt(11), pt(339), 5);
            prop_assert!(lines.len() <= 5);
            prop_assert!(lines.iter().all(|line| font.width(line, pt(11)) <= pt(339)));
        }
    }
}
