//! One page to be drawn on: text, areas, lines.

use pdf_writer::{Content, Name, Str};

use super::font::Font;
use super::{HEIGHT, Length, points};
use crate::receipts::ReceiptError;

/// The page while it is drawn.
pub(super) struct Canvas {
    pub(super) regular: Font,
    pub(super) medium: Font,
    pub(super) content: Content,
    /// Where the page leads to the verification: left, top, right, bottom.
    pub(super) link: [Length; 4],
}

/// Which font a text has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Medium,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) weight: Weight,
    pub(super) size: Length,
    pub(super) color: Color,
}

/// Red, green and blue.
#[derive(Clone, Copy)]
pub(super) struct Color(pub(super) u8, pub(super) u8, pub(super) u8);

/// Left, top, width and height.
#[derive(Clone, Copy)]
pub(super) struct Area(
    pub(super) Length,
    pub(super) Length,
    pub(super) Length,
    pub(super) Length,
);

impl Canvas {
    /// An empty page.
    pub(super) fn open() -> Result<Canvas, ReceiptError> {
        Ok(Canvas {
            regular: Font::regular()?,
            medium: Font::medium()?,
            content: Content::new(),
            link: [0; 4],
        })
    }

    /// A font of the page.
    pub(super) fn font(&self, weight: Weight) -> &Font {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Medium => &self.medium,
        }
    }

    /// One line of text that begins here; `baseline` is what its letters stand on.
    pub(super) fn text(&mut self, left: Length, baseline: Length, text: &str, style: Style) {
        let (name, encoded) = match style.weight {
            Weight::Regular => (REGULAR, self.regular.encode(text)),
            Weight::Medium => (MEDIUM, self.medium.encode(text)),
        };
        self.fill(style.color);
        self.content
            .begin_text()
            .set_font(name, points(style.size))
            .next_line(points(left), points(HEIGHT - baseline))
            .show(Str(&encoded))
            .end_text();
    }

    /// One line of text that ends here.
    pub(super) fn text_to(&mut self, right: Length, baseline: Length, text: &str, style: Style) {
        let width = self.font(style.weight).width(text, style.size);
        self.text(right - width, baseline, text, style);
    }

    /// A filled rectangle.
    pub(super) fn area(&mut self, area: Area, color: Color) {
        self.areas(&[area], color);
    }

    /// Filled rectangles of one colour.
    pub(super) fn areas(&mut self, areas: &[Area], color: Color) {
        self.fill(color);
        for Area(left, top, width, height) in areas {
            let bottom = HEIGHT - top - height;
            self.content
                .rect(points(*left), points(bottom), points(*width), points(*height));
        }
        self.content.fill_nonzero();
    }

    fn fill(&mut self, Color(red, green, blue): Color) {
        let [red, green, blue] = [red, green, blue].map(share);
        self.content.set_fill_rgb(red, green, blue);
    }
}

/// A colour's share, from 0 to 1.
#[expect(
    clippy::float_arithmetic,
    reason = "a PDF's colours are decimal numbers from 0 to 1"
)]
fn share(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

/// The fonts as the page names them.
pub(super) const REGULAR: Name<'static> = Name(b"R");
/// The other one.
pub(super) const MEDIUM: Name<'static> = Name(b"M");
