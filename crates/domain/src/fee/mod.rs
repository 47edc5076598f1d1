//! What the operator keeps of a payment: a part of its amount, at least a minimum, with VAT on top, rounded once.
//!
//! A payment is divided among merchant, operator and integrator so that the parts are the whole: the integrator's part
//! was promised when the payment was made and comes first, and the operator's fee yields to it.

use crate::clf;
use crate::currency::Currency;
use crate::fee::rate::Rate;
use crate::money::{Amount, DECIMALS_MAX};

pub mod rate;

/// What an account pays for each payment collected in one currency. All zero where nothing was agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeTerms {
    /// Part of the amount.
    pub rate: Rate,
    /// The least that the fee is, without VAT.
    pub minimum: Amount,
    /// Added to the fee.
    pub vat: Rate,
}

impl FeeTerms {
    /// The fee for an amount, VAT included, rounded half up to the currency's decimals: once, at the end.
    pub fn charge(&self, amount: Amount, currency: Currency) -> Amount {
        let of_amount = widened(amount) * i128::from(self.rate.parts_per_million());
        let before_vat = of_amount.max(widened(self.minimum) * Rate::WHOLE);
        let with_vat = before_vat * (Rate::WHOLE + i128::from(self.vat.parts_per_million()));
        rounded(with_vat, Rate::WHOLE * Rate::WHOLE, currency)
    }
}

/// A payment's money, divided. The three are the whole, and none is below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// What remains for the merchant.
    pub merchant: Amount,
    /// What the operator keeps.
    pub fee: Amount,
    /// What the integrator gets.
    pub integrator: Amount,
}

/// Divides what was paid, in the currency of the bank account; the fee takes no more than the integrator leaves.
pub fn divide(terms: FeeTerms, paid: Amount, currency: Currency, integrator_fee: Amount) -> Shares {
    let integrator = integrator_fee.clamp(Amount::ZERO, paid);
    let left = less(paid, integrator);
    let fee = terms.charge(paid, currency).clamp(Amount::ZERO, left);
    Shares {
        merchant: less(left, fee),
        fee,
        integrator,
    }
}

/// The integrator's part of what was paid: of a payment in UF the same part of the pesos, rounded half up; of any other
/// the amount as it was asked.
pub fn integrator_share(integrator_fee: Amount, asked: Amount, paid: Amount, currency: Currency) -> Amount {
    if currency == currency.paid_in() || asked <= Amount::ZERO {
        return integrator_fee;
    }
    let part = widened(integrator_fee) * widened(paid);
    rounded(part, widened(asked), currency.paid_in())
}

/// Whether a payment that is asked for has room for its integrator's part beside the fee, by the fee as it stands now.
pub fn has_room(
    terms: FeeTerms,
    asked: Amount,
    currency: Currency,
    integrator_fee: Amount,
    uf_value: Amount,
) -> bool {
    let paid = match currency {
        Currency::Clf => clf::to_pesos(asked, uf_value).unwrap_or(asked),
        _ => asked,
    };
    let integrator = integrator_share(integrator_fee, asked, paid, currency);
    let together = terms.charge(paid, currency.paid_in()).checked_add(integrator);
    together.is_some_and(|together| together <= paid)
}

/// A quotient of products of ten-thousandths, rounded half up to the currency's decimals; the divisor is above zero.
fn rounded(dividend: i128, divisor: i128, currency: Currency) -> Amount {
    let step = i128::from(10_u32.pow(DECIMALS_MAX.saturating_sub(currency.decimals())));
    let divisor = divisor * step;
    let steps = (dividend * 2 + divisor).div_euclid(divisor * 2);
    i64::try_from(steps * step).map_or(Amount::MAX, Amount::from_ten_thousandths)
}

fn widened(amount: Amount) -> i128 {
    i128::from(amount.ten_thousandths())
}

/// The difference of two amounts that are both between nothing and [`Amount::MAX`].
fn less(amount: Amount, other: Amount) -> Amount {
    amount.checked_sub(other).unwrap_or(Amount::ZERO)
}

#[cfg(test)]
mod tests;
