//! A QR as one SVG path: inline in the page, without a style, a script or a request.

use fast_qr::QRBuilder;

/// A QR to be drawn in a square of `size` units, its quiet zone included.
pub(super) struct Qr {
    pub(super) size: usize,
    pub(super) path: String,
}

/// The QR of a text; `None` for one too long for a QR.
pub(super) fn of(text: &str) -> Option<Qr> {
    let code = QRBuilder::new(text).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let start = x;
            while x < code.size && code[y][x].value() {
                x += 1;
            }
            if x > start {
                path.push_str(&format!(
                    "M{} {}h{}v1h-{}z",
                    start + QUIET,
                    y + QUIET,
                    x - start,
                    x - start
                ));
            }
            x += 1;
        }
    }
    Some(Qr {
        size: code.size + 2 * QUIET,
        path,
    })
}

/// Light modules around it. The page's own white margin adds to them.
const QUIET: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finder_pattern_is_drawn_in_the_corner() {
        let qr = of("https://pagos.example/payment/info/gqzdy6chjne9").unwrap();
        assert!(qr.path.starts_with("M2 2h7v1h-7z"), "{}", &qr.path[..40]);
        assert!(qr.size > 25);
    }

    #[test]
    fn a_text_that_fits_no_qr_gives_none() {
        assert!(of(&"x".repeat(8000)).is_none());
    }
}
