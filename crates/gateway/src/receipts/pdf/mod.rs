//! A receipt's sheet as a PDF of one A4 page.
//!
//! Nothing in it depends on when or where it is written: no instant, no random id, the glyphs in the order in which they
//! are used. Lengths are whole thousandths of a point, counted from the page's upper left corner.

mod canvas;
mod file;
mod font;
mod layout;
mod wrap;

use super::ReceiptError;
use super::sheet::Sheet;
use canvas::Canvas;

/// The PDF's bytes.
pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, ReceiptError> {
    let mut canvas = Canvas::open()?;
    layout::draw(&mut canvas, sheet);
    file::write(canvas, sheet)
}

/// Thousandths of a point.
type Length = i32;

/// So many points.
const fn pt(points: i32) -> Length {
    points * 1000
}

/// What the format wants: points with decimals.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a PDF's coordinates are decimal numbers; below 2^24 thousandths nothing is lost"
)]
fn points(length: Length) -> f32 {
    length as f32 / 1000.0
}

/// A4.
const WIDTH: Length = 595_276;
const HEIGHT: Length = 841_890;

#[cfg(test)]
mod tests;
