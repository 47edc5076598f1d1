//! Chile's bank business days, because money is settled and paid out only on them.
//!
//! A year that the operator's list covers is taken from the list alone: an election or a day that a law adds at short
//! notice is one more line of a file. Every other year follows from the laws that are in force ([`law`]).

pub mod law;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use thiserror::Error;

/// A day on which the banks do not work, other than Saturdays and Sundays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// Which day.
    pub date: Date,
    /// What it is called.
    pub name: String,
    /// The law that makes it one.
    pub source: String,
}

/// The days on which the banks work.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    listed: BTreeMap<Date, Holiday>,
    years: Option<RangeInclusive<i16>>,
}

/// Why a list of holidays can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The years are the wrong way round.
    #[error("the list ends in {last}, before it begins in {first}")]
    Years {
        /// The first year it says it covers.
        first: i16,
        /// The last one.
        last: i16,
    },
    /// A holiday is not of the years that the list covers.
    #[error("{0} is in none of the years that the list covers")]
    Outside(Date),
    /// A day is there twice.
    #[error("{0} is listed twice")]
    Twice(Date),
    /// A year without holidays is a mistake: its work days would be wrong.
    #[error("the list covers {0} but has no holiday in it")]
    EmptyYear(i16),
}

impl Calendar {
    /// The years `first` to `last` as listed, all others by law.
    pub fn listed(first: i16, last: i16, holidays: Vec<Holiday>) -> Result<Calendar, CalendarError> {
        if last < first {
            return Err(CalendarError::Years { first, last });
        }
        let mut listed = BTreeMap::new();
        for holiday in holidays {
            let date = holiday.date;
            if !(first..=last).contains(&date.year()) {
                return Err(CalendarError::Outside(date));
            }
            if listed.insert(date, holiday).is_some() {
                return Err(CalendarError::Twice(date));
            }
        }
        if let Some(empty) = (first..=last).find(|year| !listed.keys().any(|date| date.year() == *year)) {
            return Err(CalendarError::EmptyYear(empty));
        }
        Ok(Calendar {
            listed,
            years: Some(first..=last),
        })
    }

    /// The years that are taken from a list; `None` where all follow from the law.
    pub fn listed_years(&self) -> Option<RangeInclusive<i16>> {
        self.years.clone()
    }

    /// The holiday on this day, if it is one; Saturdays and Sundays are none by themselves.
    pub fn holiday(&self, date: Date) -> Option<Holiday> {
        match &self.years {
            Some(years) if years.contains(&date.year()) => self.listed.get(&date).cloned(),
            _ => law::holidays(date.year())
                .into_iter()
                .find(|holiday| holiday.date == date),
        }
    }

    /// Whether the banks work on this day.
    pub fn is_business_day(&self, date: Date) -> bool {
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && self.holiday(date).is_none()
    }

    /// The first business day after this day.
    pub fn next_business_day(&self, date: Date) -> Date {
        self.business_day_from(tomorrow(date))
    }

    /// This day if the banks work on it, else the next on which they do.
    pub fn business_day_from(&self, date: Date) -> Date {
        let mut day = date;
        for _ in 0..CLOSED_DAYS_MAX {
            if self.is_business_day(day) {
                break;
            }
            day = tomorrow(day);
        }
        day
    }

    /// The day on which money that was released at this instant is settled: the business day after it, in Chile.
    pub fn settlement_day(&self, released_at: Timestamp) -> Date {
        self.next_business_day(day_in_chile(released_at))
    }
}

/// The day that Chile's clocks show at this instant.
pub fn day_in_chile(at: Timestamp) -> Date {
    at.to_zoned(chile()).date()
}

/// The instant at which a day begins in Chile; where clocks are put forward at midnight, an hour after it.
pub fn start_of_day(date: Date) -> Timestamp {
    at_hour(date, 0)
}

/// The instant of a full hour of a day in Chile.
pub fn at_hour(date: Date, hour: i8) -> Timestamp {
    instant_in_chile(date.at(hour.clamp(0, 23), 0, 0, 0))
}

/// The first instant after this one at which Chile's clocks show this full hour.
pub fn next_at_hour(after: Timestamp, hour: i8) -> Timestamp {
    let today = day_in_chile(after);
    let at = at_hour(today, hour);
    match at > after {
        true => at,
        false => at_hour(tomorrow(today), hour),
    }
}

/// The instant of a reading of Chile's clocks.
pub fn instant_in_chile(local: DateTime) -> Timestamp {
    local
        .to_zoned(chile())
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

fn chile() -> TimeZone {
    TimeZone::get("America/Santiago").unwrap_or(TimeZone::UTC)
}

fn tomorrow(date: Date) -> Date {
    date.saturating_add(1.day())
}

/// No list is trusted to close the banks for longer than this.
const CLOSED_DAYS_MAX: usize = 60;

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn only(days: &[Date]) -> Calendar {
        let holidays = days.iter().map(|day| Holiday {
            date: *day,
            name: "Feriado".into(),
            source: "Ley".into(),
        });
        Calendar::listed(2026, 2026, holidays.collect()).unwrap()
    }

    #[test]
    fn an_hour_comes_once_on_each_day_also_when_clocks_are_put_back() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (after, next) in [
            ("2026-03-01T05:59:59Z", "2026-03-01T06:00:00Z"),
            ("2026-03-01T06:00:00Z", "2026-03-02T06:00:00Z"),
            // In the night to 5 April 2026 clocks are put back.
            ("2026-04-04T12:00:00Z", "2026-04-05T07:00:00Z"),
        ] {
            assert_eq!(next_at_hour(at(after), 3), at(next), "{after}");
        }
    }

    #[test]
    fn the_next_business_day_passes_over_weekends_and_holidays() {
        let calendar = Calendar::default();
        for (day, next) in [
            (date(2026, 3, 2), date(2026, 3, 3)),
            (date(2026, 3, 6), date(2026, 3, 9)),
            (date(2026, 3, 7), date(2026, 3, 9)),
            (date(2026, 4, 2), date(2026, 4, 6)),     // Holy Week
            (date(2026, 9, 17), date(2026, 9, 21)),   // 18 is a Friday, 19 a Saturday
            (date(2024, 9, 17), date(2024, 9, 23)),   // 18, 19 and the bridge of 20
            (date(2027, 9, 16), date(2027, 9, 20)),   // the bridge of 17
            (date(2025, 12, 30), date(2026, 1, 2)),   // the banks' own day, then the new year
            (date(2028, 10, 26), date(2028, 10, 30)), // the evangelical churches, moved to the 27th
        ] {
            assert_eq!(calendar.next_business_day(day), next, "{day}");
        }
    }

    #[test]
    fn a_listed_year_is_taken_from_the_list_alone() {
        let calendar = only(&[date(2026, 3, 3)]);
        assert!(!calendar.is_business_day(date(2026, 3, 3)));
        assert!(calendar.is_business_day(date(2026, 5, 1)), "not listed");
        assert!(!calendar.is_business_day(date(2025, 5, 1)), "by law");
        assert_eq!(calendar.listed_years(), Some(2026..=2026));
    }

    #[test]
    fn a_list_with_a_mistake_is_refused() {
        let day = |year| Holiday {
            date: date(year, 1, 1),
            name: "Año Nuevo".into(),
            source: "Ley 2.977".into(),
        };
        let refused = |first, last, days: Vec<Holiday>| Calendar::listed(first, last, days).unwrap_err();
        assert_eq!(
            refused(2026, 2025, vec![]),
            CalendarError::Years {
                first: 2026,
                last: 2025
            }
        );
        assert_eq!(
            refused(2026, 2026, vec![day(2027)]),
            CalendarError::Outside(date(2027, 1, 1))
        );
        assert_eq!(
            refused(2026, 2026, vec![day(2026), day(2026)]),
            CalendarError::Twice(date(2026, 1, 1))
        );
        assert_eq!(
            refused(2026, 2027, vec![day(2026)]),
            CalendarError::EmptyYear(2027)
        );
    }

    #[test]
    fn days_are_those_of_chiles_clocks() {
        let calendar = Calendar::default();
        for (at, day, settled) in [
            // Summer time, three hours behind.
            ("2026-03-03T02:59:59Z", date(2026, 3, 2), date(2026, 3, 3)),
            ("2026-03-03T03:00:00Z", date(2026, 3, 3), date(2026, 3, 4)),
            // Winter time, four hours behind.
            ("2026-06-02T03:59:59Z", date(2026, 6, 1), date(2026, 6, 2)),
            ("2026-06-02T04:00:00Z", date(2026, 6, 2), date(2026, 6, 3)),
        ] {
            let at: Timestamp = at.parse().unwrap();
            assert_eq!(
                (day_in_chile(at), calendar.settlement_day(at)),
                (day, settled),
                "{at}"
            );
        }
        assert_eq!(start_of_day(date(2026, 3, 3)).to_string(), "2026-03-03T03:00:00Z");
        // Clocks were put forward at midnight of 7 September 2025: the day began at one.
        assert_eq!(start_of_day(date(2025, 9, 7)).to_string(), "2025-09-07T04:00:00Z");
        assert_eq!(at_hour(date(2026, 6, 2), 9).to_string(), "2026-06-02T13:00:00Z");
    }
}
