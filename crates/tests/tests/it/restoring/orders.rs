//! Money that leaves, after a restoration.

use anyhow::Result;
use ayni_domain::order::State;
use ayni_gateway::orders::commands;
use ayni_gateway::orders::held::{self, HeldError};
use ayni_gateway::payouts::{self, PayoutError};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::{on_both_engines, truth};

use super::{backed_up, restored};
use crate::refunds::house::{Shop, owed, read_statement, refunds};

on_both_engines!(
    an_order_sent_after_the_backup_is_found_on_the_statement_and_not_sent_again,
    an_order_that_waits_is_held_until_the_operator_releases_it,
    a_refund_asked_for_again_is_not_paid_twice,
    no_file_for_the_bank_is_written_while_money_is_held,
);

/// A gateway of the same engine that can be carried elsewhere, and its merchant with a card.
async fn own(outer: &TestGateway) -> Result<(TestGateway, Shop, String)> {
    let gateway = TestGateway::start(outer.engine()).await?;
    let shop = Shop::of(&gateway);
    shop.use_card(&gateway, Some("11 22 33")).await?;
    let id = shop.paid(&gateway, 1000).await?;
    Ok((gateway, shop, id))
}

async fn states(gateway: &TestGateway) -> Result<Vec<State>> {
    let orders = commands::list(&gateway.app.db, false, 100).await?;
    Ok(orders.into_iter().map(|order| order.state).collect())
}

async fn an_order_sent_after_the_backup_is_found_on_the_statement_and_not_sent_again(
    outer: &TestGateway,
) -> Result<()> {
    let (gateway, shop, id) = own(outer).await?;
    assert_eq!(shop.refund(&gateway, &id, None).await?.status, 200);
    let backup = backed_up(&gateway).await?;
    gateway.work().await?;
    assert_eq!(gateway.bank.book()?.len(), 2, "it was sent");
    let gateway = restored(gateway, backup).await?;
    assert_eq!(states(&gateway).await?, [State::Ready], "as the backup knows it");
    read_statement(&gateway).await?;
    assert_eq!(gateway.bank.book()?.len(), 2, "it was not sent again");
    assert_eq!(states(&gateway).await?, [State::Paid]);
    let order = &commands::list(&gateway.app.db, false, 1).await?[0];
    let shown = commands::show(&gateway.app.db, order.new.id.as_str()).await?;
    let kinds: Vec<&str> = shown.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["debit-seen"]);
    assert_eq!(refunds(&gateway, &id).await?.0, ["paid"]);
    held::release(&gateway.app, false).await?;
    truth::check(&gateway).await
}

async fn an_order_that_waits_is_held_until_the_operator_releases_it(outer: &TestGateway) -> Result<()> {
    let (gateway, shop, id) = own(outer).await?;
    assert_eq!(shop.refund(&gateway, &id, None).await?.status, 200);
    let backup = backed_up(&gateway).await?;
    let gateway = restored(gateway, backup).await?;
    let early = held::release(&gateway.app, true).await;
    assert!(matches!(early, Err(HeldError::Unread(_))), "{early:?}");
    for _ in 0..3 {
        read_statement(&gateway).await?;
    }
    assert_eq!(gateway.bank.book()?.len(), 1, "nothing left");
    let shown = held::held(&gateway.app.db).await?.unwrap();
    assert_eq!(
        (shown.orders.len(), shown.unread.len(), shown.debits.len()),
        (1, 0, 0)
    );
    held::release(&gateway.app, false).await?;
    assert!(held::held(&gateway.app.db).await?.is_none());
    read_statement(&gateway).await?;
    assert_eq!(gateway.bank.book()?.len(), 2, "now it left, once");
    read_statement(&gateway).await?;
    assert_eq!(refunds(&gateway, &id).await?.0, ["paid"]);
    let again = held::release(&gateway.app, false).await;
    assert!(matches!(again, Err(HeldError::NotHeld)), "{again:?}");
    truth::check(&gateway).await
}

async fn a_refund_asked_for_again_is_not_paid_twice(outer: &TestGateway) -> Result<()> {
    let (gateway, shop, id) = own(outer).await?;
    let opening = owed(&gateway, "suspense").await?;
    let backup = backed_up(&gateway).await?;
    assert_eq!(shop.refund(&gateway, &id, None).await?.status, 200);
    gateway.work().await?;
    assert_eq!(gateway.bank.book()?.len(), 2, "it was sent");
    let gateway = restored(gateway, backup).await?;
    assert_eq!(
        refunds(&gateway, &id).await?.0,
        [""; 0],
        "the backup knows nothing of it"
    );
    read_statement(&gateway).await?;
    assert_eq!(
        shop.refund(&gateway, &id, None).await?.status,
        200,
        "the merchant asks again"
    );
    read_statement(&gateway).await?;
    assert_eq!(gateway.bank.book()?.len(), 2);
    let refused = held::release(&gateway.app, false).await;
    assert!(matches!(refused, Err(HeldError::Debits(1))), "{refused:?}");
    let shown = held::held(&gateway.app.db).await?.unwrap();
    let (order, debit) = (shown.orders[0].new.id.to_string(), shown.debits[0].id.clone());
    let wrong = held::sent(&gateway.app, &order, "no-such-line").await;
    assert!(matches!(wrong, Err(HeldError::NotItsDebit(_))), "{wrong:?}");
    held::sent(&gateway.app, &order, &debit).await?;
    assert_eq!(refunds(&gateway, &id).await?.0, ["paid"]);
    assert_eq!(
        (
            owed(&gateway, "transit").await?,
            owed(&gateway, "suspense").await?
        ),
        (0, opening)
    );
    held::release(&gateway.app, false).await?;
    read_statement(&gateway).await?;
    assert_eq!(gateway.bank.book()?.len(), 2, "it was paid once");
    Ok(())
}

async fn no_file_for_the_bank_is_written_while_money_is_held(outer: &TestGateway) -> Result<()> {
    let (gateway, shop, id) = own(outer).await?;
    shop.use_card(&gateway, None).await?;
    assert_eq!(shop.refund(&gateway, &id, None).await?.status, 200);
    gateway.work().await?;
    let backup = backed_up(&gateway).await?;
    let gateway = restored(gateway, backup).await?;
    read_statement(&gateway).await?;
    let uuid = shop.uuid(&gateway).await?;
    let refused = payouts::make(&gateway.app, &uuid).await;
    assert!(matches!(refused, Err(PayoutError::Order(_))), "{refused:?}");
    held::release(&gateway.app, false).await?;
    let file = payouts::make(&gateway.app, &uuid).await?.unwrap();
    assert_eq!(file.orders, 1);
    truth::check(&gateway).await
}
