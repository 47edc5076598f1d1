//! The order of the signs, the conditions that each match must meet, and what no movement may ever do.

use proptest::prelude::*;

use super::*;
use crate::sampled::cases;

const ID: &str = "gqzdy6chjne9";
const OTHER_ID: &str = "zfxnocsow6mz";
const PAYER: &str = "11.111.111-1";

fn at(time: &str) -> Timestamp {
    format!("2026-11-21T{time}Z").parse().unwrap()
}

fn attempt(number: i64) -> CandidateAttempt {
    CandidateAttempt {
        number,
        collecting_id: 1,
        amount: Amount::from_units(1000),
        started_at: at("11:00:00"),
        payer_identifier: Some("111111111".into()),
        operation_number: Some(format!("op-{number}")),
    }
}

fn payment(id: &str) -> Candidate {
    Candidate {
        id: PaymentId::parse(id).unwrap(),
        state: State::Pending,
        amount: Amount::from_units(1000),
        currency: Currency::Clp,
        collecting_id: 1,
        created_at: at("10:00:00"),
        fixed_payer_identifier: None,
        attempts: vec![],
    }
}

/// A payment that somebody with this RUT tried to pay at eleven.
fn tried(id: &str) -> Candidate {
    Candidate {
        attempts: vec![CandidateAttempt {
            operation_number: None,
            ..attempt(1)
        }],
        ..payment(id)
    }
}

fn credit(reference: &str) -> Movement<'_> {
    Movement {
        collecting_id: 1,
        amount: Amount::from_units(1000),
        currency: Currency::Clp,
        booked_at: at("12:00:00"),
        payer_identifier: Some(PAYER),
        reference,
        operation_number: None,
    }
}

fn settle(id: &str, attempt: Option<i64>) -> Decision {
    Decision::Settle {
        payment: PaymentId::parse(id).unwrap(),
        attempt,
    }
}

#[test]
fn the_id_in_the_text_comes_first() {
    let operation = Candidate {
        attempts: vec![attempt(1)],
        ..payment(OTHER_ID)
    };
    let movement = Movement {
        operation_number: Some("op-1"),
        ..credit("Pago GQZDY6CHJNE9.")
    };
    assert_eq!(decide(&movement, &[operation, payment(ID)]), settle(ID, None));
}

#[test]
fn the_operation_number_comes_second() {
    let by_operation = Candidate {
        attempts: vec![attempt(1), attempt(2)],
        ..payment(OTHER_ID)
    };
    let movement = Movement {
        operation_number: Some("op-2"),
        ..credit("transferencia")
    };
    assert_eq!(
        decide(&movement, &[tried(ID), by_operation]),
        settle(OTHER_ID, Some(2))
    );
}

#[test]
fn the_payer_comes_third_however_the_bank_writes_the_rut() {
    for rut in [PAYER, "11111111-1", "111111111"] {
        let movement = Movement {
            payer_identifier: Some(rut),
            ..credit("")
        };
        assert_eq!(decide(&movement, &[tried(ID)]), settle(ID, Some(1)));
    }
}

#[test]
fn nothing_that_names_a_payment_goes_to_review() {
    assert_eq!(decide(&credit("hola"), &[]), Decision::Review(Reason::NoPayment));
    let unknown = Movement {
        payer_identifier: None,
        ..credit("gqzdy6chjne8")
    };
    assert_eq!(
        decide(&unknown, &[payment(ID), tried(OTHER_ID)]),
        Decision::Review(Reason::NoPayment)
    );
}

/// The id names a payment that does not fit, and a weaker sign names one that would.
fn decide_beside_a_weaker_sign(candidate: Candidate, movement: Movement<'_>) -> Decision {
    decide(&movement, &[candidate, tried(OTHER_ID)])
}

#[test]
fn a_payment_that_its_id_names_must_fit_and_no_weaker_sign_is_tried() {
    let fixed = |rut: &str| Candidate {
        fixed_payer_identifier: Some(rut.into()),
        ..payment(ID)
    };
    let usual = credit(ID);
    let amount = Amount::from_units(999);
    let currency = Currency::Usd;
    let (booked_at, payer_identifier) = (at("09:59:59.999"), None);
    for (candidate, movement, reason) in [
        (payment(ID), Movement { amount, ..usual }, Reason::OtherAmount),
        (payment(ID), Movement { currency, ..usual }, Reason::OtherCurrency),
        (
            payment(ID),
            Movement {
                collecting_id: 2,
                ..usual
            },
            Reason::OtherAccount,
        ),
        (
            payment(ID),
            Movement { booked_at, ..usual },
            Reason::OlderThanPayment,
        ),
        (fixed("22.222.222-2"), usual, Reason::OtherPayer),
        (
            fixed(PAYER),
            Movement {
                payer_identifier,
                ..usual
            },
            Reason::OtherPayer,
        ),
    ] {
        assert_eq!(
            decide_beside_a_weaker_sign(candidate, movement),
            Decision::Review(reason)
        );
    }
}

#[test]
fn money_for_a_payment_that_is_closed_goes_to_review() {
    for (state, reason) in [
        (State::Deleted, Reason::PaymentDeleted),
        (State::Done(Detail::RejectedByPayer), Reason::PaymentRejected),
        (State::Done(Detail::MarkedAsAbuse), Reason::PaymentReportedAsAbuse),
        (
            State::Done(Detail::MarkedPaidByReceiver),
            Reason::PaymentMarkedPaid,
        ),
        (State::Done(Detail::Normal), Reason::AlreadySettled),
        (State::Done(Detail::PartiallyRefunded), Reason::AlreadySettled),
        (State::Done(Detail::FullyRefunded), Reason::AlreadySettled),
        (State::Done(Detail::Reversed), Reason::AlreadySettled),
    ] {
        let candidate = Candidate { state, ..payment(ID) };
        assert_eq!(
            decide_beside_a_weaker_sign(candidate, credit(ID)),
            Decision::Review(reason),
            "{state}"
        );
    }
}

#[test]
fn the_conditions_are_met_to_the_millisecond_and_whatever_the_punctuation() {
    let booked_at = at("10:00:00");
    assert_eq!(
        decide(
            &Movement {
                booked_at,
                ..credit(ID)
            },
            &[payment(ID)]
        ),
        settle(ID, None)
    );
    let fixed = Candidate {
        fixed_payer_identifier: Some("20347878-k".into()),
        ..payment(ID)
    };
    let movement = Movement {
        payer_identifier: Some("20.347.878-K"),
        ..credit(ID)
    };
    assert_eq!(decide(&movement, &[fixed]), settle(ID, None));
    let verifying = Candidate {
        state: State::Verifying,
        ..payment(ID)
    };
    assert_eq!(decide(&credit(ID), &[verifying]), settle(ID, None));
}

#[test]
fn several_ids_go_to_review_but_one_id_twice_is_one() {
    let text = format!("{ID} {OTHER_ID}");
    assert_eq!(
        decide(&credit(&text), &[payment(ID), payment(OTHER_ID)]),
        Decision::Review(Reason::SeveralIds)
    );
    assert_eq!(decide(&credit(&text), &[payment(ID)]), settle(ID, None));
    let twice = format!("{ID}/{ID}");
    assert_eq!(
        decide(&credit(&twice), &[payment(ID), payment(ID)]),
        settle(ID, None)
    );
}

#[test]
fn two_payments_of_one_payer_and_amount_go_to_review_in_whatever_state() {
    let done = Candidate {
        state: State::Done(Detail::Normal),
        ..tried(OTHER_ID)
    };
    assert_eq!(
        decide(&credit(""), &[tried(ID), done]),
        Decision::Review(Reason::SeveralPayments)
    );
    let alone = Candidate {
        state: State::Deleted,
        ..tried(OTHER_ID)
    };
    assert_eq!(
        decide(&credit(""), &[alone]),
        Decision::Review(Reason::PaymentDeleted)
    );
}

#[test]
fn an_attempt_begun_after_the_movement_is_no_sign() {
    let mut late = tried(OTHER_ID);
    late.attempts[0].started_at = at("12:00:00.001");
    assert_eq!(
        decide(&credit(""), &[tried(ID), late.clone()]),
        settle(ID, Some(1))
    );
    assert_eq!(decide(&credit(""), &[late]), Decision::Review(Reason::NoPayment));
}

#[test]
fn a_payment_in_uf_is_matched_by_the_pesos_that_an_attempt_fixed() {
    let uf = Candidate {
        currency: Currency::Clf,
        amount: Amount::from_units(1),
        ..payment(ID)
    };
    let with_attempt = Candidate {
        attempts: vec![attempt(1)],
        ..uf.clone()
    };
    assert_eq!(
        decide(&credit(ID), std::slice::from_ref(&with_attempt)),
        settle(ID, Some(1))
    );
    assert_eq!(decide(&credit(ID), &[uf]), Decision::Review(Reason::OtherAmount));
    let movement = Movement {
        amount: Amount::from_units(1),
        ..credit(ID)
    };
    assert_eq!(
        decide(&movement, &[with_attempt]),
        Decision::Review(Reason::OtherAmount)
    );
}

#[test]
fn the_reference_names_the_attempt() {
    let candidate = Candidate {
        attempts: vec![attempt(1), attempt(2), attempt(12)],
        ..payment(ID)
    };
    for (reference, expected) in [
        ("gqzdy6chjne9-2", Some(2)),
        ("Pago GQZDY6CHJNE9-12 gracias", Some(12)),
        ("gqzdy6chjne9-123", Some(12)),
        ("gqzdy6chjne9", Some(12)),
    ] {
        assert_eq!(
            decide(&credit(reference), std::slice::from_ref(&candidate)),
            settle(ID, expected),
            "{reference}"
        );
    }
}

#[test]
fn debits_are_nobodys_payment() {
    for amount in [Amount::ZERO, Amount::from_units(-1000)] {
        assert_eq!(
            decide(&Movement { amount, ..credit(ID) }, &[payment(ID)]),
            Decision::Debit
        );
    }
}

#[test]
fn ids_are_words_of_twelve_letters_and_digits() {
    let found = |text| {
        ids_in(text)
            .iter()
            .map(|id| id.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("gqzdy6chjne9-2"), [ID]);
    assert_eq!(found("TEF:GQZDY6CHJNE9,zfxnocsow6mz"), [ID, OTHER_ID]);
    for text in [
        "",
        "gqzdy6chjne",
        "gqzdy6chjne99",
        "xgqzdy6chjne9",
        "ñgqzdy6chjne9",
        "gqzdy6 chjne9",
    ] {
        assert!(found(text).is_empty(), "{text}");
    }
}

#[test]
fn every_reason_reads_back_and_speaks_both_languages() {
    use crate::lang::Lang;
    for reason in Reason::ALL {
        assert_eq!(Reason::parse(reason.as_str()), Some(reason));
        assert_ne!(reason.text(Lang::Es), reason.text(Lang::En));
    }
}

prop_compose! {
    fn any_candidate()(
        id in prop::sample::select(vec![ID, OTHER_ID]),
        state in prop::sample::select(State::ALL.to_vec()),
        amount in 999..1002_i64,
        collecting_id in 1..3_i64,
        created in 10..14_i8,
        fixed in prop::option::of(prop::sample::select(vec![PAYER, "22.222.222-2"])),
        attempts in 0..3_i64,
    ) -> Candidate {
        Candidate {
            id: PaymentId::parse(id).unwrap(),
            state,
            amount: Amount::from_units(amount),
            currency: Currency::Clp,
            collecting_id,
            created_at: at(&format!("{created}:00:00")),
            fixed_payer_identifier: fixed.map(String::from),
            attempts: (1..=attempts).map(attempt).collect(),
        }
    }
}

proptest! {
    #![proptest_config(cases(2048))]

    #[test]
    fn only_money_that_fits_an_open_payment_settles_it(
        mut candidates in proptest::collection::vec(any_candidate(), 0..4),
        reference in prop::sample::select(vec!["", ID, OTHER_ID, "gqzdy6chjne9 zfxnocsow6mz"]),
        operation_number in prop::option::of(prop::sample::select(vec!["op-1", "op-2"])),
        payer_identifier in prop::option::of(prop::sample::select(vec![PAYER, "22.222.222-2"])),
        units in -1..1003_i64,
    ) {
        let amount = Amount::from_units(if units > 1 { 1000 } else { units });
        let movement = Movement { amount, operation_number, payer_identifier, ..credit(reference) };
        candidates.sort_by_key(|candidate| candidate.id);
        candidates.dedup_by_key(|candidate| candidate.id);
        let decision = decide(&movement, &candidates);
        if let Decision::Settle { payment, .. } = decision {
            let settled = candidates.iter().find(|candidate| candidate.id == payment).unwrap();
            prop_assert!(matches!(settled.state, State::Pending | State::Verifying));
            prop_assert_eq!((settled.amount, settled.collecting_id), (amount, 1));
            prop_assert!(settled.created_at <= movement.booked_at && amount > Amount::ZERO);
            let fixed = settled.fixed_payer_identifier.as_deref();
            prop_assert!(fixed.is_none() || fixed == payer_identifier);
        }
        prop_assert_eq!(decision == Decision::Debit, amount <= Amount::ZERO);
    }
}
