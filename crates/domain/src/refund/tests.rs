use proptest::prelude::*;

use super::*;
use crate::payment::state::Detail;
use crate::sampled::cases;

const NORMAL: state::State = state::State::Done(Detail::Normal);

fn now() -> Timestamp {
    "2026-03-02T15:00:00Z".parse().unwrap()
}

fn pesos(units: i64) -> Amount {
    Amount::from_units(units)
}

/// A payment of 1000 pesos that was paid just now and can be refunded in every way.
fn paid() -> Facts {
    Facts {
        payment: PaymentId::parse("gqzdy6chjne9").unwrap(),
        account: AccountId(990_939),
        is_granted: true,
        state: NORMAL,
        amount: pesos(1000),
        currency: Currency::Clp,
        refunded: Amount::ZERO,
        received: pesos(1000),
        transferred: Amount::ZERO,
        custody: Custody::Gateway,
        conciliated_at: Some(now()),
        confirm_timeout_at: None,
        is_settled: false,
        is_payer_known: true,
        refunds: 0,
        wallet: pesos(5000),
    }
}

fn fields(kind: Kind, asked: Asked, facts: &Facts, now: Timestamp) -> Vec<(&'static str, Problem)> {
    let violations = decide(kind, asked, facts, now).err().unwrap_or_default();
    violations
        .into_iter()
        .map(|violation| (violation.field, violation.problem))
        .collect()
}

#[test]
fn what_is_left_is_given_back_in_parts_or_at_once() {
    let first = decide(Kind::Classic, Asked::Partial(pesos(300)), &paid(), now()).unwrap();
    assert_eq!((first.total_refunded, first.remaining), (pesos(300), pesos(700)));
    assert!(!first.is_reversal);
    let after = Facts {
        refunded: pesos(300),
        transferred: pesos(300),
        state: state::State::Done(Detail::PartiallyRefunded),
        ..paid()
    };
    let rest = decide(Kind::Wallet, Asked::Full, &after, now()).unwrap();
    assert_eq!(
        (rest.amount, rest.transfer, rest.remaining),
        (pesos(700), pesos(700), Amount::ZERO)
    );
    let whole = |kind| decide(kind, Asked::Full, &paid(), now()).unwrap().is_reversal;
    assert!(whole(Kind::Classic) && !whole(Kind::Wallet));
}

/// The same facts but for what is told.
fn but(change: impl FnOnce(&mut Facts)) -> Facts {
    let mut facts = paid();
    change(&mut facts);
    facts
}

fn exhausted() -> Facts {
    but(|facts| {
        facts.refunded = pesos(1000);
        facts.transferred = pesos(1000);
        facts.state = state::State::Done(Detail::FullyRefunded);
    })
}

fn against_payment() -> (&'static str, Problem) {
    let objection = Objection::NotRefundable(paid().payment.to_string());
    ("payment_id", Problem::Refund(objection))
}

#[test]
fn what_is_asked_for_is_refused_on_its_field_and_an_exhausted_payment_twice() {
    let above = |units| {
        (
            "amount",
            Problem::Refund(Objection::AboveRefundable(pesos(units))),
        )
    };
    let part = |units| Asked::Partial(pesos(units));
    let cents = Asked::Partial(Amount::from_ten_thousandths(5000));
    for (asked, facts, expected) in [
        (part(1), exhausted(), vec![against_payment(), above(1)]),
        (Asked::Full, exhausted(), vec![against_payment()]),
        (part(1001), paid(), vec![above(1001)]),
        (part(0), paid(), vec![("amount", Problem::NotPositive)]),
        (
            cents,
            paid(),
            vec![("amount", Problem::TooManyDecimalsFor(Currency::Clp))],
        ),
    ] {
        for kind in [Kind::Classic, Kind::Wallet] {
            assert_eq!(fields(kind, asked, &facts, now()), expected, "{kind:?} {asked:?}");
        }
    }
}

#[test]
fn what_was_not_paid_has_no_known_payer_or_too_many_refunds_is_not_refundable() {
    let unpaid = but(|facts| {
        facts.state = state::State::Pending;
        facts.conciliated_at = None;
    });
    for facts in [
        unpaid,
        but(|facts| facts.is_payer_known = false),
        but(|facts| facts.refunds = REFUNDS_MAX),
    ] {
        for kind in [Kind::Classic, Kind::Wallet] {
            assert_eq!(fields(kind, Asked::Full, &facts, now()), [against_payment()]);
        }
    }
    let beyond = Asked::Partial(pesos(2000));
    assert_eq!(fields(Kind::Classic, beyond, &unpaid, now()), [against_payment()]);
}

#[test]
fn an_account_without_the_right_is_told_nothing_else() {
    let mut facts = exhausted();
    facts.is_granted = false;
    let refused = [(
        "receiver_id",
        Problem::Refund(Objection::NotRefunding(paid().account)),
    )];
    for kind in [Kind::Classic, Kind::Wallet] {
        assert_eq!(fields(kind, Asked::Full, &facts, now()), refused);
    }
}

#[test]
fn each_kind_has_its_own_end_and_its_own_money() {
    let refused = vec![(
        "payment_id",
        Problem::Refund(Objection::NotRefundable(paid().payment.to_string())),
    )];
    let hour = SignedDuration::from_hours(1);
    let held = Facts {
        confirm_timeout_at: Some(now()),
        ..paid()
    };
    let own = Facts {
        custody: Custody::Own,
        ..paid()
    };
    let settled = Facts {
        is_settled: true,
        ..paid()
    };
    for (facts, at) in [(held, now() + hour), (own, now()), (settled, now())] {
        assert_eq!(fields(Kind::Classic, Asked::Full, &facts, at), refused);
        assert_eq!(fields(Kind::Wallet, Asked::Full, &facts, at), []);
    }
    assert_eq!(fields(Kind::Classic, Asked::Full, &held, now()), []);
    let last = now() + WALLET_REFUND_LIFE;
    assert_eq!(fields(Kind::Wallet, Asked::Full, &paid(), last), []);
    assert_eq!(fields(Kind::Wallet, Asked::Full, &paid(), last + hour), refused);
    let poor = Facts {
        wallet: pesos(999),
        ..paid()
    };
    let too_small = vec![("amount", Problem::Refund(Objection::WalletTooSmall))];
    assert_eq!(fields(Kind::Wallet, Asked::Full, &poor, now()), too_small);
    assert_eq!(fields(Kind::Wallet, Asked::Partial(pesos(999)), &poor, now()), []);
    assert_eq!(fields(Kind::Classic, Asked::Full, &poor, now()), []);
}

#[test]
fn the_words_are_those_that_clients_know() {
    use crate::lang::Lang::Es;
    for (problem, text) in [
        (
            Problem::Refund(Objection::NotRefundable(paid().payment.to_string())),
            "El pago con ID gqzdy6chjne9 no es reembolsable",
        ),
        (
            Problem::Refund(Objection::AboveRefundable(pesos(2000))),
            "El monto 2000 excede el saldo reembolsable del pago",
        ),
        (
            Problem::Refund(Objection::NotRefunding(AccountId(990_939))),
            "La cuenta de cobro con ID 990939 no está habilitada para hacer devoluciones.",
        ),
        (
            Problem::Refund(Objection::WalletTooSmall),
            "Saldo de la billetera insuficiente",
        ),
    ] {
        assert_eq!(problem.text(Es), text);
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn whatever_parts_are_given_back_they_sum_to_what_was_received_and_never_to_more(
        amount in 1..10_000_000_i64,
        more in 0..30_000_000_i64,
        parts in proptest::collection::vec(1..5_000_000_i64, 0..12)
    ) {
        let mut facts = Facts {
            currency: Currency::Clf,
            amount: Amount::from_ten_thousandths(amount),
            received: pesos(amount + more),
            ..paid()
        };
        let asked = parts.into_iter().map(|part| Asked::Partial(Amount::from_ten_thousandths(part)));
        for asked in asked.chain([Asked::Full]) {
            let Ok(accepted) = decide(Kind::Classic, asked, &facts, now()) else { continue };
            prop_assert!(accepted.transfer >= Amount::ZERO);
            prop_assert_eq!(accepted.transfer.decimals(), 0);
            facts.refunded = accepted.total_refunded;
            facts.transferred = facts.transferred.checked_add(accepted.transfer).unwrap();
            prop_assert!(facts.refunded <= facts.amount && facts.transferred <= facts.received);
        }
        prop_assert_eq!(facts.refunded, facts.amount);
        prop_assert_eq!(facts.transferred, facts.received);
    }
}
