//! The business days in force: the shipped list of Chile's bank holidays, or the operator's own.

use std::path::Path;

use ayni_domain::calendar::{Calendar, CalendarError, Holiday};
use jiff::civil::Date;
use serde::Deserialize;
use thiserror::Error;

/// Why a list of holidays could not be used.
#[derive(Debug, Error)]
pub enum HolidaysError {
    /// The file could not be read.
    #[error("{path} could not be read")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is no list of holidays.
    #[error("{path} is no list of holidays")]
    Shape {
        /// The file.
        path: String,
        /// What is wrong.
        source: toml::de::Error,
    },
    /// The list contradicts itself.
    #[error("{path} can't be used")]
    List {
        /// The file.
        path: String,
        /// What is wrong.
        source: CalendarError,
    },
}

/// The list that is shipped with the program.
pub fn shipped() -> Result<Calendar, HolidaysError> {
    read("chile.toml", SHIPPED)
}

/// An operator's list, in place of the shipped one.
pub fn from_file(path: &Path) -> Result<Calendar, HolidaysError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| HolidaysError::Read {
        path: shown.clone(),
        source,
    })?;
    read(&shown, &text)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    first_year: i16,
    last_year: i16,
    holidays: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    date: Date,
    name: String,
    source: String,
}

fn read(path: &str, text: &str) -> Result<Calendar, HolidaysError> {
    let list: List = toml::from_str(text).map_err(|source| HolidaysError::Shape {
        path: path.to_owned(),
        source,
    })?;
    let holidays = list.holidays.into_iter().map(|listed| Holiday {
        date: listed.date,
        name: listed.name,
        source: listed.source,
    });
    Calendar::listed(list.first_year, list.last_year, holidays.collect()).map_err(|source| {
        HolidaysError::List {
            path: path.to_owned(),
            source,
        }
    })
}

const SHIPPED: &str = include_str!("../../calendar/chile.toml");

#[cfg(test)]
mod tests {
    use ayni_domain::calendar::law;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_shipped_list_says_what_the_laws_say() {
        let calendar = shipped().unwrap();
        assert_eq!(calendar.listed_years(), Some(2024..=2028));
        for year in 2024..=2028 {
            let by_law = law::holidays(year);
            for holiday in &by_law {
                assert_eq!(calendar.holiday(holiday.date).as_ref(), Some(holiday));
            }
            let days = date(year, 1, 1).series(jiff::Span::new().days(1));
            let listed = days
                .take_while(|day| day.year() == year)
                .filter(|day| calendar.holiday(*day).is_some());
            assert_eq!(listed.count(), by_law.len(), "{year}");
        }
    }

    #[test]
    fn an_operators_list_replaces_it_and_a_mistake_in_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feriados.toml");
        let write = |text: &str| std::fs::write(&path, text).unwrap();
        write(
            "first_year = 2026\nlast_year = 2026\nholidays = [{ date = \"2026-03-03\", name = \"Censo\", source = \"Ley\" }]",
        );
        let calendar = from_file(&path).unwrap();
        assert!(!calendar.is_business_day(date(2026, 3, 3)));
        assert!(
            calendar.is_business_day(date(2026, 5, 1)),
            "not in the operator's list"
        );
        for text in [
            "first_year = 2026\nlast_year = 2026\nholidays = []",
            "first_year = 2026\nlast_year = 2026\nholidays = [{ date = \"3 March\", name = \"x\", source = \"y\" }]",
            "first_year = 2026",
        ] {
            write(text);
            let error = from_file(&path).unwrap_err().to_string();
            assert!(error.contains("feriados.toml"), "{error}");
        }
        assert!(from_file(&folder.path().join("absent.toml")).is_err());
    }
}
