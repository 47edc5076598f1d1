//! Instants as payers read them: on Chile's clock, in words.

use ayni_domain::lang::Lang;
use jiff::civil::Date;
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

/// «21 de noviembre» or “21 November”.
pub fn day(date: Date, lang: Lang) -> String {
    let month = usize::try_from(date.month() - 1).unwrap_or_default();
    match lang {
        Lang::Es => format!("{} de {}", date.day(), MONTHS_ES[month % 12]),
        Lang::En => format!("{} {}", date.day(), MONTHS_EN[month % 12]),
    }
}

/// A day as rows have it, `2026-11-21`, in words with its year; as it is where it is no day.
pub fn day_of(text: &str, lang: Lang) -> String {
    let Ok(date) = text.parse::<Date>() else {
        return text.to_owned();
    };
    let day = day(date, lang);
    match lang {
        Lang::Es => format!("{day} de {}", date.year()),
        Lang::En => format!("{day} {}", date.year()),
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
