//! The file around the page: catalogue, fonts, the link under the QR, a title, and no date.

use pdf_writer::types::{ActionType, AnnotationFlags, AnnotationType};
use pdf_writer::{Pdf, Rect, Ref, Str, TextStr};

use super::canvas::{Canvas, MEDIUM, REGULAR};
use super::font::FontRefs;
use super::{HEIGHT, WIDTH, points};
use crate::receipts::ReceiptError;
use crate::receipts::sheet::Sheet;

/// Puts the file together.
pub(super) fn write(canvas: Canvas, sheet: &Sheet) -> Result<Vec<u8>, ReceiptError> {
    let mut pdf = Pdf::new();
    let (regular, medium) = (font_refs(REGULAR_FIRST), font_refs(MEDIUM_FIRST));
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr(sheet.lang.tag()));
    catalog.viewer_preferences().display_doc_title(true);
    drop(catalog);
    pdf.pages(PAGES).kids([PAGE]).count(1);
    let mut page = pdf.page(PAGE);
    page.media_box(Rect::new(0.0, 0.0, points(WIDTH), points(HEIGHT)))
        .parent(PAGES)
        .contents(CONTENT)
        .annotations([LINK]);
    page.resources()
        .fonts()
        .pair(REGULAR, regular.font)
        .pair(MEDIUM, medium.font);
    drop(page);
    let [left, top, right, bottom] = canvas.link;
    let mut link = pdf.annotation(LINK);
    link.subtype(AnnotationType::Link)
        .rect(Rect::new(
            points(left),
            points(HEIGHT - bottom),
            points(right),
            points(HEIGHT - top),
        ))
        .flags(AnnotationFlags::PRINT)
        .contents(TextStr(sheet.t.verify))
        .border(0.0, 0.0, 0.0, None);
    link.action()
        .action_type(ActionType::Uri)
        .uri(Str(sheet.verify_url.as_bytes()));
    drop(link);
    let title = format!("{} {}", sheet.t.title, sheet.payment_id);
    pdf.document_info(INFO)
        .title(TextStr(&title))
        .producer(TextStr("Ayni"));
    canvas.regular.write(&mut pdf, regular)?;
    canvas.medium.write(&mut pdf, medium)?;
    pdf.stream(CONTENT, &canvas.content.finish());
    Ok(pdf.finish())
}

fn font_refs(first: i32) -> FontRefs {
    FontRefs {
        font: Ref::new(first),
        descendant: Ref::new(first + 1),
        descriptor: Ref::new(first + 2),
        data: Ref::new(first + 3),
        unicode: Ref::new(first + 4),
    }
}

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const LINK: Ref = Ref::new(5);
const INFO: Ref = Ref::new(6);
const REGULAR_FIRST: i32 = 7;
const MEDIUM_FIRST: i32 = 12;
