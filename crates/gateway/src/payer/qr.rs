//! A QR as its dark modules, and as one SVG path: inline in the page, without a style, a script or a request.

use fast_qr::QRBuilder;

/// A QR to be drawn in a square of `size` units, its quiet zone included.
pub(crate) struct Qr {
    pub(crate) size: usize,
    pub(crate) path: String,
}

/// Dark modules side by side: `length` of them, the first one in column `x` of row `y`.
pub(crate) struct Run {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) length: usize,
}

/// The QR of a text; `None` for one too long for a QR.
pub(crate) fn of(text: &str) -> Option<Qr> {
    let (size, runs) = runs(text)?;
    let drawn = runs.iter().map(|Run { x, y, length }| {
        let (x, y) = (x + QUIET, y + QUIET);
        format!("M{x} {y}h{length}v1h-{length}z")
    });
    Some(Qr {
        size: size + 2 * QUIET,
        path: drawn.collect(),
    })
}

/// How many modules the edge of a text's QR has, and its dark ones; without the light ones around it.
pub(crate) fn runs(text: &str) -> Option<(usize, Vec<Run>)> {
    let code = QRBuilder::new(text).build().ok()?;
    let mut runs = Vec::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let start = x;
            while x < code.size && code[y][x].value() {
                x += 1;
            }
            if x > start {
                runs.push(Run {
                    x: start,
                    y,
                    length: x - start,
                });
            }
            x += 1;
        }
    }
    Some((code.size, runs))
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
