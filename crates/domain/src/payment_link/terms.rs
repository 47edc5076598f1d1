//! What a link asks, and what may be wrong with it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::fields::{FieldName, Fields};
use crate::money::Amount;
use crate::reading::{Reading, TEXT_LENGTH_MAX};
use crate::violation::{Problem, Violation};

/// What a link asks of each payer; the JSON of its row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// How much.
    pub price: Price,
    /// In which currency.
    pub currency: Currency,
    /// What it is for.
    pub subject: String,
    /// The merchant's description.
    pub body: Option<String>,
    /// Whether payers may say their name.
    pub asks_name: bool,
    /// Whether payers may say their address, to which the receipt goes.
    pub asks_email: bool,
    /// When it can't be used any more.
    pub expires_at: Option<Timestamp>,
    /// Payments that may be made through it.
    pub uses_max: Option<i64>,
    /// Where payers go back to.
    pub return_url: Option<String>,
    /// Where payers go who do not want to pay.
    pub cancel_url: Option<String>,
    /// Where its payments are notified; absent: the account's own.
    pub notify_url: Option<String>,
    /// The end merchant of a payment service provider.
    pub psp_client_merchant_name: Option<String>,
}

/// How much a link asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Price {
    /// So much for one, of which a payer may take several.
    Fixed {
        /// The price of one.
        unit: Amount,
        /// The most of it at once; 1: the payer is not asked.
        quantity_max: i64,
    },
    /// What the payer wants to give.
    Free {
        /// The least.
        minimum: Amount,
        /// The most.
        maximum: Amount,
    },
}

/// What one transfer may carry at the banks that payers of this account can choose, in pesos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankLimits {
    /// The least that some bank transfers.
    pub minimum: Amount,
    /// The most that some bank transfers.
    pub maximum: Amount,
}

/// What the rules need to know beside the request.
pub struct TermsContext<'a> {
    /// Now.
    pub now: Timestamp,
    /// What a transfer may carry.
    pub banks: BankLimits,
    /// Whether the outgoing-address policy lets us call this URL.
    pub may_call: &'a dyn Fn(&str) -> bool,
}

/// A field of a link, in the order of its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of the same name")]
pub enum Field {
    Amount,
    QuantityMax,
    MinimumAmount,
    MaximumAmount,
    Currency,
    Subject,
    Body,
    AsksPayerName,
    AsksPayerEmail,
    ExpiresDate,
    UsesMax,
    ReturnUrl,
    CancelUrl,
    NotifyUrl,
    PspClientMerchantName,
}

const NAMES: [&str; 15] = [
    "amount",
    "quantity_max",
    "minimum_amount",
    "maximum_amount",
    "currency",
    "subject",
    "body",
    "asks_payer_name",
    "asks_payer_email",
    "expires_date",
    "uses_max",
    "return_url",
    "cancel_url",
    "notify_url",
    "psp_client_merchant_name",
];

impl FieldName for Field {
    const NAMES: &'static [&'static str] = &NAMES;

    fn place(self) -> usize {
        self as usize
    }
}

/// The terms that a request asks for, or everything that is wrong with it. What creation would refuse of every payment
/// is found by trying one (`Terms::sample`).
pub fn read(fields: &Fields<'_, Field>, context: &TermsContext<'_>) -> Result<Terms, Vec<Violation>> {
    let mut reading = Reading::of(fields);
    let currency = currency(&mut reading);
    let price = currency.and_then(|currency| price(&mut reading, currency, context));
    let subject = reading.required_text(Field::Subject, SUBJECT_LENGTH_MAX);
    let expires_at = reading.instant(Field::ExpiresDate, TEXT_LENGTH_MAX);
    let expires_at = expires_at.and_then(|instant| {
        reading.accepted(Field::ExpiresDate, instant, |instant| {
            (*instant <= context.now).then_some(Problem::NotInTheFuture)
        })
    });
    let terms = Terms {
        price: price.unwrap_or(Price::Fixed {
            unit: Amount::ZERO,
            quantity_max: 1,
        }),
        currency: currency.unwrap_or(Currency::Clp),
        subject: subject.unwrap_or_default(),
        body: reading.text(Field::Body, BODY_LENGTH_MAX),
        asks_name: reading.flag(Field::AsksPayerName),
        asks_email: reading.flag(Field::AsksPayerEmail),
        expires_at,
        uses_max: reading.whole(Field::UsesMax, 1, USES_MAX),
        return_url: reading.url(Field::ReturnUrl),
        cancel_url: reading.url(Field::CancelUrl),
        notify_url: reading.called_url(Field::NotifyUrl, context.may_call),
        psp_client_merchant_name: reading.text(Field::PspClientMerchantName, TEXT_LENGTH_MAX),
    };
    let violations = reading.into_violations();
    if violations.is_empty() {
        Ok(terms)
    } else {
        Err(violations)
    }
}

impl Terms {
    /// An amount that some payer may be asked: to try whether creation would take a payment of this link.
    pub fn sample(&self) -> Amount {
        match self.price {
            Price::Fixed { unit, .. } => unit,
            Price::Free { minimum, .. } => minimum,
        }
    }
}

fn currency(reading: &mut Reading<'_, Field>) -> Option<Currency> {
    let text = reading.required_text(Field::Currency, TEXT_LENGTH_MAX)?;
    let parsed = text.parse().ok();
    if parsed.is_none() {
        let known = Currency::ALL.map(Currency::code).to_vec();
        reading.refuse(Field::Currency, Problem::NotOneOf(known));
    }
    parsed
}

fn price(reading: &mut Reading<'_, Field>, currency: Currency, context: &TermsContext<'_>) -> Option<Price> {
    let (least, most) = limits(currency, context);
    let mut within = |field| {
        let amount = reading.amount(field)?;
        reading.accepted(field, amount, |amount| match *amount {
            amount if amount <= Amount::ZERO => Some(Problem::NotPositive),
            amount if amount.decimals() > currency.decimals() => Some(Problem::TooManyDecimalsFor(currency)),
            amount if amount < least => Some(Problem::TooSmall(least)),
            amount if amount > most => Some(Problem::TooLarge(most)),
            _ => None,
        })
    };
    let (unit, minimum, maximum) = (
        within(Field::Amount),
        within(Field::MinimumAmount),
        within(Field::MaximumAmount),
    );
    if !reading.is_set(Field::Amount) {
        if reading.is_set(Field::QuantityMax) {
            reading.refuse(Field::QuantityMax, Problem::RequiredWith(NAMES[0]));
        }
        let (minimum, maximum) = (minimum.unwrap_or(least), maximum.unwrap_or(most));
        if maximum < minimum {
            reading.refuse(Field::MaximumAmount, Problem::TooSmall(minimum));
        }
        return Some(Price::Free { minimum, maximum });
    }
    for field in [Field::MinimumAmount, Field::MaximumAmount] {
        if reading.is_set(field) {
            reading.refuse(field, Problem::NotWith(NAMES[0]));
        }
    }
    let quantity_max = match reading.is_set(Field::QuantityMax) {
        true => reading.whole(Field::QuantityMax, 1, QUANTITY_MAX)?,
        false => 1,
    };
    let unit = unit?;
    if unit.times(quantity_max).is_none_or(|all| all > most) {
        reading.refuse(Field::QuantityMax, Problem::TooManyOf(most));
    }
    Some(Price::Fixed { unit, quantity_max })
}

/// The least and the most that may be asked. Banks say their limits in pesos: other currencies have the wire's only.
fn limits(currency: Currency, context: &TermsContext<'_>) -> (Amount, Amount) {
    let step = smallest(currency);
    match currency {
        Currency::Clp => (context.banks.minimum.max(step), context.banks.maximum),
        _ => (step, Amount::MAX),
    }
}

/// One of the currency's last decimal.
fn smallest(currency: Currency) -> Amount {
    let places = crate::money::DECIMALS_MAX.saturating_sub(currency.decimals());
    Amount::from_ten_thousandths(10_i64.pow(places))
}

/// Characters of a link's subject: a payment's, less room for «999 × ».
pub const SUBJECT_LENGTH_MAX: usize = 248;
/// Pieces that a payer may take at once.
pub const QUANTITY_MAX: i64 = 999;
/// Payments that may be made through one link whose uses are counted.
pub const USES_MAX: i64 = 1_000_000;
const BODY_LENGTH_MAX: usize = 5120;
