//! What each entry posts; any sequence of them is in [`world`].

use super::entry::{Belongs, Line};
use super::*;
use crate::fee::Shares;
use crate::ids::AccountId;

mod world;

const SHOP: AccountId = AccountId(100_001);
const INTEGRATOR: AccountId = AccountId(100_009);
const CREDIT: Line<'_> = Line {
    collecting_id: 7,
    movement: "m1",
    amount: Amount::from_units(1000),
};
const DEBIT: Line<'_> = Line {
    amount: Amount::from_units(-1000),
    ..CREDIT
};
const SHARED: Belongs = Belongs::Shared {
    merchant: SHOP,
    integrator: Some(INTEGRATOR),
    shares: Shares {
        merchant: Amount::from_units(970),
        fee: Amount::from_units(20),
        integrator: Amount::from_units(10),
    },
};

fn units(amount: i64) -> Amount {
    Amount::from_units(amount)
}

fn payment() -> PaymentId {
    PaymentId::parse("gqzdy6chjne9").unwrap()
}

/// A transaction as a row of a table.
fn told(transaction: &Transaction) -> String {
    let postings = transaction.postings();
    let postings = postings.map(|(purpose, amount)| format!(" {purpose} {}", amount.plain()));
    std::iter::once(transaction.id.clone()).chain(postings).collect()
}

#[test]
fn whatever_moves_sums_to_zero_and_nothing_is_no_posting() {
    let moved = Transaction::new("credit", "7:m1", 7)
        .moving(units(990), Purpose::BANK, Purpose::collected(SHOP))
        .moving(units(10), Purpose::BANK, Purpose::FEES)
        .moving(Amount::ZERO, Purpose::BANK, Purpose::SUSPENSE);
    assert_eq!(
        told(&moved),
        "credit:7:m1 bank 1000 collected:100001 -990 fees -10"
    );
}

#[test]
fn each_line_of_a_statement_is_a_row_of_the_table() {
    let divided = "collected:100001 -970 fees -20 integrator:100009 -10";
    for (transaction, row) in [
        (
            entry::credited(CREDIT, payment(), SHARED),
            format!("credit:7:m1 bank 1000 {divided}"),
        ),
        (
            entry::credited(CREDIT, payment(), Belongs::Own(SHOP)),
            "credit:7:m1 bank 1000 own:100001 -1000".to_owned(),
        ),
        (
            entry::unexplained(CREDIT),
            "credit:7:m1 bank 1000 suspense -1000".to_owned(),
        ),
        (
            entry::unexplained(DEBIT),
            "debit:7:m1 bank -1000 suspense 1000".to_owned(),
        ),
        (
            entry::assigned(CREDIT, payment(), SHARED),
            format!("assign:7:m1 {divided} suspense 1000"),
        ),
        (
            entry::topped_up(CREDIT, SHOP),
            "top-up:7:m1 bank 1000 wallet:100001 -1000".to_owned(),
        ),
        (
            entry::left(DEBIT, Purpose::transit(SHOP)),
            "debit:7:m1 bank -1000 transit:100001 1000".to_owned(),
        ),
    ] {
        assert_eq!(told(&transaction), row);
    }
}

#[test]
fn each_order_of_money_is_a_row_of_the_table() {
    let (collected, wallet) = (Purpose::collected(SHOP), Purpose::wallet(SHOP));
    let shares = [
        (collected, units(970)),
        (Purpose::integrator(INTEGRATOR), units(10)),
    ];
    let mend = (Purpose::SUSPENSE, Purpose::FEES);
    for (transaction, row) in [
        (
            entry::refunded(7, "r1", payment(), wallet, units(5)),
            "refund:r1 wallet:100001 5 transit:100001 -5",
        ),
        (
            entry::refund_expired(7, "r1", payment(), collected, units(5)),
            "refund-expired:r1 collected:100001 -5 transit:100001 5",
        ),
        (
            entry::returned(7, "o1", units(5)),
            "return:o1 transit -5 suspense 5",
        ),
        (
            entry::settled(7, "s1", &shares),
            "settlement:s1 collected:100001 970 integrator:100009 10 payouts:100001 -970 payouts:100009 -10",
        ),
        (
            entry::payout_failed(7, "o1", collected, units(970)),
            "payout-failed:o1 collected:100001 -970 payouts:100001 970",
        ),
        (entry::opened(7, units(-3)), "opening:7 bank -3 suspense 3"),
        (
            entry::corrected(7, "c1", mend, units(3), "rounding"),
            "correction:c1 fees -3 suspense 3",
        ),
    ] {
        assert_eq!(told(&transaction), row);
    }
}
