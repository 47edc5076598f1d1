//! Whole transfers: what is asked, what is answered, what the bank's book says afterwards.

use ayni_connectors::failure::Failure;
use ayni_connectors::prompt::{FieldKind, Problem};
use ayni_connectors::transfer::{Authorised, Next};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;

use crate::test_bank::{
    COLLECTOR_ACCOUNT, PAYER, Payer, TestBank, asked, authorisable, bank, order, payer, stored,
};

const MONEY_REQUEST: &str = "POST /transfer/";

#[tokio::test]
async fn a_transfer_continued_by_another_node_at_every_step_moves_the_money_once() {
    let site = TestBank::start().await;
    let (prompt, session) = asked(bank(&site.connectors()).begin(order()));
    assert_eq!((prompt.fields.len(), prompt.problem), (2, None));

    let node = site.connectors();
    let (prompt, session) = asked(
        payer(&node)
            .answer(stored(session), &[("rut", PAYER), ("password", "1234")])
            .await,
    );
    let FieldKind::Choice(choices) = &prompt.fields[0].kind else {
        panic!("{prompt:?}")
    };
    assert_eq!(choices.len(), 1);
    assert!(choices[0].label.contains("CLP"), "{choices:?}");

    let node = site.connectors();
    let chosen = [("account", choices[0].value.as_str())];
    let (prompt, session) = asked(payer(&node).answer(stored(session), &chosen).await);
    assert_eq!(prompt.fields.len(), 3);
    assert!(
        prompt
            .fields
            .iter()
            .all(|field| matches!(field.kind, FieldKind::Coordinate { .. }))
    );

    let node = site.connectors();
    let next = payer(&node)
        .give_coordinates(&prompt, stored(session), ["11", "22", "33"])
        .await;
    let session = stored(authorisable(next));
    assert_eq!(session.payer_identifier(), Some(PAYER));
    assert_eq!(session.payer_account(), Some("000000000000111111111"));
    assert_eq!((site.count(MONEY_REQUEST), site.book().len()), (0, 0));

    let Authorised::Accepted(receipt) = bank(&site.connectors()).authorise(session).await else {
        panic!("no receipt")
    };
    assert_eq!(
        (receipt.payer_identifier.as_str(), receipt.payer_account.as_str()),
        (PAYER, "000000000000111111111")
    );
    assert!(!receipt.payer_name.is_empty());
    assert_eq!(site.count(MONEY_REQUEST), 1);
    let book = site.book();
    assert_eq!(book.len(), 1);
    assert_eq!(book[0].operation, receipt.operation_number);
    assert_eq!(
        (book[0].amount, book[0].comment.as_str()),
        (order().amount, "gqzdy6chjne9-1")
    );
    assert_eq!(book[0].destination, COLLECTOR_ACCOUNT);
}

#[tokio::test]
async fn the_coordinates_decide_how_the_bank_answers() {
    for (rut, coordinates, expected, debits) in [
        (PAYER, ["99", "99", "99"], Some(Failure::RefusedByBank), 0),
        (PAYER, ["12", "34", "56"], Some(Failure::WrongCoordinates), 0),
        (PAYER, ["66", "66", "66"], None, 1),
        ("22.222.222-2", ["66", "66", "66"], None, 0),
    ] {
        let site = TestBank::start().await;
        let connectors = site.connectors();
        let session = Payer {
            connectors: &connectors,
            rut,
            order: order(),
        }
        .ready(coordinates)
        .await;
        match (bank(&connectors).authorise(session).await, expected) {
            (Authorised::Refused(failure), Some(expected)) => assert_eq!(failure, expected),
            (Authorised::Unclear(_), None) => {}
            (outcome, _) => panic!("{rut} {coordinates:?}: {outcome:?}"),
        }
        assert_eq!(
            (site.count(MONEY_REQUEST), site.book().len()),
            (1, debits),
            "{rut} {coordinates:?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_login_is_asked_again_and_the_third_ends_it() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    let payer = payer(&connectors);
    let (_, mut session) = asked(bank(&connectors).begin(order()));
    for _ in 0..2 {
        let wrong = payer
            .answer(stored(session), &[("rut", PAYER), ("password", "nope")])
            .await;
        let (prompt, again) = asked(wrong);
        assert_eq!(prompt.problem, Some(Problem::WrongLogin));
        assert_eq!(again.payer_identifier(), None);
        session = again;
    }
    let third = payer
        .answer(session, &[("rut", "no RUT"), ("password", "1234")])
        .await;
    assert!(matches!(third, Next::Failed(Failure::WrongLogin)));
}

#[tokio::test]
async fn answers_that_are_missing_or_malformed_are_asked_again_without_troubling_the_bank() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    let payer = payer(&connectors);
    let (prompt, _) = asked(
        payer
            .answer(asked(bank(&connectors).begin(order())).1, &[("rut", PAYER)])
            .await,
    );
    assert_eq!(
        (prompt.problem, site.count("")),
        (Some(Problem::AnswerMissing), 0)
    );

    let (_, session) = payer.at_account().await;
    let (prompt, session) = asked(
        payer
            .answer(session, &[("account", "000000000000222222222")])
            .await,
    );
    assert_eq!(prompt.problem, Some(Problem::NotOffered));
    let (prompt, session) = asked(
        payer
            .answer(session, &[("account", "000000000000111111111")])
            .await,
    );
    assert_eq!(prompt.problem, None);

    let asked_before = site.count("");
    let (prompt, session) = asked(payer.give_coordinates(&prompt, session, ["11", "22", ""]).await);
    assert_eq!(prompt.problem, Some(Problem::AnswerMissing));
    let (prompt, session) = asked(payer.give_coordinates(&prompt, session, ["11", "22", "3x"]).await);
    assert_eq!(prompt.problem, Some(Problem::CoordinateMalformed));
    assert_eq!(site.count(""), asked_before);
    authorisable(
        payer
            .give_coordinates(&prompt, session, ["11", " 22 ", "33"])
            .await,
    );
}

#[tokio::test]
async fn a_session_that_the_bank_ended_begins_again_with_the_login() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    let payer = payer(&connectors);
    let (prompt, session) = payer.at_card().await;
    site.advance_minutes(16);
    let (prompt_again, session) = asked(payer.give_coordinates(&prompt, session, ["11", "22", "33"]).await);
    assert_eq!(prompt_again.problem, Some(Problem::LoginExpired));
    assert_eq!(session.payer_identifier(), None);

    let next = payer
        .answer(stored(session), &[("rut", PAYER), ("password", "1234")])
        .await;
    let (_, session) = asked(next);
    let (prompt, session) = asked(
        payer
            .answer(session, &[("account", "000000000000111111111")])
            .await,
    );
    let session = authorisable(payer.give_coordinates(&prompt, session, ["11", "22", "33"]).await);
    assert!(matches!(
        bank(&connectors).authorise(session).await,
        Authorised::Accepted(_)
    ));
    assert_eq!((site.count(MONEY_REQUEST), site.book().len()), (1, 1));
}

#[tokio::test]
async fn a_session_that_ended_between_the_last_answer_and_the_money_request_is_unclear() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    let session = payer(&connectors).ready(["11", "22", "33"]).await;
    site.advance_minutes(16);
    assert!(matches!(
        bank(&connectors).authorise(session).await,
        Authorised::Unclear(_)
    ));
    assert_eq!((site.count(MONEY_REQUEST), site.book().len()), (1, 0));
}

#[tokio::test]
async fn orders_that_the_bank_does_not_take_fail_before_anything_is_confirmed() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    for (change, expected) in [
        ("another bank", Failure::DestinationRefused),
        ("no such account", Failure::DestinationRefused),
        ("another currency", Failure::DestinationRefused),
        ("too much", Failure::InsufficientFunds),
    ] {
        let mut order = order();
        match change {
            "another bank" => order.destination.bank_name = "Otro Banco".to_owned(),
            "no such account" => order.destination.number = "1".to_owned(),
            "another currency" => order.currency = Currency::Usd,
            _ => order.amount = Amount::from_units(9_000_000_000),
        }
        let payer = Payer {
            connectors: &connectors,
            rut: PAYER,
            order,
        };
        let (prompt, session) = payer.at_account().await;
        let account = crate::test_bank::first_choice(&prompt);
        match payer.answer(session, &[("account", &account)]).await {
            Next::Failed(failure) => assert_eq!(failure, expected, "{change}"),
            _ => panic!("{change} was taken"),
        }
    }
    assert_eq!(site.count(MONEY_REQUEST), 0);
}

#[tokio::test]
async fn nobody_has_an_account_in_uf() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    let mut order = order();
    order.currency = Currency::Clf;
    let (_, session) = asked(bank(&connectors).begin(order));
    let next = payer(&connectors)
        .answer(session, &[("rut", PAYER), ("password", "1234")])
        .await;
    assert!(matches!(next, Next::Failed(Failure::NoAccount)));
}

#[tokio::test]
async fn a_session_that_is_not_ready_moves_no_money() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    let (_, session) = payer(&connectors).at_card().await;
    assert_eq!(format!("{session:?}"), "Session(…)");
    assert_eq!(
        bank(&connectors).authorise(session).await,
        Authorised::Refused(Failure::WrongStep)
    );
    assert_eq!(site.count(MONEY_REQUEST), 0);
}
