//! When a merchant's money is handed over, and how much of it.

use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

use crate::calendar::{Calendar, at_hour, day_in_chile, start_of_day};
use crate::lang::Lang;
use crate::money::Amount;

/// From when a payment whose money was seen may be settled: the business day after it; one that is held with
/// `confirm_timeout_date`, not before that instant, until which it may be refunded.
pub fn releases_at(calendar: &Calendar, seen_at: Timestamp, held_until: Option<Timestamp>) -> Timestamp {
    let usual = start_of_day(calendar.settlement_day(seen_at));
    held_until.map_or(usual, |until| usual.max(until))
}

/// The same for a held payment that its merchant confirms: the business day after that, never later than before.
pub fn releases_when_confirmed(
    calendar: &Calendar,
    releases_at: Timestamp,
    confirmed_at: Timestamp,
) -> Timestamp {
    releases_at.min(start_of_day(calendar.settlement_day(confirmed_at)))
}

/// The first instant after this one at which settlements are made: the given hour of a business day in Chile.
pub fn next_run(calendar: &Calendar, after: Timestamp, hour: i8) -> Timestamp {
    let today = calendar.business_day_from(day_in_chile(after));
    let run = at_hour(today, hour);
    match run > after {
        true => run,
        false => at_hour(calendar.next_business_day(today), hour),
    }
}

/// Why settlements can't be made for a day.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotADay {
    /// The banks do not work on it.
    #[error("{day} is no business day ({why}); the next one is {next}")]
    NoBusinessDay {
        /// The day.
        day: Date,
        /// The holiday's name, or that it is a weekend.
        why: String,
        /// The business day after it.
        next: Date,
    },
    /// It is not there yet.
    #[error("{0} is not there yet")]
    Future(Date),
}

/// Up to which instant payments are settled in the run of a day that is made now: a past day's run took what was
/// released by its hour, today's takes what is released by now.
pub fn cutoff(calendar: &Calendar, day: Date, hour: i8, now: Timestamp) -> Result<Timestamp, NotADay> {
    let today = day_in_chile(now);
    if day > today {
        return Err(NotADay::Future(day));
    }
    if !calendar.is_business_day(day) {
        let holiday = calendar.holiday(day).map(|holiday| holiday.name);
        return Err(NotADay::NoBusinessDay {
            day,
            why: holiday.unwrap_or_else(|| "a weekend".to_owned()),
            next: calendar.next_business_day(day),
        });
    }
    Ok(match day == today {
        true => now,
        false => at_hour(day, hour),
    })
}

/// Why a payment can't be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotConfirmable {
    /// It is not held with `confirm_timeout_date`, or lies on the merchant's own bank account.
    NotHeld,
    /// Its money was not seen; the value is its `status`.
    NotPaid(&'static str),
    /// It was settled before.
    Settled,
}

impl NotConfirmable {
    /// For the developer who reads the answer.
    pub fn text(self, lang: Lang) -> String {
        match (self, lang) {
            (NotConfirmable::NotHeld, Lang::Es) => {
                "El pago no está retenido con confirm_timeout_date: no hay nada que confirmar".to_owned()
            }
            (NotConfirmable::NotHeld, Lang::En) => {
                "The payment is not held with confirm_timeout_date: nothing is to be confirmed".to_owned()
            }
            (NotConfirmable::NotPaid(status), Lang::Es) => {
                format!("Solo se puede confirmar un pago conciliado, y este tiene estado {status}")
            }
            (NotConfirmable::NotPaid(status), Lang::En) => {
                format!("Only a reconciled payment can be confirmed, and this one is {status}")
            }
            (NotConfirmable::Settled, Lang::Es) => "El pago ya fue rendido".to_owned(),
            (NotConfirmable::Settled, Lang::En) => "The payment was settled before".to_owned(),
        }
    }
}

/// What payments bring and what is taken off, each the sum over all payments of a settlement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many payments.
    pub payments: i64,
    /// What their payers transferred.
    pub amount: Amount,
    /// The operator's fees, VAT included.
    pub fee: Amount,
    /// The integrator's shares.
    pub integrator_fee: Amount,
    /// What was given back out of them.
    pub refunded: Amount,
    /// What is left of them: below zero where everything was refunded, since the fee stays.
    pub net: Amount,
}

/// What a settlement pays out: what is left of its payments and what was carried over from before, never more than is
/// owed; `None` where nothing is.
pub fn payout(net: Amount, carried: Amount, owed: Amount) -> Option<Amount> {
    let due = net.checked_add(carried)?.min(owed);
    (due > Amount::ZERO).then_some(due)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_payment_is_released_on_the_next_business_day() {
        let calendar = Calendar::default();
        for (seen, released) in [
            ("2026-03-02T15:00:00Z", "2026-03-03T03:00:00Z"), // Monday noon
            ("2026-03-06T15:00:00Z", "2026-03-09T03:00:00Z"), // Friday
            ("2026-03-08T15:00:00Z", "2026-03-09T03:00:00Z"), // Sunday
            ("2026-04-02T15:00:00Z", "2026-04-06T04:00:00Z"), // before Good Friday; the clocks go back on the 4th
        ] {
            assert_eq!(releases_at(&calendar, at(seen), None), at(released), "{seen}");
        }
    }

    #[test]
    fn a_held_payment_waits_for_its_date_and_a_confirmation_brings_it_forward() {
        let calendar = Calendar::default();
        let seen = at("2026-03-02T15:00:00Z");
        let until = at("2026-03-20T16:30:00Z");
        let held = releases_at(&calendar, seen, Some(until));
        assert_eq!(held, until);
        let early = releases_at(&calendar, seen, Some(at("2026-03-02T16:00:00Z")));
        assert_eq!(
            early,
            at("2026-03-03T03:00:00Z"),
            "not before the next business day"
        );
        let confirmed = releases_when_confirmed(&calendar, held, at("2026-03-06T15:00:00Z"));
        assert_eq!(confirmed, at("2026-03-09T03:00:00Z"));
        let late = releases_when_confirmed(&calendar, held, at("2026-03-20T16:00:00Z"));
        assert_eq!(late, until);
    }

    #[test]
    fn settlements_are_made_at_their_hour_of_each_business_day() {
        let calendar = Calendar::default();
        for (after, run) in [
            ("2026-03-02T15:00:00Z", "2026-03-02T17:00:00Z"),
            ("2026-03-02T17:00:00Z", "2026-03-03T17:00:00Z"),
            ("2026-03-06T17:00:01Z", "2026-03-09T17:00:00Z"),
            ("2026-03-07T12:00:00Z", "2026-03-09T17:00:00Z"),
        ] {
            assert_eq!(next_run(&calendar, at(after), 14), at(run), "{after}");
        }
    }

    #[test]
    fn a_days_run_takes_what_was_released_by_then() {
        let calendar = Calendar::default();
        let now = at("2026-03-10T13:00:00Z");
        let day = |text: &str| cutoff(&calendar, text.parse().unwrap(), 14, now);
        assert_eq!(day("2026-03-10"), Ok(now));
        assert_eq!(day("2026-03-09"), Ok(at("2026-03-09T17:00:00Z")));
        assert!(matches!(day("2026-03-08"), Err(NotADay::NoBusinessDay { .. })));
        assert_eq!(
            day("2026-03-11"),
            Err(NotADay::Future("2026-03-11".parse().unwrap()))
        );
    }

    #[test]
    fn what_is_owed_from_before_is_taken_from_the_next_payout() {
        let units = Amount::from_units;
        for (net, carried, owed, paid) in [
            (950, 0, 950, Some(950)),
            (950, -50, 900, Some(900)),
            (40, -50, -10, None),
            (0, 0, 0, None),
            (0, 300, 300, Some(300)),
            (950, 300, 1000, Some(1000)),
        ] {
            let paid_out = payout(units(net), units(carried), units(owed));
            assert_eq!(paid_out, paid.map(units), "{net} {carried} {owed}");
        }
    }
}
