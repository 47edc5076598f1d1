//! Lines of a list as CSV (RFC 4180) that a spreadsheet opens as what it is: UTF-8 with its mark, dates on Chile's clock,
//! amounts as plain numbers, and no cell that a spreadsheet would take for a formula.

use ayni_domain::lang::Lang;
use ayni_domain::rut::Rut;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::console::payments::list::{Line, Listed, Unread};
use crate::texts::console::csv_cell;
use crate::texts::console::payments::Payments;

/// The lines, after a head in the first piece of a file.
pub(super) fn write(lines: &[Listed], lang: Lang, is_first: bool) -> Vec<u8> {
    let t = Payments::of(lang);
    let mut out = String::new();
    if is_first {
        out.push(BYTE_ORDER_MARK);
        row(&mut out, t.csv_head.map(str::to_owned));
    }
    for line in lines {
        match line {
            Listed::Read(line) => row(&mut out, cells(line, t)),
            Listed::Unread(unread) => row(&mut out, bare(unread, t)),
        }
    }
    out.into_bytes()
}

fn cells(line: &Line, t: &Payments) -> [String; 15] {
    let identifier =
        Rut::parse(&line.payer_identifier).map_or_else(|_| line.payer_identifier.clone(), Rut::formatted);
    [
        line.key.id.clone(),
        local(ayni_domain::time::from_ms(line.key.created_ms)),
        local(line.expires_at),
        t.state(line.state).to_owned(),
        line.state.as_str().to_owned(),
        line.amount.plain(),
        line.currency.code().to_owned(),
        line.subject.clone(),
        line.transaction_id.clone().unwrap_or_default(),
        line.payer_name.clone(),
        line.payer_email.clone(),
        identifier,
        line.bank.clone(),
        line.operation_code.clone(),
        line.seen_at.map(local).unwrap_or_default(),
    ]
}

/// A payment that can't be read: which one, when it was made, and that.
fn bare(unread: &Unread, t: &Payments) -> [String; 15] {
    let mut cells = [const { String::new() }; 15];
    cells[0].clone_from(&unread.key.id);
    cells[1] = local(ayni_domain::time::from_ms(unread.key.created_ms));
    t.unreadable.clone_into(&mut cells[3]);
    cells
}

fn row<const N: usize>(out: &mut String, cells: [String; N]) {
    let mut separator = "";
    for cell in cells {
        out.push_str(separator);
        out.push_str(&csv_cell(&cell));
        separator = ",";
    }
    out.push_str("\r\n");
}

/// `2026-03-01 09:00:00`, Chile's time, which spreadsheets take for a date.
fn local(at: Timestamp) -> String {
    let zone = TimeZone::get("America/Santiago").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

const BYTE_ORDER_MARK: char = '\u{feff}';
