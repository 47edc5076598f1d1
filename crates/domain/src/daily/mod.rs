//! What an account's days were like: how much was paid, how many of those who began to pay did, and how long it took until
//! the money was seen. Each thing that happens adds to a few sums of one day in Chile, so that nobody ever has to count a
//! million payments to draw thirty bars.
//!
//! A payment that was paid counts as *converted* on the day on which its payer began, not on that of its money: so no day
//! has more of these than of those.

pub mod took;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::day_in_chile;
use crate::currency::Currency;
use crate::ids::AccountId;
use crate::money::Amount;

/// What adds to a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A payer began the first attempt of a payment.
    Begun {
        /// Who collects.
        account: AccountId,
        /// When.
        at: Timestamp,
    },
    /// A payment's money was seen.
    Paid {
        /// Who collects.
        account: AccountId,
        /// When it was seen.
        at: Timestamp,
        /// The bank account's.
        currency: Currency,
        /// What came.
        amount: Amount,
        /// When its first attempt began; absent where its payer transferred without one.
        begun_at: Option<Timestamp>,
        /// When its payer authorised the transfer, as far as that is known.
        authorised_at: Option<Timestamp>,
    },
}

/// One sum of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Payments that somebody began to pay on that day.
    Begun,
    /// Those of them that were paid, whenever that was.
    Converted,
    /// Payments whose money was seen on that day.
    Paid(Currency),
    /// What they brought, in ten-thousandths.
    Amount(Currency),
    /// Those of them that took at most so long from authorisation to money seen, and longer than the step before.
    Took(took::Step),
}

/// What an account's day came to in one respect.
pub type Key = (AccountId, Date, Measure);

/// What a portion of what happened adds up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<Key, i64>);

/// The most that a sum says: beyond it nothing is added, so that no account's figures can stop everybody's.
pub const SUM_MAX: i64 = 9_000_000_000_000_000_000;

impl Happening {
    /// Whose day it adds to.
    pub fn account(&self) -> AccountId {
        match self {
            Happening::Begun { account, .. } | Happening::Paid { account, .. } => *account,
        }
    }
}

impl Sums {
    /// Adds what happened to its day.
    pub fn count(&mut self, happening: &Happening) {
        match *happening {
            Happening::Begun { account, at } => self.add((account, day_in_chile(at), Measure::Begun), 1),
            Happening::Paid {
                account,
                at,
                currency,
                amount,
                begun_at,
                authorised_at,
            } => {
                let day = day_in_chile(at);
                let begun_on = begun_at.map_or(day, day_in_chile);
                if begun_at.is_none() {
                    self.add((account, day, Measure::Begun), 1);
                }
                self.add((account, begun_on, Measure::Converted), 1);
                self.add((account, day, Measure::Paid(currency)), 1);
                self.add(
                    (account, day, Measure::Amount(currency)),
                    amount.ten_thousandths(),
                );
                if let Some(since) = authorised_at {
                    let step = took::Step::of(at.duration_since(since));
                    self.add((account, day, Measure::Took(step)), 1);
                }
            }
        }
    }

    /// Adds to one sum.
    pub fn add(&mut self, key: Key, value: i64) {
        let sum = self.0.entry(key).or_default();
        *sum = sum.saturating_add(value).min(SUM_MAX);
    }

    /// One sum; 0 where nothing was added.
    pub fn of(&self, key: Key) -> i64 {
        self.0.get(&key).copied().unwrap_or_default()
    }

    /// All sums, always in the same order.
    pub fn iter(&self) -> impl Iterator<Item = (Key, i64)> {
        self.0.iter().map(|(key, value)| (*key, *value))
    }
}

impl Measure {
    /// Its word in rows, and what it is of: a currency, a step, or nothing.
    pub fn parts(self) -> (&'static str, String) {
        match self {
            Measure::Begun => (BEGUN, String::new()),
            Measure::Converted => (CONVERTED, String::new()),
            Measure::Paid(currency) => (PAID, currency.code().to_owned()),
            Measure::Amount(currency) => (AMOUNT, currency.code().to_owned()),
            Measure::Took(step) => (TOOK, step.number().to_string()),
        }
    }

    /// Reads them back.
    pub fn parse(word: &str, of: &str) -> Option<Measure> {
        match word {
            BEGUN => Some(Measure::Begun),
            CONVERTED => Some(Measure::Converted),
            PAID => of.parse().ok().map(Measure::Paid),
            AMOUNT => of.parse().ok().map(Measure::Amount),
            TOOK => took::Step::numbered(of.parse().ok()?).map(Measure::Took),
            _ => None,
        }
    }
}

const BEGUN: &str = "begun";
const CONVERTED: &str = "converted";
const PAID: &str = "paid";
const AMOUNT: &str = "amount";
const TOOK: &str = "took";

#[cfg(test)]
mod tests;
