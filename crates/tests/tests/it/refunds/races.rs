//! Many at once: never more than what is left, and every refund exactly once.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::Privileges;
use ayni_gateway::merchants::accounts;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;

use super::house::{Shop, errors, owed, refunds};
use crate::bodies::state;

on_both_engines!(
    fifty_at_once_never_give_back_more_than_was_paid,
    of_many_that_ask_for_all_exactly_one_gets_it,
    rights_that_are_taken_away_meanwhile_leave_nothing_half_done,
);

async fn fifty_at_once_never_give_back_more_than_was_paid(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    let asked = (0..50).map(|_| shop.refund(gateway, &id, Some(30)));
    let mut accepted = 0;
    for answer in all_at_once(asked).await {
        let answer = answer?;
        match answer.status.as_u16() {
            200 => accepted += 1,
            400 => assert_eq!(errors(&answer).last().unwrap().0, "amount"),
            other => anyhow::bail!("{other}: {}", answer.text()),
        }
    }
    assert_eq!(accepted, 33, "990 of 1000");
    assert_eq!(refunds(gateway, &id).await?.1, "990.0000");
    assert_eq!(owed(gateway, "transit").await?, 990);
    gateway.work().await?;
    assert_eq!(refunds(gateway, &id).await?.0, ["paid"; 33]);
    assert_eq!(gateway.bank.book()?.len(), 34);
    assert_eq!(owed(gateway, "transit").await?, 0);
    Ok(())
}

async fn of_many_that_ask_for_all_exactly_one_gets_it(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    shop.top_up(gateway, 100_000).await?;
    let id = shop.paid(gateway, 1000).await?;
    let classic = all_at_once((0..10).map(|_| shop.refund(gateway, &id, None)));
    let wallet = all_at_once((0..10).map(|_| shop.wallet_refund(gateway, &id, None)));
    let (classic, wallet) = tokio::join!(classic, wallet);
    let answers: Vec<_> = classic.into_iter().chain(wallet).collect::<Result<_>>()?;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    gateway.work().await?;
    assert_eq!(
        refunds(gateway, &id).await?,
        (vec!["paid".into()], "1000.0000".into())
    );
    assert_eq!(gateway.bank.book()?.len(), 3);
    Ok(())
}

async fn rights_that_are_taken_away_meanwhile_leave_nothing_half_done(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(shop.paid(gateway, 1000).await?);
    }
    let taken = accounts::grant(
        &gateway.app.db,
        AccountId(gateway.receiver_id),
        Privileges::default(),
    );
    let asked = all_at_once(ids.iter().map(|id| shop.refund(gateway, id, None)));
    let (taken, answers) = tokio::join!(taken, asked);
    taken?;
    gateway.work().await?;
    for (id, answer) in ids.iter().zip(answers) {
        let (status, expected) = match answer?.status.as_u16() {
            200 => ("done/reversed", vec!["paid".to_owned()]),
            _ => ("done/normal", Vec::new()),
        };
        assert_eq!(
            (state(gateway, id).await?.as_str(), refunds(gateway, id).await?.0),
            (status, expected)
        );
    }
    let late = shop.refund(gateway, &ids[0], None).await?;
    assert_eq!(errors(&late)[0].0, "receiver_id");
    Ok(())
}
