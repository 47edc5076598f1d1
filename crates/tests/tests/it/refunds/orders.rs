//! How refunds are executed: each order is sent at most once, and what nobody knows the statement tells.

use anyhow::Result;
use ayni_domain::order::State;
use ayni_gateway::orders::commands;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;

use super::house::{PAYER, Shop, owed, read_statement, refunds};
use crate::bodies::state;

on_both_engines!(
    a_refund_without_a_clear_answer_that_left_is_found_on_the_statement,
    a_refund_without_a_clear_answer_that_never_left_is_given_back_after_two_days,
    while_the_bank_can_not_be_read_nobody_knows_that_the_money_stayed,
    what_the_bank_refuses_is_tried_again_and_then_given_back,
    a_refusal_that_passes_ends_in_a_paid_refund,
    a_bank_that_is_away_is_waited_for,
    a_refused_login_is_not_tried_at_once_again,
    one_order_that_waits_holds_up_no_other,
    without_a_card_orders_wait_for_a_file,
    a_debit_of_another_amount_or_a_second_one_is_for_a_person,
);

/// The orders of a gateway, oldest first.
async fn orders(gateway: &TestGateway) -> Result<Vec<ayni_gateway::orders::Order>> {
    let mut orders = commands::list(&gateway.app.db, false, 100).await?;
    orders.reverse();
    Ok(orders)
}

async fn states(gateway: &TestGateway) -> Result<Vec<State>> {
    Ok(orders(gateway)
        .await?
        .into_iter()
        .map(|order| order.state)
        .collect())
}

async fn a_refund_without_a_clear_answer_that_left_is_found_on_the_statement(
    gateway: &TestGateway,
) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    shop.use_card(gateway, Some("66 66 66")).await?;
    assert_eq!(shop.refund(gateway, &id, None).await?.status, 200);
    gateway.work().await?;
    assert_eq!(
        refunds(gateway, &id).await?.0,
        ["paid"],
        "an odd check digit: the money left"
    );
    assert_eq!(gateway.bank.book()?.len(), 2);
    let order = orders(gateway).await?[0].clone();
    let shown = commands::show(&gateway.app.db, order.new.id.as_str()).await?;
    let kinds: Vec<&str> = shown.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["sending", "unclear", "debit-seen"]);
    gateway.advance(SignedDuration::from_hours(49)).await?;
    assert_eq!(refunds(gateway, &id).await?.0, ["paid"]);
    Ok(())
}

async fn a_refund_without_a_clear_answer_that_never_left_is_given_back_after_two_days(
    gateway: &TestGateway,
) -> Result<()> {
    let shop = Shop::open(gateway, "20.347.878-K").await?;
    let id = shop.paid(gateway, 1000).await?;
    shop.use_card(gateway, Some("66 66 66")).await?;
    assert_eq!(shop.refund(gateway, &id, Some(400)).await?.status, 200);
    gateway.work().await?;
    let path = format!("/v3/payments/{id}");
    let read = async || Ok::<_, anyhow::Error>(shop.call(gateway, "GET", &path, None).await?.json());
    gateway.advance(SignedDuration::from_hours(47)).await?;
    assert_eq!(read().await?["refunds"][0]["status"], "pending");
    assert_eq!(states(gateway).await?, [State::Uncertain]);
    assert_eq!(gateway.bank.book()?.len(), 1, "it was not sent again");
    for _ in 0..3 {
        gateway.advance(SignedDuration::from_mins(40)).await?;
    }
    let given_back = read().await?;
    assert_eq!(given_back["refunds"][0]["status"], "expired");
    assert_eq!(given_back["total_refunded"], "0.0000");
    assert_eq!(given_back["status_detail"], "normal");
    assert_eq!(
        (owed(gateway, "transit").await?, states(gateway).await?),
        (0, vec![State::Expired])
    );
    shop.use_card(gateway, Some("11 22 33")).await?;
    assert_eq!(shop.refund(gateway, &id, None).await?.status, 200);
    gateway.work().await?;
    assert_eq!(read().await?["refunds"][1]["status"], "paid");
    Ok(())
}

async fn while_the_bank_can_not_be_read_nobody_knows_that_the_money_stayed(
    gateway: &TestGateway,
) -> Result<()> {
    let shop = Shop::open(gateway, "20.347.878-K").await?;
    let id = shop.paid(gateway, 1000).await?;
    shop.use_card(gateway, Some("66 66 66")).await?;
    shop.refund(gateway, &id, None).await?;
    gateway.work().await?;
    gateway.bank.stop().await?;
    gateway.advance(SignedDuration::from_hours(72)).await?;
    assert_eq!(states(gateway).await?, [State::Uncertain]);
    gateway.bank.start_again().await?;
    for _ in 0..3 {
        gateway.advance(SignedDuration::from_mins(1)).await?;
    }
    assert_eq!(states(gateway).await?, [State::Expired]);
    Ok(())
}

async fn what_the_bank_refuses_is_tried_again_and_then_given_back(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    shop.use_card(gateway, Some("99 99 99")).await?;
    assert_eq!(shop.refund(gateway, &id, None).await?.status, 200);
    gateway.work().await?;
    assert_eq!(states(gateway).await?, [State::Refused]);
    for _ in 0..20 {
        gateway.advance(SignedDuration::from_hours(1)).await?;
    }
    let order = orders(gateway).await?[0].clone();
    assert_eq!((order.state, order.tries), (State::Failed, 5));
    assert_eq!(order.reason.as_deref(), Some("refused-by-bank"));
    assert_eq!(
        refunds(gateway, &id).await?,
        (vec!["expired".into()], "0.0000".into())
    );
    assert_eq!(state(gateway, &id).await?, "done/normal");
    assert_eq!(owed(gateway, "transit").await?, 0);
    Ok(())
}

async fn a_refusal_that_passes_ends_in_a_paid_refund(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    shop.use_card(gateway, Some("99 99 99")).await?;
    shop.refund(gateway, &id, None).await?;
    gateway.work().await?;
    assert_eq!(refunds(gateway, &id).await?.0, ["pending"]);
    shop.use_card(gateway, Some("11 22 33")).await?;
    let order = orders(gateway).await?[0].new.id;
    assert!(commands::retry(&gateway.app, order.as_str()).await?);
    gateway.work().await?;
    assert_eq!(refunds(gateway, &id).await?.0, ["paid"]);
    assert!(
        !commands::retry(&gateway.app, order.as_str()).await?,
        "it has ended"
    );
    Ok(())
}

async fn a_bank_that_is_away_is_waited_for(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    gateway.bank.stop().await?;
    assert_eq!(shop.refund(gateway, &id, None).await?.status, 200);
    gateway.work().await?;
    let order = orders(gateway).await?[0].clone();
    assert_eq!((order.state, order.tries), (State::Ready, 0));
    assert_eq!(order.reason.as_deref(), Some("unreachable"));
    gateway.bank.start_again().await?;
    read_statement(gateway).await?;
    assert_eq!(refunds(gateway, &id).await?.0, ["paid"]);
    Ok(())
}

async fn a_refused_login_is_not_tried_at_once_again(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    let uuid = shop.uuid(gateway).await?;
    ayni_testkit::account::replace_login(&gateway.app, &uuid, &shop.rut, "4321").await?;
    shop.refund(gateway, &id, None).await?;
    gateway.work().await?;
    assert_eq!(orders(gateway).await?[0].reason.as_deref(), Some("wrong-login"));
    shop.use_card(gateway, Some("11 22 33")).await?;
    gateway.advance(SignedDuration::from_mins(9)).await?;
    assert_eq!(states(gateway).await?, [State::Ready]);
    gateway.advance(SignedDuration::from_mins(2)).await?;
    assert_eq!(states(gateway).await?, [State::Paid]);
    Ok(())
}

async fn one_order_that_waits_holds_up_no_other(gateway: &TestGateway) -> Result<()> {
    let (shop, other) = (Shop::of(gateway), Shop::open(gateway, "77.777.777-7").await?);
    let (first, second) = (shop.paid(gateway, 1000).await?, shop.paid(gateway, 2000).await?);
    let third = other.paid(gateway, 3000).await?;
    shop.use_card(gateway, Some("99 99 99")).await?;
    shop.refund(gateway, &first, None).await?;
    gateway.work().await?;
    shop.use_card(gateway, Some("11 22 33")).await?;
    shop.refund(gateway, &second, None).await?;
    other.refund(gateway, &third, None).await?;
    gateway.work().await?;
    assert_eq!(states(gateway).await?, [State::Refused, State::Paid, State::Paid]);
    gateway.advance(SignedDuration::from_mins(2)).await?;
    assert_eq!(states(gateway).await?, [State::Paid; 3]);
    Ok(())
}

async fn without_a_card_orders_wait_for_a_file(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    shop.use_card(gateway, None).await?;
    shop.refund(gateway, &id, None).await?;
    gateway.work().await?;
    let order = orders(gateway).await?[0].clone();
    assert_eq!((order.state, order.via.as_str()), (State::Ready, "file"));
    let (collecting_id, now) = (order.new.collecting_id, gateway.clock.now());
    let filed = gateway.app.db.write("test.file", move |tx| {
        let waiting = ayni_gateway::orders::file::waiting(tx, collecting_id)?;
        for order in &waiting {
            ayni_gateway::orders::file::filed(tx, order, "pain.001", now)?;
        }
        Ok::<_, ayni_gateway::orders::OrderError>(waiting.len())
    });
    assert_eq!(filed.await?, 1);
    assert_eq!(refunds(gateway, &id).await?.0, ["authorized"]);
    let rejected = commands::reject(&gateway.app, order.new.id.as_str(), "account closed").await?;
    assert_eq!(rejected.state, State::Failed);
    assert_eq!(
        refunds(gateway, &id).await?,
        (vec!["expired".into()], "0.0000".into())
    );
    assert_eq!(gateway.bank.book()?.len(), 1);
    Ok(())
}

async fn a_debit_of_another_amount_or_a_second_one_is_for_a_person(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    shop.use_card(gateway, None).await?;
    shop.refund(gateway, &id, Some(600)).await?;
    gateway.work().await?;
    let order = orders(gateway).await?[0].new.id.to_string();
    // Somebody executes it at the bank by hand, with a slip first.
    for (pesos, comment) in [(500, format!("{order} 500")), (600, order.clone())] {
        gateway.bank.transfer(&shop.rut, PAYER, pesos, &comment).await?;
    }
    read_statement(gateway).await?;
    assert_eq!(refunds(gateway, &id).await?.0, ["paid"]);
    gateway
        .bank
        .transfer(&shop.rut, PAYER, 600, &format!("{order} again"))
        .await?;
    gateway.bank.transfer(&shop.rut, PAYER, 50, "arriendo").await?;
    read_statement(gateway).await?;
    let review = ayni_gateway::reconciliation::review::list(&gateway.app.db, 10).await?;
    let reasons: Vec<&str> = review.iter().map(|entry| entry.reason.as_str()).collect();
    assert_eq!(reasons, ["debit-differs-from-order", "order-debited-twice"]);
    assert_eq!(owed(gateway, "transit").await?, 0);
    Ok(())
}
