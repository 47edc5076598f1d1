//! What the addresses of the lists say: filters and the place of a page.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use url::form_urlencoded;

use crate::console::seat::Seat;

/// A choice of a select.
pub(crate) struct Choice {
    pub(crate) value: &'static str,
    pub(crate) label: &'static str,
    pub(crate) is_chosen: bool,
}

/// A field of the query that is filled in.
pub(super) fn filled(seat: &Seat, name: &str) -> Option<String> {
    Some(seat.asked(name).trim().to_owned()).filter(|text| !text.is_empty())
}

/// The same where it is one of these words; anything else narrows nothing.
pub(super) fn one_of(seat: &Seat, name: &str, words: &[&str]) -> Option<String> {
    filled(seat, name).filter(|text| words.contains(&text.as_str()))
}

/// The beginning of a day in Chile, or of the day after it.
pub(super) fn day(text: &str, is_end: bool) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    let day = match is_end {
        true => day.checked_add(1.day()).ok()?,
        false => day,
    };
    let zone = TimeZone::get("America/Santiago").unwrap_or(TimeZone::UTC);
    Some(day.to_zoned(zone).ok()?.timestamp())
}

/// The address of a list with these fields of the page's query, and another one.
pub(super) fn with(seat: &Seat, path: &str, fields: &[&str], more: Option<(&str, &str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in fields {
        if let Some(text) = filled(seat, name) {
            query.append_pair(name, &text);
        }
    }
    if let Some((name, text)) = more {
        query.append_pair(name, text);
    }
    match query.finish() {
        empty if empty.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// A place as an address has it: `1772463600000~id`.
pub(super) fn place(text: &str) -> Option<(i64, String)> {
    let (ms, id) = text.split_once('~')?;
    Some((ms.parse().ok()?, id.to_owned()))
}

/// The same the other way.
pub(super) fn written(ms: i64, id: &str) -> String {
    format!("{ms}~{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_chiles_and_the_last_one_counts_whole() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        assert_eq!(day("2026-03-02", false), at("2026-03-02T03:00:00Z"));
        assert_eq!(day("2026-03-02", true), at("2026-03-03T03:00:00Z"));
        assert_eq!(day("ayer", false), None);
    }

    #[test]
    fn a_place_reads_back() {
        assert_eq!(place(&written(12, "a~b")), Some((12, "a~b".to_owned())));
        assert_eq!(place("x"), None);
    }
}
