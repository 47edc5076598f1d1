//! Thirty days of an account in figures, from the sums of its days.

use ayni_domain::currency::Currency;
use ayni_domain::daily::took::{self, Step};
use ayni_domain::daily::{Measure, Sums};
use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use jiff::ToSpan as _;
use jiff::civil::Date;

/// What the days came to.
pub(super) struct Figures {
    /// From the oldest to today.
    pub(super) days: Vec<Day>,
    /// By currency, those only in which something was paid, or pesos alone.
    pub(super) volumes: Vec<Volume>,
    /// Payments that somebody began to pay, and those of them that were paid.
    pub(super) begun: i64,
    pub(super) converted: i64,
    /// How many payments took how long from authorisation to money seen, the shortest first.
    pub(super) took: Vec<(Step, i64)>,
}

/// One day.
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) begun: i64,
    pub(super) converted: i64,
}

/// What was paid in one currency.
pub(super) struct Volume {
    pub(super) currency: Currency,
    pub(super) paid: i64,
    pub(super) amount: Amount,
    /// Of each day: payments, and what they brought.
    pub(super) days: Vec<(i64, Amount)>,
}

impl Figures {
    /// Of the days up to this one.
    pub(super) fn of(sums: &Sums, account: AccountId, today: Date) -> Figures {
        let dates = dates(today);
        let on = |date: Date, measure| sums.of((account, date, measure));
        let days: Vec<Day> = dates
            .iter()
            .map(|date| Day {
                date: *date,
                begun: on(*date, Measure::Begun),
                converted: on(*date, Measure::Converted),
            })
            .collect();
        let volume = |currency| Volume::of(currency, &dates, &on);
        let mut volumes: Vec<Volume> = Currency::ALL.into_iter().map(volume).collect();
        volumes.retain(|volume| volume.paid > 0 || volume.currency == Currency::Clp);
        if volumes.len() > 1 {
            volumes.retain(|volume| volume.paid > 0);
        }
        let took = (0..).map_while(Step::numbered).map(|step| {
            let count = dates.iter().map(|date| on(*date, Measure::Took(step))).sum();
            (step, count)
        });
        Figures {
            begun: days.iter().map(|day| day.begun).sum(),
            converted: days.iter().map(|day| day.converted).sum(),
            took: took.collect(),
            volumes,
            days,
        }
    }

    /// Of a hundred payments that were begun, how many were paid; absent where none was begun.
    pub(super) fn success_percent(&self) -> Option<i64> {
        percent(self.converted, self.begun)
    }

    /// Within which step so many of a hundred payments were seen on the statement.
    pub(super) fn took_at_most(&self, percent: i64) -> Option<Step> {
        took::quantile(self.took.iter().copied(), percent)
    }

    /// Whether nothing at all happened.
    pub(super) fn is_empty(&self) -> bool {
        self.begun == 0 && self.volumes.iter().all(|volume| volume.paid == 0)
    }
}

impl Volume {
    fn of(currency: Currency, dates: &[Date], on: &impl Fn(Date, Measure) -> i64) -> Volume {
        let days: Vec<(i64, Amount)> = dates
            .iter()
            .map(|date| {
                let amount = on(*date, Measure::Amount(currency));
                (
                    on(*date, Measure::Paid(currency)),
                    Amount::from_ten_thousandths(amount),
                )
            })
            .collect();
        let sum = |sum: Amount, (_, amount): &(i64, Amount)| sum.checked_add(*amount).unwrap_or(Amount::MAX);
        Volume {
            currency,
            paid: days.iter().map(|(paid, _)| paid).sum(),
            amount: days.iter().fold(Amount::ZERO, sum),
            days,
        }
    }
}

/// The first of the days that are shown up to this one.
pub(super) fn first_day(today: Date) -> Date {
    today.saturating_sub((DAYS - 1).days())
}

/// So many of a hundred, rounded down: a hundred only where it is all of them.
pub(super) fn percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| part.saturating_mul(100) / whole)
}

fn dates(today: Date) -> Vec<Date> {
    let first = first_day(today);
    (0..DAYS)
        .map(|number| first.saturating_add(number.days()))
        .collect()
}

/// Days that are shown.
pub(super) const DAYS: i64 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: AccountId = AccountId(7);

    #[test]
    fn thirty_days_end_today_and_what_was_before_is_left_out() {
        let today: Date = "2026-03-02".parse().unwrap();
        let mut sums = Sums::default();
        for (date, paid) in [("2026-01-31", 5), ("2026-02-01", 2), ("2026-03-02", 3)] {
            let date: Date = date.parse().unwrap();
            sums.add((ACCOUNT, date, Measure::Paid(Currency::Usd)), paid);
            sums.add((ACCOUNT, date, Measure::Amount(Currency::Usd)), paid * 10_000);
            sums.add((ACCOUNT, date, Measure::Begun), paid + 1);
            sums.add((ACCOUNT, date, Measure::Converted), paid);
            sums.add((AccountId(8), date, Measure::Begun), 100);
        }
        let figures = Figures::of(&sums, ACCOUNT, today);
        assert_eq!(figures.days.len(), 30);
        let [dollars] = figures.volumes.as_slice() else {
            panic!()
        };
        assert_eq!(
            (dollars.currency, dollars.paid, dollars.amount),
            (Currency::Usd, 5, Amount::from_units(5))
        );
        assert_eq!((figures.begun, figures.converted), (7, 5));
        assert_eq!(figures.success_percent(), Some(71));
        assert!(!figures.is_empty());
    }

    #[test]
    fn an_account_without_payments_has_days_in_pesos_and_no_rate() {
        let figures = Figures::of(&Sums::default(), ACCOUNT, "2026-03-02".parse().unwrap());
        assert!(figures.is_empty());
        assert_eq!(figures.success_percent(), None);
        assert_eq!(figures.took_at_most(50), None);
        let currencies: Vec<_> = figures.volumes.iter().map(|volume| volume.currency).collect();
        assert_eq!(currencies, [Currency::Clp]);
    }
}
