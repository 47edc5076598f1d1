//! The nine currencies a payment may be asked in, because each has its own number of decimals and its own look.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A currency of the wire, written in ISO 4217 letters with exact case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Chilean peso.
    Clp,
    /// Unidad de fomento: an index, paid in pesos.
    Clf,
    /// Argentine peso.
    Ars,
    /// Peruvian sol.
    Pen,
    /// Mexican peso.
    Mxn,
    /// United States dollar.
    Usd,
    /// Euro.
    Eur,
    /// Bolivian boliviano.
    Bob,
    /// Colombian peso.
    Cop,
}

/// The text is not one of the nine codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("unknown currency")]
pub struct UnknownCurrency;

impl Currency {
    /// All of them, in the order in which the contract lists them.
    pub const ALL: [Currency; 9] = [
        Currency::Clp,
        Currency::Clf,
        Currency::Ars,
        Currency::Pen,
        Currency::Mxn,
        Currency::Usd,
        Currency::Eur,
        Currency::Bob,
        Currency::Cop,
    ];

    /// The three letters of the wire.
    pub fn code(self) -> &'static str {
        match self {
            Currency::Clp => "CLP",
            Currency::Clf => "CLF",
            Currency::Ars => "ARS",
            Currency::Pen => "PEN",
            Currency::Mxn => "MXN",
            Currency::Usd => "USD",
            Currency::Eur => "EUR",
            Currency::Bob => "BOB",
            Currency::Cop => "COP",
        }
    }

    /// How many decimals an amount of it may have.
    pub fn decimals(self) -> u32 {
        match self {
            Currency::Clp | Currency::Cop => 0,
            Currency::Clf => 4,
            _ => 2,
        }
    }

    /// What people write before an amount; it ends in a blank where letters would touch the digits.
    pub fn symbol(self) -> &'static str {
        match self {
            Currency::Clp => "$",
            Currency::Clf => "UF ",
            Currency::Ars => "AR$ ",
            Currency::Pen => "S/ ",
            Currency::Mxn => "MX$ ",
            Currency::Usd => "US$ ",
            Currency::Eur => "€ ",
            Currency::Bob => "Bs ",
            Currency::Cop => "COP$ ",
        }
    }

    /// The currency in which it is transferred: pesos for the UF, else itself.
    pub fn paid_in(self) -> Currency {
        match self {
            Currency::Clf => Currency::Clp,
            other => other,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Currency::ALL
            .into_iter()
            .find(|currency| currency.code() == text)
            .ok_or(UnknownCurrency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_only_in_its_exact_case() {
        for currency in Currency::ALL {
            assert_eq!(currency.code().parse(), Ok(currency));
            assert_eq!(
                currency.code().to_lowercase().parse::<Currency>(),
                Err(UnknownCurrency)
            );
            assert_eq!(
                serde_json::to_string(&currency).unwrap(),
                format!("\"{currency}\"")
            );
        }
    }

    #[test]
    fn the_uf_is_paid_in_pesos_and_the_others_in_themselves() {
        assert_eq!(Currency::Clf.paid_in(), Currency::Clp);
        assert_eq!(Currency::Eur.paid_in(), Currency::Eur);
    }
}
