//! Pesos for unidades de fomento, because a payment in CLF is transferred in CLP.

use crate::money::Amount;

/// The pesos to transfer for an amount in UF at a value in pesos per UF, rounded half up to the peso.
///
/// `None` where either is below zero or the pesos would be above [`Amount::MAX`].
pub fn to_pesos(uf: Amount, pesos_per_uf: Amount) -> Option<Amount> {
    /// Both factors are in ten-thousandths.
    const PESO: i128 = 10_000 * 10_000;
    if uf < Amount::ZERO || pesos_per_uf < Amount::ZERO {
        return None;
    }
    let product = i128::from(uf.ten_thousandths()) * i128::from(pesos_per_uf.ten_thousandths());
    let pesos = i64::try_from((product + PESO / 2) / PESO).ok()?;
    Some(Amount::from_units(pesos)).filter(|amount| *amount <= Amount::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pesos_are_rounded_half_up() {
        for (uf, value, pesos) in [
            ("1", "39382.65", Some("39383")),
            ("1.5", "39382.65", Some("59074")),
            ("0.5", "39381", Some("19691")),
            ("0.0001", "39382.65", Some("4")),
            ("10000000000000", "39382.65", None),
            ("-1", "39382.65", None),
        ] {
            let [uf, value] = [uf, value].map(|text| Amount::parse(text, false).unwrap());
            assert_eq!(to_pesos(uf, value).map(Amount::plain), pesos.map(String::from));
        }
    }
}
