//! Money moves once, wholly, or not at all.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;

use super::browser::{PAYEE, PAYEE_ACCOUNT, PAYER, PAYER_ACCOUNT, TestBank};
use crate::account::OPENING_BALANCE;
use crate::book;
use crate::transfer::Refusal;

/// All balances of the file, less what the accounts were opened with.
fn money_made(test: &TestBank) -> i64 {
    let connection = rusqlite::Connection::open(test.path()).unwrap();
    let sums = "SELECT coalesce(sum(balance), 0), count(*) FROM accounts";
    let (balances, accounts): (i64, i64) = connection
        .query_row(sums, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    balances - accounts * OPENING_BALANCE.ten_thousandths()
}

#[tokio::test]
async fn the_right_coordinates_move_the_money_and_show_the_receipt() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    let receipt = payer.transfer(&[("amount", "25000")], "11 22 33").await;
    assert_eq!((receipt.status, receipt.page()), (StatusCode::OK, "receipt"));
    assert_eq!(receipt.after("data-operation=\""), "1000000001");
    assert_eq!(receipt.after("data-name=\"payer-rut\">"), PAYER);
    assert_eq!(
        receipt.after("data-name=\"holder\">"),
        "Cobrador de desarrollo #990.939"
    );
    assert_eq!(payer.get("/receipt/1000000001").await.page(), "receipt");
    assert_eq!(payer.balance(PAYER_ACCOUNT).await, "4999975000.0000");
    assert_eq!(
        test.logged_in(PAYEE).await.balance(PAYEE_ACCOUNT).await,
        "5000025000.0000"
    );
    let book = book::read(&test.path()).unwrap();
    assert_eq!(
        serde_json::to_value(&book).unwrap(),
        serde_json::json!([{
            "operation": "1000000001", "at": "2026-09-21T14:13:20.123Z", "origin": PAYER_ACCOUNT,
            "destination": PAYEE_ACCOUNT, "amount": "25000.0000", "currency": "CLP",
            "comment": "gqzdy6chjne9-1", "state": "completed"
        }])
    );
}

#[tokio::test]
async fn other_coordinates_refuse_and_the_draft_is_dead() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    for (coordinates, reason) in [("99 99 99", "rejected"), ("33 22 11", "wrong-coordinates")] {
        let card = payer.order(&[]).await;
        for again in [coordinates, "11 22 33"] {
            let answer = payer.confirm(&card, again).await;
            assert_eq!((answer.status, answer.page()), (StatusCode::OK, "refused"));
            assert_eq!(answer.after("data-reason=\""), reason);
        }
    }
    assert_eq!(
        (book::read(&test.path()).unwrap(), money_made(&test)),
        (vec![], 0)
    );
}

#[tokio::test]
async fn without_a_clear_answer_the_check_digit_decides_and_k_is_even() {
    let test = TestBank::open();
    for (rut, account, moved) in [
        (PAYER, PAYER_ACCOUNT, true),
        ("22.222.222-2", "000000000000222222222", false),
        ("20.347.878-K", "000000000000203478780", false),
    ] {
        let before = book::read(&test.path()).unwrap().len();
        let mut payer = test.logged_in(rut).await;
        let answer = payer.transfer(&[("origin", account)], "66 66 66").await;
        assert_eq!(
            (answer.status, answer.page()),
            (StatusCode::OK, "unclear"),
            "{rut}"
        );
        assert!(answer.html.contains("No pudimos confirmar el resultado"));
        let book = book::read(&test.path()).unwrap();
        assert_eq!(book.len() - before, usize::from(moved), "{rut}");
        assert!(book.iter().all(|entry| entry.state == "unconfirmed"));
    }
    assert_eq!(money_made(&test), 0);
}

#[tokio::test]
async fn what_can_not_be_done_is_refused_before_the_card() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    payer.transfer(&[("amount", "4999999000")], "11 22 33").await;
    for (changed, reason) in [
        (vec![("bank", "Otro")], "unknown-bank"),
        (vec![("number", "000000000000444444445")], "unknown-account"),
        (vec![("rut", "22.222.222-2")], "unknown-account"),
        (vec![("number", PAYER_ACCOUNT), ("rut", PAYER)], "same-account"),
        (vec![("number", "400000000000444444444")], "other-currency"),
        (vec![("amount", "0")], "bad-amount"),
        (vec![("amount", "10.5")], "bad-amount"),
        (vec![("amount", "1001")], "insufficient-funds"),
    ] {
        let answer = payer.order(&changed).await;
        assert_eq!(
            (answer.page(), answer.after("data-reason=\"")),
            ("refused", reason)
        );
    }
    assert_eq!(
        payer.transfer(&[("amount", "1000")], "11 22 33").await.page(),
        "receipt"
    );
    assert_eq!(money_made(&test), 0);
}

#[tokio::test]
async fn what_can_not_be_read_is_asked_again_field_by_field() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    let changed = [
        ("origin", PAYEE_ACCOUNT),
        ("rut", "1-1"),
        ("amount", "1.000"),
        ("email", "a"),
        ("number", ""),
    ];
    let answer = payer.order(&changed).await;
    assert_eq!(
        (answer.status, answer.page()),
        (StatusCode::UNPROCESSABLE_ENTITY, "transfer")
    );
    for field in ["origin", "rut", "amount", "email", "number"] {
        assert!(
            answer.html.contains(&format!("data-problem=\"{field}\"")),
            "{field}"
        );
    }
}

#[tokio::test]
async fn money_spent_between_form_and_card_is_missed_at_the_card() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    let all = [("amount", "5000000000")];
    let (first, second) = (payer.order(&all).await, payer.order(&all).await);
    assert_eq!(payer.confirm(&first, "11 22 33").await.page(), "receipt");
    let refused = payer.confirm(&second, "11 22 33").await;
    assert_eq!(refused.after("data-reason=\""), "insufficient-funds");
    assert_eq!(
        (payer.balance(PAYER_ACCOUNT).await.as_str(), money_made(&test)),
        ("0.0000", 0)
    );
}

#[tokio::test]
async fn a_draft_waits_fifteen_minutes_for_its_coordinates() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    let card = payer.order(&[]).await;
    test.move_clock_minutes(10);
    payer.get("/accounts").await;
    test.move_clock_minutes(6);
    assert_eq!(
        payer.confirm(&card, "11 22 33").await.after("data-reason=\""),
        "expired"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_posts_at_once_execute_a_draft_once() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    let card = std::sync::Arc::new(payer.order(&[]).await);
    let mut racing = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (mut payer, card) = (payer.clone(), card.clone());
        racing.spawn(async move {
            payer
                .confirm(&card, "11 22 33")
                .await
                .after("data-operation=\"")
                .to_owned()
        });
    }
    let operations: BTreeSet<String> = racing.join_all().await.into_iter().collect();
    assert_eq!(operations, BTreeSet::from(["1000000001".to_owned()]));
    assert_eq!(
        (book::read(&test.path()).unwrap().len(), money_made(&test)),
        (1, 0)
    );
}

#[tokio::test]
async fn a_restart_keeps_the_book_the_receipts_and_how_drafts_ended() {
    let mut test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    let card = payer.order(&[]).await;
    let waiting = payer.order(&[("comment", "gqzdy6chjne9-2")]).await;
    payer.confirm(&card, "11 22 33").await;
    let before = book::read(&test.path()).unwrap();
    test.restart();
    assert_eq!(book::read(&test.path()).unwrap(), before);
    let mut payer = test.logged_in(PAYER).await;
    assert_eq!(payer.get("/receipt/1000000001").await.page(), "receipt");
    let ended = payer
        .get(&format!("/transfer/{}", card.after("data-draft=\"")))
        .await;
    assert_eq!(ended.page(), "receipt");
    let card = payer
        .get(&format!("/transfer/{}", waiting.after("data-draft=\"")))
        .await;
    assert_eq!(
        payer.confirm(&card, "11 22 33").await.after("data-operation=\""),
        "1000000002"
    );
}

#[tokio::test]
async fn a_transfer_by_hand_obeys_the_same_rules() {
    let test = TestBank::open();
    let origin = Rut::parse(PAYER).unwrap();
    let amount = Amount::from_units(1_000);
    let mut done = Vec::new();
    for (number, currency) in [
        (PAYEE_ACCOUNT, Currency::Clp),
        (PAYEE_ACCOUNT, Currency::Usd),
        ("1", Currency::Clp),
        (PAYEE_ACCOUNT, Currency::Clf),
    ] {
        done.push(
            test.bank
                .transfer_by_hand(origin, number, amount, currency, "gqzdy6chjne9")
                .await
                .unwrap(),
        );
    }
    let refused = [
        Refusal::OtherCurrency,
        Refusal::UnknownAccount,
        Refusal::OtherCurrency,
    ]
    .map(Err);
    assert_eq!(done[0], Ok("1000000001".to_owned()));
    assert_eq!(done[1..], refused);
    let mut payee = test.logged_in(PAYEE).await;
    let statement = payee.get(&format!("/accounts/{PAYEE_ACCOUNT}")).await;
    assert_eq!(statement.after("data-name=\"comment\">"), "gqzdy6chjne9");
    assert_eq!(
        (book::read(&test.path()).unwrap().len(), money_made(&test)),
        (1, 0)
    );
}
