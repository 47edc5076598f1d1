//! The forecast of `GET /v3/predict`: whether a payer's bank would let a transfer through, from the bank's published
//! limits and from what this payer has paid to this account before.

use jiff::{SignedDuration, Timestamp};

use crate::money::Amount;

/// What a bank allows; an absent limit means none is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BankLimits {
    /// The least that it transfers.
    pub min: Amount,
    /// The most that it transfers at once.
    pub max: Option<Amount>,
    /// The most that it transfers to a payee who is new to the payer.
    pub new_payee_max: Option<Amount>,
    /// Hours from the first transfer during which a payee counts as new.
    pub cool_down_hours: u32,
}

/// `result` of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing known speaks against it.
    Ok,
    /// More than the bank transfers to a payee who is new.
    NewDestinataryAmountExceeded,
    /// More than the bank transfers at once.
    MaxAmountExceeded,
    /// Paid before, but so recently that the limit of a new payee still holds.
    NewDestinataryCoolDown,
    /// The account can't collect this amount in this currency through this bank.
    NotAvailableAccount,
}

/// The four values of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// `new_destinatary_max_amount`.
    pub new_destinatary_max_amount: Option<Amount>,
    /// `max_amount`.
    pub max_amount: Option<Amount>,
    /// `result`.
    pub result: Outcome,
    /// `cool_down_date`: when the limit of a new payee ends, while it holds for a payer who paid before.
    pub cool_down_date: Option<Timestamp>,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What would be paid, in the currency that is transferred.
    pub amount: Amount,
    /// The bank's limits; `None` where the account can't collect in this currency through this bank.
    pub bank: Option<BankLimits>,
    /// When this payer first paid this account through this bank.
    pub first_paid_at: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// Answers from the bank's limits and the payer's history.
pub fn forecast(question: &Question) -> Forecast {
    let Some(bank) = question.bank else {
        return Forecast::not_available();
    };
    let cool = SignedDuration::from_hours(i64::from(bank.cool_down_hours));
    let cool_down_date = question
        .first_paid_at
        .map(|first| first.saturating_add(cool).unwrap_or(Timestamp::MAX))
        .filter(|end| *end > question.now);
    let is_new = question.first_paid_at.is_none() || cool_down_date.is_some();
    let exceeds = |limit: Option<Amount>| limit.is_some_and(|limit| question.amount > limit);
    let result = if question.amount < bank.min {
        Outcome::NotAvailableAccount
    } else if exceeds(bank.max) {
        Outcome::MaxAmountExceeded
    } else if !is_new || !exceeds(bank.new_payee_max) {
        Outcome::Ok
    } else if cool_down_date.is_some() {
        Outcome::NewDestinataryCoolDown
    } else {
        Outcome::NewDestinataryAmountExceeded
    };
    Forecast {
        new_destinatary_max_amount: bank.new_payee_max,
        max_amount: bank.max,
        result,
        cool_down_date,
    }
}

impl Forecast {
    fn not_available() -> Forecast {
        Forecast {
            new_destinatary_max_amount: None,
            max_amount: None,
            result: Outcome::NotAvailableAccount,
            cool_down_date: None,
        }
    }
}

impl Outcome {
    /// As on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::NewDestinataryAmountExceeded => "new_destinatary_amount_exceeded",
            Outcome::MaxAmountExceeded => "max_amount_exceeded",
            Outcome::NewDestinataryCoolDown => "new_destinatary_cool_down",
            Outcome::NotAvailableAccount => "not_available_account",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-21T12:00:00Z";

    fn ask(amount: i64, first_paid_at: Option<&str>) -> Forecast {
        let limits = BankLimits {
            min: Amount::from_units(200),
            max: Some(Amount::from_units(5000)),
            new_payee_max: Some(Amount::from_units(1000)),
            cool_down_hours: 24,
        };
        forecast(&Question {
            amount: Amount::from_units(amount),
            bank: Some(limits),
            first_paid_at: first_paid_at.map(|at| at.parse().unwrap()),
            now: NOW.parse().unwrap(),
        })
    }

    #[test]
    fn the_banks_limits_and_the_payers_history_decide() {
        let [recently, long_ago] = ["2026-11-21T00:00:00Z", "2026-11-20T12:00:00Z"].map(Some);
        for (amount, first_paid_at, expected) in [
            (199, None, "not_available_account"),
            (200, None, "ok"),
            (1000, None, "ok"),
            (1001, None, "new_destinatary_amount_exceeded"),
            (1001, recently, "new_destinatary_cool_down"),
            (1000, recently, "ok"),
            (1001, long_ago, "ok"),
            (5000, long_ago, "ok"),
            (5001, long_ago, "max_amount_exceeded"),
            (5001, None, "max_amount_exceeded"),
        ] {
            assert_eq!(
                ask(amount, first_paid_at).result.as_str(),
                expected,
                "{amount} {first_paid_at:?}"
            );
        }
    }

    #[test]
    fn the_cool_down_ends_its_hours_after_the_first_transfer() {
        let forecast = ask(1001, Some("2026-11-21T00:00:00Z"));
        assert_eq!(
            forecast.cool_down_date,
            Some("2026-11-22T00:00:00Z".parse().unwrap())
        );
        assert_eq!(ask(1, Some("2026-11-20T00:00:00Z")).cool_down_date, None);
        assert_eq!(forecast.max_amount, Some(Amount::from_units(5000)));
        assert_eq!(
            forecast.new_destinatary_max_amount,
            Some(Amount::from_units(1000))
        );
    }

    #[test]
    fn a_bank_without_known_limits_lets_everything_through() {
        let (amount, now) = (Amount::MAX, NOW.parse().unwrap());
        let question = Question {
            amount,
            bank: Some(BankLimits::default()),
            first_paid_at: None,
            now,
        };
        assert_eq!(forecast(&question).result, Outcome::Ok);
        assert_eq!(
            forecast(&Question {
                bank: None,
                ..question
            }),
            Forecast::not_available()
        );
    }
}
