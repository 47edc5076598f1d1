//! Fees by the table, and the division of every payment.

use proptest::prelude::*;

use super::*;
use crate::sampled::cases;

fn amount(text: &str) -> Amount {
    Amount::parse(text, false).unwrap()
}

fn terms(rate: &str, minimum: &str, vat: &str) -> FeeTerms {
    FeeTerms {
        rate: rate.parse().unwrap(),
        minimum: amount(minimum),
        vat: vat.parse().unwrap(),
    }
}

#[test]
fn a_fee_is_rounded_half_up_once_after_vat() {
    for (agreed, paid, currency, fee) in [
        (terms("0%", "0", "0%"), "1000", Currency::Clp, "0"),
        (terms("1.49%", "0", "0%"), "1000", Currency::Clp, "15"),
        // 14.9 × 1.19 = 17.731.
        (terms("1.49%", "0", "19%"), "1000", Currency::Clp, "18"),
        // The minimum is without VAT.
        (terms("1%", "10", "19%"), "100", Currency::Clp, "12"),
        // 1.3 × 1.19 = 1.547; rounded before VAT it would be 1 × 1.19, so 1.
        (terms("1.3%", "0", "19%"), "100", Currency::Clp, "2"),
        (terms("0.05%", "0", "0%"), "1000", Currency::Clp, "1"),
        (terms("0.049%", "0", "0%"), "1000", Currency::Clp, "0"),
        (terms("1.5%", "0", "0%"), "10.50", Currency::Usd, "0.16"),
        (
            terms("100%", "0", "0%"),
            "10000000000000",
            Currency::Clp,
            "10000000000000",
        ),
    ] {
        assert_eq!(
            agreed.charge(amount(paid), currency),
            amount(fee),
            "{agreed:?} of {paid}"
        );
    }
}

#[test]
fn the_fee_yields_to_the_integrator() {
    let dear = terms("10%", "300", "0%");
    let shares = |fee: &str| divide(dear, amount("1000"), Currency::Clp, amount(fee));
    assert_eq!(
        shares("200"),
        Shares {
            merchant: amount("500"),
            fee: amount("300"),
            integrator: amount("200")
        }
    );
    assert_eq!(
        shares("900"),
        Shares {
            merchant: Amount::ZERO,
            fee: amount("100"),
            integrator: amount("900")
        }
    );
    assert_eq!(
        shares("5000"),
        Shares {
            merchant: Amount::ZERO,
            fee: Amount::ZERO,
            integrator: amount("1000")
        }
    );
}

#[test]
fn of_a_payment_in_uf_the_integrator_gets_the_same_part_of_the_pesos() {
    let share = |currency| integrator_share(amount("0.5"), amount("2"), amount("79001"), currency);
    assert_eq!(
        (share(Currency::Clf), share(Currency::Usd)),
        (amount("19750"), amount("0.5"))
    );
}

#[test]
fn a_payment_has_room_for_both_fees_or_not() {
    let agreed = terms("0%", "100", "19%");
    for (asked, currency, integrator, has_room_for_both) in [
        ("1000", Currency::Clp, "881", true),
        ("1000", Currency::Clp, "882", false),
        ("100", Currency::Clp, "0", false),
        ("0.01", Currency::Clf, "0.0069", true),
        ("0.01", Currency::Clf, "0.0071", false),
    ] {
        let has_room = has_room(
            agreed,
            amount(asked),
            currency,
            amount(integrator),
            amount("39500"),
        );
        assert_eq!(has_room, has_room_for_both, "{asked} {currency} {integrator}");
    }
}

fn any_terms() -> impl Strategy<Value = FeeTerms> {
    (0..=1_000_000_i64, 0..=10_000_000_000_i64, 0..=1_000_000_i64).prop_map(|(rate, minimum, vat)| FeeTerms {
        rate: Rate::from_parts_per_million(rate).unwrap(),
        minimum: Amount::from_ten_thousandths(minimum),
        vat: Rate::from_parts_per_million(vat).unwrap(),
    })
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn the_shares_of_a_payment_are_the_whole(
        terms in any_terms(),
        paid in 1..=Amount::MAX.ten_thousandths(),
        integrator in 0..=Amount::MAX.ten_thousandths(),
        currency in prop::sample::select(Currency::ALL.to_vec()),
    ) {
        let paid = Amount::from_ten_thousandths(paid);
        let integrator = Amount::from_ten_thousandths(integrator);
        let shares = divide(terms, paid, currency, integrator);
        let parts = [shares.merchant, shares.fee, shares.integrator];
        prop_assert!(parts.iter().all(|part| *part >= Amount::ZERO), "{shares:?}");
        let whole = parts.iter().try_fold(Amount::ZERO, |sum, part| sum.checked_add(*part));
        prop_assert_eq!(whole, Some(paid));
        prop_assert!(terms.charge(paid, currency).decimals() <= currency.decimals());
        if has_room(terms, paid, currency.paid_in(), integrator, Amount::ZERO) {
            prop_assert_eq!(shares.integrator, integrator);
            prop_assert_eq!(shares.fee, terms.charge(paid, currency));
        }
    }
}
