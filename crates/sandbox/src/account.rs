//! Account numbers, which carry currency and owner in themselves: so every valid RUT can be paid, known or not.

use std::fmt;
use std::str::FromStr;

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;

/// What every account holds when it is opened: enough for a load test, small enough for one transfer to exceed it.
pub const OPENING_BALANCE: Amount = Amount::from_units(5_000_000_000);

/// The currencies in which each customer has an account; the position is the number's first digit.
pub const CURRENCIES: [Currency; 8] = [
    Currency::Clp,
    Currency::Ars,
    Currency::Pen,
    Currency::Mxn,
    Currency::Usd,
    Currency::Eur,
    Currency::Bob,
    Currency::Cop,
];

/// Digits of an account number.
const DIGITS: usize = 21;

/// An account of DemoBank: a customer's in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountNumber {
    currency: Currency,
    owner: Rut,
}

/// The text is no account number of DemoBank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no account number of DemoBank")]
pub struct NoSuchAccount;

impl AccountNumber {
    /// The customer's account in that currency; there is none in UF.
    pub fn of(owner: Rut, currency: Currency) -> Option<AccountNumber> {
        CURRENCIES
            .contains(&currency)
            .then_some(AccountNumber { currency, owner })
    }

    /// All accounts of a customer.
    pub fn all_of(owner: Rut) -> [AccountNumber; CURRENCIES.len()] {
        CURRENCIES.map(|currency| AccountNumber { currency, owner })
    }

    /// The one currency that it holds.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Whose it is.
    pub fn owner(self) -> Rut {
        self.owner
    }
}

/// The currency's digit, then the RUT with K as 0, padded with zeros to 21 digits.
impl fmt::Display for AccountNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = CURRENCIES.iter().position(|known| *known == self.currency);
        let rut = self.owner.plain().replace('K', "0");
        write!(out, "{}{rut:0>20}", first.unwrap_or_default())
    }
}

impl FromStr for AccountNumber {
    type Err = NoSuchAccount;

    /// Reads it with or without blanks and leading zeros.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(DIGITS + 1)
            .collect();
        if digits.is_empty() || digits.len() > DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoSuchAccount);
        }
        let padded = format!("{digits:0>DIGITS$}");
        let (body, check) = padded[1..].split_at(DIGITS - 2);
        let owner = body.parse().ok().and_then(Rut::from_body).ok_or(NoSuchAccount)?;
        let currency = padded[..1]
            .parse()
            .ok()
            .and_then(|first: usize| CURRENCIES.get(first));
        let account = AccountNumber {
            currency: *currency.ok_or(NoSuchAccount)?,
            owner,
        };
        let right = owner.check_digit().to_string().replace('K', "0") == check;
        right.then_some(account).ok_or(NoSuchAccount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(rut: &str, currency: Currency) -> AccountNumber {
        AccountNumber::of(Rut::parse(rut).unwrap(), currency).unwrap()
    }

    #[test]
    fn the_number_is_made_of_currency_and_rut_and_reads_back() {
        for (rut, currency, number) in [
            ("44.444.444-4", Currency::Clp, "000000000000444444444"),
            ("44.444.444-4", Currency::Usd, "400000000000444444444"),
            ("20.347.878-K", Currency::Clp, "000000000000203478780"),
            ("20.347.878-K", Currency::Cop, "700000000000203478780"),
        ] {
            assert_eq!(account(rut, currency).to_string(), number);
            assert_eq!(number.parse(), Ok(account(rut, currency)));
        }
        assert_eq!("444444444".parse(), Ok(account("44444444-4", Currency::Clp)));
    }

    #[test]
    fn a_number_of_no_valid_rut_or_currency_is_unknown() {
        for text in [
            "",
            "0",
            "000000000000444444445",
            "800000000000444444444",
            "0000000000000444444444",
            "44-4",
        ] {
            assert_eq!(text.parse::<AccountNumber>(), Err(NoSuchAccount), "{text}");
        }
    }

    #[test]
    fn nobody_has_an_account_in_uf() {
        assert_eq!(
            AccountNumber::of(Rut::parse("44.444.444-4").unwrap(), Currency::Clf),
            None
        );
    }
}
