//! The holidays of a year as Chile's laws make them, so that a year nobody has listed yet is right all the same.
//!
//! | law | what it says |
//! |---|---|
//! | Ley 2.977 | the fixed days, Good Friday and Holy Saturday |
//! | Ley 3.810, 18.432 with Ley 19.668 | 12 October, 29 June: moved to the Monday of their week from Tuesday to Thursday, to the next from Friday |
//! | Ley 20.148 | 16 July |
//! | Ley 20.215, Ley 20.983 | the bridges of 17 and 20 September; 2 January where it is a Monday |
//! | Ley 20.299 | 31 October: a Tuesday moves to the Friday before, a Wednesday to the Friday after |
//! | Ley 21.357 | the winter solstice |
//! | DFL 3 of 1997, art. 38, as Ley 21.791 left it | 31 December: the banks' own |
//!
//! Days of elections are Sundays, and a region's own day does not close the banks of the country.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};

use super::Holiday;

/// The holidays of a year, in their order.
pub fn holidays(year: i16) -> Vec<Holiday> {
    let mut all: Vec<Holiday> = [
        fixed(year).to_vec(),
        moved(year).to_vec(),
        bridges(year).into_iter().flatten().collect(),
    ]
    .concat()
    .into_iter()
    .map(|(date, name, source)| Holiday {
        date,
        name: name.to_owned(),
        source: source.to_owned(),
    })
    .collect();
    all.sort_by_key(|holiday| holiday.date);
    all.dedup_by_key(|holiday| holiday.date);
    all
}

type Made = (Date, &'static str, &'static str);

fn fixed(year: i16) -> [Made; 11] {
    [
        (date(year, 1, 1), "Año Nuevo", "Ley 2.977"),
        (date(year, 5, 1), "Día del Trabajo", "Código del Trabajo, art. 35"),
        (date(year, 5, 21), "Glorias Navales", "Ley 2.977"),
        (date(year, 7, 16), "Virgen del Carmen", "Ley 20.148"),
        (date(year, 8, 15), "Asunción de la Virgen", "Ley 2.977"),
        (date(year, 9, 18), "Independencia Nacional", "Ley 2.977"),
        (date(year, 9, 19), "Glorias del Ejército", "Ley 2.977"),
        (date(year, 11, 1), "Todos los Santos", "Ley 2.977"),
        (date(year, 12, 8), "Inmaculada Concepción", "Ley 2.977"),
        (date(year, 12, 25), "Navidad", "Ley 2.977"),
        (
            date(year, 12, 31),
            "Feriado bancario",
            "DFL 3 de 1997, art. 38 (Ley 21.791)",
        ),
    ]
}

fn moved(year: i16) -> [Made; 6] {
    let easter = easter_sunday(year);
    [
        (easter.saturating_sub(2.days()), "Viernes Santo", "Ley 2.977"),
        (easter.saturating_sub(1.day()), "Sábado Santo", "Ley 2.977"),
        (
            winter_solstice(year),
            "Día Nacional de los Pueblos Indígenas",
            "Ley 21.357",
        ),
        (
            to_monday(date(year, 6, 29)),
            "San Pedro y San Pablo",
            "Ley 18.432, Ley 19.668",
        ),
        (
            to_monday(date(year, 10, 12)),
            "Encuentro de Dos Mundos",
            "Ley 3.810, Ley 19.668",
        ),
        (
            to_friday(date(year, 10, 31)),
            "Día de las Iglesias Evangélicas y Protestantes",
            "Ley 20.299",
        ),
    ]
}

fn bridges(year: i16) -> [Option<Made>; 2] {
    let new_year = date(year, 1, 2);
    let new_year = (new_year.weekday() == Weekday::Monday).then_some((
        new_year,
        "Feriado adicional de Año Nuevo",
        "Ley 20.983",
    ));
    let name = "Feriado adicional de Fiestas Patrias";
    let independence = match date(year, 9, 18).weekday() {
        Weekday::Tuesday => Some((date(year, 9, 17), name, "Ley 20.215")),
        Weekday::Wednesday => Some((date(year, 9, 20), name, "Ley 20.215")),
        Weekday::Saturday => Some((date(year, 9, 17), name, "Ley 20.983")),
        _ => None,
    };
    [new_year, independence]
}

/// The Monday of its week for a Tuesday to Thursday, the next one for a Friday (Ley 19.668).
fn to_monday(day: Date) -> Date {
    match day.weekday() {
        Weekday::Tuesday => day.saturating_sub(1.day()),
        Weekday::Wednesday => day.saturating_sub(2.days()),
        Weekday::Thursday => day.saturating_sub(3.days()),
        Weekday::Friday => day.saturating_add(3.days()),
        _ => day,
    }
}

/// The Friday before for a Tuesday, the one after for a Wednesday (Ley 20.299).
fn to_friday(day: Date) -> Date {
    match day.weekday() {
        Weekday::Tuesday => day.saturating_sub(4.days()),
        Weekday::Wednesday => day.saturating_add(2.days()),
        _ => day,
    }
}

/// Easter of the Gregorian calendar, by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8).
fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let march_first_based = h + l - 7 * m + 114;
    let (month, day) = (march_first_based / 31, march_first_based % 31 + 1);
    let small = |number: i32| i8::try_from(number).unwrap_or(1);
    date(year, small(month), small(day))
}

/// The day of the winter solstice by Chile's clocks: from 2024 to 2048 it falls on the 20th of June in a leap year and
/// the year after it, else on the 21st.
fn winter_solstice(year: i16) -> Date {
    let day = if year % 4 < 2 { 20 } else { 21 };
    date(year, 6, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_almanac_says() {
        for (year, month, day) in [
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2028, 4, 16),
            (2038, 4, 25),
        ] {
            assert_eq!(easter_sunday(year), date(year, month, day));
        }
    }

    #[test]
    fn movable_days_fall_where_the_official_calendars_had_them() {
        for (day, name) in [
            (date(2023, 1, 2), "Feriado adicional de Año Nuevo"),
            (date(2023, 6, 26), "San Pedro y San Pablo"), // 29 June was a Thursday
            (date(2023, 10, 9), "Encuentro de Dos Mundos"), // 12 October was a Thursday
            (
                date(2023, 10, 27),
                "Día de las Iglesias Evangélicas y Protestantes",
            ), // 31 was a Tuesday
            (date(2024, 6, 20), "Día Nacional de los Pueblos Indígenas"),
            (date(2024, 6, 29), "San Pedro y San Pablo"), // a Saturday stays
            (date(2024, 9, 20), "Feriado adicional de Fiestas Patrias"), // 18 was a Wednesday
            (date(2024, 10, 12), "Encuentro de Dos Mundos"),
            (date(2025, 6, 20), "Día Nacional de los Pueblos Indígenas"),
            (date(2025, 6, 29), "San Pedro y San Pablo"),
            (
                date(2025, 10, 31),
                "Día de las Iglesias Evangélicas y Protestantes",
            ), // a Friday stays
            (date(2026, 6, 21), "Día Nacional de los Pueblos Indígenas"),
            (date(2018, 9, 17), "Feriado adicional de Fiestas Patrias"), // 18 was a Tuesday
            (
                date(2018, 11, 2),
                "Día de las Iglesias Evangélicas y Protestantes",
            ), // 31 October was a Wednesday
            (date(2020, 6, 29), "San Pedro y San Pablo"),                // a Monday stays
            (date(2018, 7, 2), "San Pedro y San Pablo"),                 // 29 June was a Friday
            (date(2021, 9, 17), "Feriado adicional de Fiestas Patrias"), // 18 was a Saturday
        ] {
            let found = holidays(day.year())
                .into_iter()
                .find(|holiday| holiday.date == day);
            assert_eq!(found.map(|holiday| holiday.name), Some(name.to_owned()), "{day}");
        }
    }

    #[test]
    fn no_year_has_a_day_twice_and_each_has_its_seventeen() {
        for year in 2024..=2048 {
            let all = holidays(year);
            assert!((17..=19).contains(&all.len()), "{year}: {}", all.len());
            assert!(all.windows(2).all(|pair| pair[0].date < pair[1].date), "{year}");
            assert!(all.iter().all(|holiday| holiday.date.year() == year));
        }
    }
}
