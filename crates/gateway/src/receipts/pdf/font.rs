//! The receipts' fonts: how wide a text is, which glyphs it needs, and the part of the font that has only those.
//!
//! What a font has no glyph for is replaced by a sign, and what has no shape at all (joiners, marks of direction) is left
//! out: a text from outside never fails a receipt.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Name, Rect, Ref, Str};
use subsetter::GlyphRemapper;
use ttf_parser::Face;

use super::Length;
use crate::receipts::ReceiptError;

/// A font, and what was written with it so far.
pub(super) struct Font {
    name: &'static str,
    data: &'static [u8],
    face: Face<'static>,
    glyphs: GlyphRemapper,
    /// Of each glyph of the file's part of the font: its character and its width.
    used: BTreeMap<u16, (char, u16)>,
}

/// The numbers of a font's objects in the file.
#[derive(Clone, Copy)]
pub(super) struct FontRefs {
    pub(super) font: Ref,
    pub(super) descendant: Ref,
    pub(super) descriptor: Ref,
    pub(super) data: Ref,
    pub(super) unicode: Ref,
}

impl Font {
    /// For the text.
    pub(super) fn regular() -> Result<Font, ReceiptError> {
        let data = include_bytes!("../../../fonts/Roboto-Regular.ttf");
        Font::parse("AYNIRE+Roboto-Regular", data)
    }

    /// For what stands out.
    pub(super) fn medium() -> Result<Font, ReceiptError> {
        let data = include_bytes!("../../../fonts/Roboto-Medium.ttf");
        Font::parse("AYNIME+Roboto-Medium", data)
    }

    /// How wide a text is in this size.
    pub(super) fn width(&self, text: &str, size: Length) -> Length {
        let units: i64 = text
            .chars()
            .filter_map(|char| self.shown(char))
            .map(|char| i64::from(self.glyph(char).1))
            .sum();
        let width = units * i64::from(size) / i64::from(self.face.units_per_em());
        Length::try_from(width).unwrap_or(Length::MAX)
    }

    /// A text's glyphs as the file names them, two bytes each.
    pub(super) fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut encoded = Vec::with_capacity(2 * text.len());
        for char in text.chars() {
            let Some(shown) = self.shown(char) else { continue };
            let (glyph, width) = self.glyph(shown);
            let named = self.glyphs.remap(glyph);
            self.used.entry(named).or_insert((shown, width));
            encoded.extend(named.to_be_bytes());
        }
        encoded
    }

    /// Writes the part of the font that was used.
    pub(super) fn write(&self, to: &mut Chunk, refs: FontRefs) -> Result<(), ReceiptError> {
        let part = subsetter::subset(self.data, 0, &self.glyphs).map_err(|error| self.broken(&error))?;
        let name = Name(self.name.as_bytes());
        to.type0_font(refs.font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(refs.descendant)
            .to_unicode(refs.unicode);
        let mut descendant = to.cid_font(refs.descendant);
        descendant
            .subtype(CidFontType::Type2)
            .base_font(name)
            .system_info(SYSTEM)
            .font_descriptor(refs.descriptor)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = descendant.widths();
        for (glyph, (_, width)) in &self.used {
            widths.consecutive(*glyph, [self.per_mille(i32::from(*width))]);
        }
        drop(widths);
        drop(descendant);
        self.describe(to, refs);
        to.stream(refs.unicode, &self.unicode().finish());
        let length = i32::try_from(part.len()).unwrap_or(i32::MAX);
        to.stream(refs.data, &part).pair(Name(b"Length1"), length);
        Ok(())
    }

    fn parse(name: &'static str, data: &'static [u8]) -> Result<Font, ReceiptError> {
        let face = Face::parse(data, 0).map_err(|error| ReceiptError::Font {
            font: name,
            problem: error.to_string(),
        })?;
        Ok(Font {
            name,
            data,
            face,
            glyphs: GlyphRemapper::new(),
            used: BTreeMap::new(),
        })
    }

    /// What is written for a character.
    fn shown(&self, char: char) -> Option<char> {
        match char {
            _ if has_no_shape(char) => None,
            _ if char.is_whitespace() || char.is_control() => Some(' '),
            _ if self.face.glyph_index(char).is_some() => Some(char),
            _ => Some(REPLACEMENT),
        }
    }

    /// A character's glyph, and how wide it is in the font's units.
    fn glyph(&self, char: char) -> (u16, u16) {
        let glyph = self.face.glyph_index(char).unwrap_or_default();
        (glyph.0, self.face.glyph_hor_advance(glyph).unwrap_or_default())
    }

    fn describe(&self, to: &mut Chunk, refs: FontRefs) {
        let bounds = self.face.global_bounding_box();
        let [left, bottom, right, top] = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]
            .map(|units| self.per_mille(i32::from(units)));
        let height = self.face.capital_height().unwrap_or_else(|| self.face.ascender());
        to.font_descriptor(refs.descriptor)
            .name(Name(self.name.as_bytes()))
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(left, bottom, right, top))
            .italic_angle(0.0)
            .ascent(self.per_mille(i32::from(self.face.ascender())))
            .descent(self.per_mille(i32::from(self.face.descender())))
            .cap_height(self.per_mille(i32::from(height)))
            .stem_v(STEM)
            .font_file2(refs.data);
    }

    /// So that the text can be searched, copied and read aloud.
    fn unicode(&self) -> UnicodeCmap {
        let mut map = UnicodeCmap::new(Name(b"Ayni-Unicode"), SYSTEM);
        for (glyph, (char, _)) in &self.used {
            map.pair(*glyph, *char);
        }
        map
    }

    /// The font's units as thousandths of its size, as the format counts.
    fn per_mille(&self, units: i32) -> f32 {
        let upem = i32::from(self.face.units_per_em());
        let rounded = (units * 1000 + upem / 2).div_euclid(upem);
        f32::from(i16::try_from(rounded).unwrap_or(i16::MAX))
    }

    fn broken(&self, error: &subsetter::Error) -> ReceiptError {
        ReceiptError::Font {
            font: self.name,
            problem: error.to_string(),
        }
    }
}

/// Joiners, selectors of variants, marks of direction and the like.
fn has_no_shape(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

const SYSTEM: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};
/// Stands for what the font has no glyph for.
const REPLACEMENT: char = '\u{fffd}';
/// Thickness of a stem, of which readers draw a substitute if they can't read the font.
const STEM: f32 = 80.0;
