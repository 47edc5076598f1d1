//! Amounts and instants in two texts each: one for people, one that a program can read exactly.

use ayni_domain::currency::Currency;
use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_domain::time::wire;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::SandboxError;

/// An amount on a page.
pub struct Money {
    /// For `<data value>`: four decimals.
    pub value: String,
    /// For people.
    pub shown: String,
}

impl Money {
    /// That amount of that currency.
    pub fn new(amount: Amount, currency: Currency) -> Money {
        Money {
            value: amount.to_string(),
            shown: amount.shown(currency, Lang::Es),
        }
    }
}

/// An instant on a page.
pub struct Instant {
    /// For `<time datetime>`: UTC with milliseconds.
    pub value: String,
    /// The day in Chile.
    pub day: String,
    /// The time of day in Chile.
    pub time: String,
}

impl Instant {
    /// That instant.
    pub fn new(at: Timestamp) -> Result<Instant, SandboxError> {
        let zone = TimeZone::get("America/Santiago").map_err(std::io::Error::other)?;
        let local = at.to_zoned(zone);
        Ok(Instant {
            value: wire(at),
            day: local.strftime("%d-%m-%Y").to_string(),
            time: local.strftime("%H:%M:%S").to_string(),
        })
    }
}

/// The currency's name for people.
pub fn currency_name(currency: Currency) -> &'static str {
    match currency {
        Currency::Clp => "Pesos chilenos",
        Currency::Clf => "Unidades de fomento",
        Currency::Ars => "Pesos argentinos",
        Currency::Pen => "Soles peruanos",
        Currency::Mxn => "Pesos mexicanos",
        Currency::Usd => "Dólares",
        Currency::Eur => "Euros",
        Currency::Bob => "Bolivianos",
        Currency::Cop => "Pesos colombianos",
    }
}
