//! Where everything stands on the page: band, name and title, the amount, the facts, the contract, the QR at the foot.

use super::canvas::{Area, Canvas, Color, Style, Weight};
use super::wrap::wrap;
use super::{HEIGHT, Length, WIDTH, pt};
use crate::payer::qr;
use crate::receipts::sheet::{Row, Sheet};

/// Draws the whole page.
pub(super) fn draw(canvas: &mut Canvas, sheet: &Sheet) {
    band(canvas);
    head(canvas, sheet);
    let mut top = amount(canvas, sheet);
    top = rows(canvas, &sheet.rows, LEFT, RIGHT, top);
    if !sheet.contract.is_empty() {
        contract(canvas, sheet, top + pt(14));
    }
    foot(canvas, sheet);
}

/// The woven band of the payer's pages: stepped diamonds on blue.
fn band(canvas: &mut Canvas) {
    canvas.area(Area(0, 0, WIDTH, pt(BAND)), BLUE);
    let (mut clay, mut sun) = (Vec::new(), Vec::new());
    let at = |left: Length, x: i32, y: i32, width: i32, height: i32| {
        Area(left + pt(x), pt(y), pt(width), pt(height))
    };
    let mut left = 0;
    while left < WIDTH {
        clay.extend([at(left, 12, 0, 8, 8), at(left, 10, 2, 12, 4)]);
        sun.extend([at(left, 14, 2, 4, 4), at(left, 0, 2, 2, 4), at(left, 30, 2, 2, 4)]);
        sun.extend([at(left, 4, 3, 2, 2), at(left, 26, 3, 2, 2)]);
        left += pt(BAND_STEP);
    }
    canvas.areas(&clay, CLAY);
    canvas.areas(&sun, SUN);
}

/// The mark and the name on the left, what this is on the right.
fn head(canvas: &mut Canvas, sheet: &Sheet) {
    let (left, top) = (LEFT, pt(46));
    let cell = |x: i32, y: i32, width: i32, height: i32| {
        Area(left + x * UNIT, top + y * UNIT, width * UNIT, height * UNIT)
    };
    canvas.areas(
        &[cell(9, 0, 10, 28), cell(4, 4, 20, 20), cell(0, 9, 28, 10)],
        BLUE,
    );
    let upper = [
        cell(12, 7, 4, 4),
        cell(8, 11, 12, 2),
        cell(8, 13, 4, 1),
        cell(16, 13, 4, 1),
    ];
    let lower = [
        cell(8, 14, 4, 1),
        cell(16, 14, 4, 1),
        cell(8, 15, 12, 2),
        cell(12, 17, 4, 4),
    ];
    canvas.areas(&upper, WHITE);
    canvas.areas(&lower, WHITE);
    let baseline = top + pt(20);
    canvas.text(left + pt(36), baseline, "Ayni", style(Weight::Medium, 18, INK));
    canvas.text_to(RIGHT, baseline, sheet.t.title, style(Weight::Regular, 12, SOFT));
}

/// The amount, large, and when it was paid; returns where the facts begin.
fn amount(canvas: &mut Canvas, sheet: &Sheet) -> Length {
    let mut baseline = pt(142);
    let size = largest(canvas, &sheet.amount);
    canvas.text(
        LEFT,
        baseline,
        &sheet.amount,
        Style {
            size,
            ..style(Weight::Medium, 0, INK)
        },
    );
    if let Some(pesos) = &sheet.pesos {
        baseline += pt(22);
        canvas.text(LEFT, baseline, pesos, style(Weight::Regular, 13, INK));
    }
    baseline += pt(24);
    let paid = format!("{} {}", sheet.t.paid, sheet.paid_at);
    canvas.text(LEFT, baseline, &paid, style(Weight::Regular, 11, MOSS));
    baseline + pt(24)
}

/// The largest size in which an amount fits on its line.
fn largest(canvas: &Canvas, amount: &str) -> Length {
    let sizes = [38, 32, 26, 20];
    let fits = |size: &i32| canvas.medium.width(amount, pt(*size)) <= RIGHT - LEFT;
    pt(sizes.into_iter().find(fits).unwrap_or(16))
}

/// Labels on the left, values beside them, a hairline over each; returns where they end.
fn rows(canvas: &mut Canvas, rows: &[Row], left: Length, right: Length, mut top: Length) -> Length {
    let value_left = left + pt(LABEL_WIDTH);
    for row in rows {
        canvas.area(Area(left, top, right - left, HAIRLINE), LINE);
        let mut baseline = top + pt(16);
        canvas.text(left, baseline, row.label, style(Weight::Regular, 10, SOFT));
        let value = style(Weight::Regular, 11, INK);
        let lines = wrap(
            &canvas.regular,
            &row.value,
            value.size,
            right - value_left,
            row.lines_max,
        );
        for line in &lines {
            canvas.text(value_left, baseline, line, value);
            baseline += pt(LEADING);
        }
        top = baseline - pt(LEADING) + pt(8);
    }
    canvas.area(Area(left, top, right - left, HAIRLINE), LINE);
    top
}

/// The document that was accepted by paying, in a box of its own.
fn contract(canvas: &mut Canvas, sheet: &Sheet, top: Length) {
    canvas.area(Area(LEFT, top, pt(3), pt(18)), CLAY);
    canvas.text(
        LEFT + pt(12),
        top + pt(13),
        sheet.t.contract,
        style(Weight::Medium, 12, INK),
    );
    rows(canvas, &sheet.contract, LEFT, RIGHT, top + pt(26));
}

/// The QR, what it is for, and where it must lead.
fn foot(canvas: &mut Canvas, sheet: &Sheet) {
    let top = HEIGHT - pt(FOOT);
    let Some((size, runs)) = qr::runs(&sheet.verify_url) else {
        return;
    };
    let unit = pt(QR) / Length::try_from(size).unwrap_or(1);
    let cell = |run: &qr::Run| {
        let [x, y, length] =
            [run.x, run.y, run.length].map(|at| Length::try_from(at).unwrap_or_default() * unit);
        Area(LEFT + x, top + y, length, unit)
    };
    let cells: Vec<Area> = runs.iter().map(cell).collect();
    canvas.areas(&cells, INK);
    canvas.link = [LEFT, top, RIGHT, top + pt(QR)];
    let left = LEFT + pt(QR) + pt(20);
    let mut baseline = top + pt(14);
    canvas.text(left, baseline, sheet.t.verify, style(Weight::Medium, 12, INK));
    baseline += pt(17);
    let hint = style(Weight::Regular, 10, SOFT);
    for line in wrap(&canvas.regular, sheet.t.verify_hint, hint.size, RIGHT - left, 4) {
        canvas.text(left, baseline, &line, hint);
        baseline += pt(14);
    }
    let origin = sheet.verify_url.split('/').take(3).collect::<Vec<_>>().join("/");
    let at = format!("{} {origin}/", sheet.t.verify_at);
    for line in wrap(&canvas.regular, &at, hint.size, RIGHT - left, 2) {
        canvas.text(left, baseline, &line, Style { color: INK, ..hint });
        baseline += pt(14);
    }
}

const fn style(weight: Weight, size: i32, color: Color) -> Style {
    Style {
        weight,
        size: pt(size),
        color,
    }
}

const LEFT: Length = pt(64);
const RIGHT: Length = WIDTH - pt(64);
const BAND: i32 = 8;
const BAND_STEP: i32 = 32;
/// The mark is drawn on a grid of 28 such units.
const UNIT: Length = 928;
const LABEL_WIDTH: i32 = 128;
const LEADING: i32 = 15;
const HAIRLINE: Length = 600;
/// From the foot's upper edge to the page's lower one.
const FOOT: i32 = 148;
/// Edge of the QR.
const QR: i32 = 92;

const INK: Color = Color(0x1a, 0x22, 0x33);
const SOFT: Color = Color(0x56, 0x60, 0x74);
const LINE: Color = Color(0xdd, 0xd4, 0xc6);
const BLUE: Color = Color(0x1e, 0x3a, 0x70);
const WHITE: Color = Color(0xff, 0xff, 0xff);
const CLAY: Color = Color(0xc9, 0x57, 0x3a);
const SUN: Color = Color(0xf0, 0xc9, 0x8a);
const MOSS: Color = Color(0x1c, 0x68, 0x44);
