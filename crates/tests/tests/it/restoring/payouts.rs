//! A payout whose settlement was made after the backup: the database knows nothing of it, and the bank has paid it.

use anyhow::Result;
use ayni_gateway::ledger::check;
use ayni_gateway::orders::held::{self, HeldError};
use ayni_gateway::settlement::PayoutState;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;

use super::{backed_up, restored};
use crate::refunds::house::read_statement;
use crate::settlement::house::{all, only, paid_out, paid_plain, set_payout_account, until};

on_both_engines!(a_payout_lost_with_its_settlement_is_found_on_the_statement_and_never_sent_twice);

async fn a_payout_lost_with_its_settlement_is_found_on_the_statement_and_never_sent_twice(
    outer: &TestGateway,
) -> Result<()> {
    let gateway = TestGateway::start(outer.engine()).await?;
    set_payout_account(&gateway).await?;
    paid_plain(&gateway).await?;
    let backup = backed_up(&gateway).await?;
    until(&gateway, DAY_AFTER).await?;
    assert_eq!(only(&gateway).await?.settlement.state, PayoutState::Paid);
    assert_eq!(paid_out(&gateway)?, [1000], "it was sent, and seen leaving");

    let gateway = restored(gateway, backup).await?;
    assert!(all(&gateway).await?.is_empty(), "the backup knows nothing of it");
    gateway.work().await?;
    assert_eq!(
        only(&gateway).await?.settlement.state,
        PayoutState::Ordered,
        "it is settled again"
    );
    for _ in 0..3 {
        read_statement(&gateway).await?;
    }
    assert_eq!(paid_out(&gateway)?, [1000], "the new order is held");

    let refused = held::release(&gateway.app, false).await;
    assert!(matches!(refused, Err(HeldError::Debits(1))), "{refused:?}");
    let shown = held::held(&gateway.app.db).await?.unwrap();
    let (order, debit) = (shown.orders[0].new.id.to_string(), shown.debits[0].id.clone());
    held::sent(&gateway.app, &order, &debit).await?;
    assert_eq!(only(&gateway).await?.settlement.state, PayoutState::Paid);
    held::release(&gateway.app, false).await?;
    for _ in 0..3 {
        read_statement(&gateway).await?;
    }
    assert_eq!(paid_out(&gateway)?, [1000], "it left once");
    let report = check::check(&gateway.app.db).await?;
    assert!(report.is_clean(), "{:?}", report.differences);
    Ok(())
}

/// The business day on which what was paid before is handed over.
const DAY_AFTER: &str = "2026-03-03T17:05:00Z";
