//! Instants as payers read them: on Chile's clock, in words.

use ayni_domain::lang::Lang;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// «21 de noviembre de 2026, 13:45» or “21 November 2026, 13:45”, Chile's time.
pub fn shown(instant: Timestamp, lang: Lang) -> String {
    let local = in_chile(instant);
    let month = usize::try_from(local.month() - 1).unwrap_or_default();
    let (day, year, hour, minute) = (local.day(), local.year(), local.hour(), local.minute());
    match lang {
        Lang::Es => format!(
            "{day} de {} de {year}, {hour:02}:{minute:02}",
            MONTHS_ES[month % 12]
        ),
        Lang::En => format!("{day} {} {year}, {hour:02}:{minute:02}", MONTHS_EN[month % 12]),
    }
}

/// «21-11-2026, 13:45» or “21 Nov 2026, 13:45”, Chile's time: for tables.
pub fn brief(instant: Timestamp, lang: Lang) -> String {
    let local = in_chile(instant);
    let month = usize::try_from(local.month() - 1).unwrap_or_default();
    let (day, year, hour, minute) = (local.day(), local.year(), local.hour(), local.minute());
    match lang {
        Lang::Es => format!("{day:02}-{:02}-{year}, {hour:02}:{minute:02}", month + 1),
        Lang::En => {
            let name = &MONTHS_EN[month % 12][..3];
            format!("{day} {name} {year}, {hour:02}:{minute:02}")
        }
    }
}

/// Chile's zone is part of the program; UTC stands in should it ever be missing.
fn in_chile(instant: Timestamp) -> Zoned {
    instant.to_zoned(TimeZone::get("America/Santiago").unwrap_or(TimeZone::UTC))
}

const MONTHS_ES: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_on_chiles_clock_in_both_languages() {
        let instant: Timestamp = "2026-11-21T16:05:00Z".parse().unwrap();
        assert_eq!(shown(instant, Lang::Es), "21 de noviembre de 2026, 13:05");
        assert_eq!(shown(instant, Lang::En), "21 November 2026, 13:05");
        assert_eq!(brief(instant, Lang::Es), "21-11-2026, 13:05");
        assert_eq!(brief(instant, Lang::En), "21 Nov 2026, 13:05");
    }
}
