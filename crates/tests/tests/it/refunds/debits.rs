//! Debits that no order explains, and the person who clears them.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::ledger::purpose::Purpose;
use ayni_gateway::reconciliation::acknowledging::{Acknowledgement, acknowledge};
use ayni_gateway::reconciliation::review::{self, ReviewEntry, ReviewError};
use ayni_gateway::witness::Witness;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;

use super::house::{PAYER, Shop, owed, read_statement};

on_both_engines!(
    a_person_says_whose_money_left_and_the_ledger_follows,
    a_debit_may_be_cleared_without_moving_anything,
    what_can_not_be_acknowledged_is_refused,
    of_many_who_acknowledge_one_debit_one_is_heard,
);

/// A debit of a refund's order that was executed twice, as it waits.
async fn debited_twice(gateway: &TestGateway, shop: &Shop) -> Result<ReviewEntry> {
    let id = shop.paid(gateway, 1000).await?;
    shop.refund(gateway, &id, Some(400)).await?;
    gateway.work().await?;
    read_statement(gateway).await?;
    let order = gateway.payment(&id).await?["refunds"][0]["id"].clone();
    let comment = format!("{} again", order.as_str().unwrap_or_default());
    gateway.bank.transfer(&shop.rut, PAYER, 400, &comment).await?;
    read_statement(gateway).await?;
    let mut waiting = review::list(&gateway.app.db, 10).await?;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    Ok(waiting.remove(0))
}

fn said(from: Option<Purpose>, reason: &str) -> Acknowledgement {
    Acknowledgement {
        from,
        reason: reason.to_owned(),
    }
}

async fn a_person_says_whose_money_left_and_the_ledger_follows(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let entry = debited_twice(gateway, &shop).await?;
    let (collected, suspense) = (
        owed(gateway, "collected").await?,
        owed(gateway, "suspense").await?,
    );
    let merchant = Purpose::collected(AccountId(gateway.receiver_id));
    let (uuid, movement) = (&entry.collect_account_uuid, &entry.line.id);
    let says = said(Some(merchant), "  el pagador se lo queda ");
    let posted = acknowledge(&gateway.app, uuid, movement, says, Witness::nobody()).await?;
    assert_eq!(owed(gateway, "collected").await?, collected - 400);
    assert_eq!(owed(gateway, "suspense").await?, suspense + 400);
    assert!(review::list(&gateway.app.db, 10).await?.is_empty());
    let shown = review::show(&gateway.app.db, uuid, movement).await?;
    assert_eq!(
        (shown.state.as_str(), shown.entry.reason.as_str()),
        ("debit", "acknowledged: el pagador se lo queda")
    );
    assert!(shown.decided_at.is_some());
    let noted = rows(
        &gateway.app.db,
        "SELECT id, note FROM ledger_transactions WHERE kind = 'correction'",
    )
    .await?;
    assert_eq!(noted.len(), 1);
    assert_eq!(Some(noted[0].text(0)?), posted);
    assert_eq!(noted[0].text(1)?, "el pagador se lo queda");
    Ok(())
}

async fn a_debit_may_be_cleared_without_moving_anything(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let entry = debited_twice(gateway, &shop).await?;
    let before = owed(gateway, "suspense").await?;
    let (uuid, movement) = (&entry.collect_account_uuid, &entry.line.id);
    let says = said(None, "el banco lo reversó");
    let posted = acknowledge(&gateway.app, uuid, movement, says, Witness::nobody()).await?;
    assert_eq!(posted, None);
    assert_eq!(owed(gateway, "suspense").await?, before);
    assert!(review::list(&gateway.app.db, 10).await?.is_empty());
    Ok(())
}

async fn what_can_not_be_acknowledged_is_refused(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let entry = debited_twice(gateway, &shop).await?;
    let (uuid, movement) = (&entry.collect_account_uuid, &entry.line.id);
    let account = AccountId(gateway.receiver_id);
    for (from, reason, expected) in [
        (None, " ", "needs a reason"),
        (Some(Purpose::BANK), "x", "not that it left the bank"),
        (Some(Purpose::SUSPENSE), "x", "both sides are suspense"),
        (Some(Purpose::wallet(account)), "x", "holds 0.0000"),
        (Some(Purpose::wallet(AccountId(1))), "x", "there is no account 1"),
    ] {
        let refused = acknowledge(
            &gateway.app,
            uuid,
            movement,
            said(from, reason),
            Witness::nobody(),
        )
        .await;
        let text = chain(&refused.unwrap_err());
        assert!(text.contains(expected), "{text}");
    }
    gateway.bank.transfer(PAYER, &shop.rut, 77, "hola").await?;
    read_statement(gateway).await?;
    let waiting = review::list(&gateway.app.db, 10).await?;
    assert_eq!(waiting.len(), 2, "what was refused waits still");
    let credit = &waiting[1].line.id;
    let refused = acknowledge(&gateway.app, uuid, credit, said(None, "x"), Witness::nobody()).await;
    assert!(matches!(refused, Err(ReviewError::NotADebit(_))), "{refused:?}");
    Ok(())
}

async fn of_many_who_acknowledge_one_debit_one_is_heard(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let entry = debited_twice(gateway, &shop).await?;
    let before = owed(gateway, "collected").await?;
    let merchant = Some(Purpose::collected(AccountId(gateway.receiver_id)));
    let (app, uuid, movement) = (&gateway.app, &entry.collect_account_uuid, &entry.line.id);
    let one = || acknowledge(app, uuid, movement, said(merchant, "x"), Witness::nobody());
    let (first, second, third) = tokio::join!(one(), one(), one());
    let heard = [&first, &second, &third]
        .iter()
        .filter(|done| done.is_ok())
        .count();
    assert_eq!(heard, 1, "{first:?} {second:?} {third:?}");
    assert_eq!(owed(gateway, "collected").await?, before - 400);
    Ok(())
}

fn chain(error: &dyn std::error::Error) -> String {
    let cause = error.source().map(chain).unwrap_or_default();
    format!("{error}: {cause}")
}
