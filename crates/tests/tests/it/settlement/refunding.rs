//! A refund and the settlement of the same payment: whichever comes first has its money, and the other one knows.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use ayni_gateway::orders::commands as orders;
use ayni_gateway::settlement::commands;
use ayni_gateway::settlement::run;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use serde_json::json;

use super::house::{all, balance, only, paid, paid_out, run_now, set_payout_account, until};
use crate::bodies::state;
use crate::refunds::house::{PAYERS_ACCOUNT, Shop, errors, not_refundable, owed, refunds};

on_both_engines!(
    what_was_given_back_before_the_run_is_not_paid_out,
    what_was_paid_out_is_not_given_back,
    a_refund_that_the_bank_refused_after_the_run_is_paid_out_with_the_next,
);
on_both_engines!(with small; of_a_refund_and_a_settlement_at_once_each_peso_goes_to_one);

/// So many settlements that refunds fall between them.
fn small() -> Wishes {
    Wishes {
        settlement_payments: 2,
        ..Wishes::default()
    }
}

/// What DemoBank transferred back to the payer, in pesos.
fn given_back(gateway: &TestGateway) -> Result<i64> {
    let book = gateway.bank.book()?;
    let back = book.iter().filter(|entry| entry.destination == PAYERS_ACCOUNT);
    Ok(back.map(|entry| entry.amount.ten_thousandths() / 10_000).sum())
}

/// Payments of a thousand pesos and more that are released: one for each, a hundred pesos apart.
async fn released(gateway: &TestGateway, count: i64) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for number in 0..count {
        ids.push(paid(gateway, &json!({"amount": 1000 + 100 * number})).await?);
    }
    // The day's run finds no payout account, so that the money waits for the runs of the test.
    until(gateway, "2026-03-03T17:05:00Z").await?;
    set_payout_account(gateway).await?;
    Ok(ids)
}

/// Nothing is owed to anybody, and nothing is on its way.
async fn nothing_is_left(gateway: &TestGateway) -> Result<()> {
    for kind in ["collected", "payouts", "transit"] {
        assert_eq!(owed(gateway, kind).await?, 0, "{kind}");
    }
    Ok(())
}

async fn what_was_given_back_before_the_run_is_not_paid_out(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let ids = released(gateway, 3).await?;
    assert_eq!(shop.refund(gateway, &ids[0], None).await?.status, 200);
    assert_eq!(shop.refund(gateway, &ids[1], Some(400)).await?.status, 200);
    assert_eq!(run_now(gateway).await?, 1);
    until(gateway, "2026-03-03T17:10:00Z").await?;
    let shown = only(gateway).await?;
    assert_eq!(
        [
            shown.settlement.totals.amount,
            shown.settlement.totals.refunded,
            shown.settlement.paid_out
        ]
        .map(Amount::plain),
        ["3300", "1400", "1900"]
    );
    assert_eq!((paid_out(gateway)?, given_back(gateway)?), (vec![1900], 1400));
    for id in &ids {
        let late = shop.refund(gateway, id, None).await?;
        assert_eq!(errors(&late)[0], not_refundable(id));
    }
    nothing_is_left(gateway).await
}

async fn what_was_paid_out_is_not_given_back(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let ids = released(gateway, 1).await?;
    assert_eq!(run::run(&gateway.app, None).await?.made, 1);
    // The payout is ordered and not sent yet: the money is spoken for all the same.
    for pesos in [None, Some(1)] {
        let refused = shop.refund(gateway, &ids[0], pesos).await?;
        assert_eq!(errors(&refused), [not_refundable(&ids[0])]);
    }
    until(gateway, "2026-03-03T17:10:00Z").await?;
    assert_eq!((paid_out(gateway)?, given_back(gateway)?), (vec![1000], 0));
    assert_eq!(refunds(gateway, &ids[0]).await?, (vec![], "0.0000".to_owned()));
    nothing_is_left(gateway).await
}

async fn a_refund_that_the_bank_refused_after_the_run_is_paid_out_with_the_next(
    gateway: &TestGateway,
) -> Result<()> {
    let shop = Shop::of(gateway);
    let ids = released(gateway, 2).await?;
    shop.use_card(gateway, Some("99 99 99")).await?;
    assert_eq!(shop.refund(gateway, &ids[0], None).await?.status, 200);
    gateway.work().await?;
    shop.use_card(gateway, Some("11 22 33")).await?;
    assert_eq!(run_now(gateway).await?, 1);
    assert_eq!(paid_out(gateway)?, [1100]);
    let latest = orders::list(&gateway.app.db, true, 10).await?;
    let order = latest
        .iter()
        .find(|order| order.new.amount == Amount::from_units(1000))
        .unwrap();
    orders::reject(&gateway.app, order.new.id.as_str(), "cuenta cerrada").await?;
    assert_eq!(refunds(gateway, &ids[0]).await?.0, ["expired"]);
    assert_eq!(run_now(gateway).await?, 1);
    let second = all(gateway).await?.pop().unwrap();
    assert_eq!(
        [second.carried, second.paid_out].map(Amount::plain),
        ["1000", "1000"]
    );
    let late = shop.refund(gateway, &ids[0], None).await?;
    assert_eq!(errors(&late), [not_refundable(&ids[0])]);
    until(gateway, "2026-03-03T17:20:00Z").await?;
    assert_eq!((paid_out(gateway)?, given_back(gateway)?), (vec![1100, 1000], 0));
    nothing_is_left(gateway).await
}

async fn of_a_refund_and_a_settlement_at_once_each_peso_goes_to_one(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let ids = released(gateway, 8).await?;
    let runs = all_at_once((0..3).map(|_| run::run(&gateway.app, None)));
    let asked = all_at_once(ids.iter().rev().map(|id| shop.refund(gateway, id, None)));
    let (runs, answers) = tokio::join!(runs, asked);
    let mut back = Vec::new();
    for (id, answer) in ids.iter().rev().zip(answers) {
        let answer = answer?;
        match answer.status.as_u16() {
            200 => back.push(id.clone()),
            400 => assert_eq!(errors(&answer), [not_refundable(id)]),
            other => anyhow::bail!("{other}: {}", answer.text()),
        }
    }
    for ran in runs {
        ran?;
    }
    // What lost a race often enough waits for the next run.
    run_now(gateway).await?;
    until(gateway, "2026-03-03T17:20:00Z").await?;
    let mut settled = Vec::new();
    for settlement in all(gateway).await? {
        for line in commands::show(&gateway.app.db, &settlement.id).await?.lines {
            let id = line.payment.to_string();
            let (status, refunded) = match back.contains(&id) {
                true => ("done/reversed", line.amount),
                false => ("done/normal", Amount::ZERO),
            };
            assert_eq!(
                (state(gateway, &id).await?.as_str(), line.refunded),
                (status, refunded),
                "{id}"
            );
            settled.push(id);
        }
    }
    let once = settled.len();
    settled.sort();
    settled.dedup();
    assert_eq!(settled.len(), once, "a payment is settled once");
    for id in ids.iter().filter(|id| !back.contains(id)) {
        assert!(settled.contains(id), "{id} was neither given back nor settled");
    }
    let out: i64 = paid_out(gateway)?.iter().sum();
    let back: i64 = given_back(gateway)?;
    assert_eq!(out + back, (0..8).map(|number| 1000 + 100 * number).sum::<i64>());
    assert_eq!(
        balance(gateway, "collected", AccountId(gateway.receiver_id).0).await?,
        0
    );
    nothing_is_left(gateway).await
}
