//! The integrator's share of what it brought.

use anyhow::Result;
use ayni_domain::money::Amount;
use ayni_gateway::settlement::commands;
use ayni_store::error::StoreError;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::house::{
    PAYOUT_RUT, all, balance, only, paid, paid_out, set_payout_account, set_payout_account_of, until,
};

on_both_engines!(
    merchant_and_integrator_each_get_their_part,
    a_share_waits_for_the_integrators_payout_account_and_the_merchant_does_not,
);

/// Another account, which integrates the merchant's from now on.
async fn integrator(gateway: &TestGateway) -> Result<i64> {
    let made = account::open(&gateway.app, "76.543.210-3", None).await?;
    let (merchant, integrator) = (gateway.receiver_id, made.receiver_id);
    let set = gateway.app.db.write("test.integrator", move |tx| {
        tx.exec(
            "UPDATE accounts SET integrator_account_id = $2 WHERE id = $1",
            &[merchant.into(), integrator.into()],
        )
    });
    set.await.map_err(|error: StoreError| error)?;
    Ok(integrator)
}

async fn merchant_and_integrator_each_get_their_part(gateway: &TestGateway) -> Result<()> {
    let integrator = integrator(gateway).await?;
    set_payout_account(gateway).await?;
    set_payout_account_of(gateway, integrator, PAYOUT_RUT).await?;
    paid(gateway, &json!({"integrator_fee": "150"})).await?;
    paid(gateway, &json!({"integrator_fee": "50"})).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let shown = only(gateway).await?;
    assert_eq!(
        [shown.settlement.totals.integrator_fee, shown.settlement.paid_out].map(Amount::plain),
        ["200", "1800"]
    );
    assert_eq!(
        (shown.shares.len(), shown.shares[0].integrator.0),
        (1, integrator)
    );
    assert!(shown.shares[0].order.is_some());
    let mut paid_out = paid_out(gateway)?;
    paid_out.sort_unstable();
    assert_eq!(paid_out, [200, 1800]);
    for (kind, owner) in [
        ("integrator", integrator),
        ("payouts", integrator),
        ("payouts", gateway.receiver_id),
    ] {
        assert_eq!(balance(gateway, kind, owner).await?, 0, "{kind} {owner}");
    }
    Ok(())
}

async fn a_share_waits_for_the_integrators_payout_account_and_the_merchant_does_not(
    gateway: &TestGateway,
) -> Result<()> {
    let integrator = integrator(gateway).await?;
    set_payout_account(gateway).await?;
    paid(gateway, &json!({"integrator_fee": "150"})).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let first = only(gateway).await?;
    assert_eq!(
        (first.shares[0].amount.plain(), &first.shares[0].order),
        ("150".to_owned(), &None)
    );
    assert_eq!(paid_out(gateway)?, [850]);
    set_payout_account_of(gateway, integrator, PAYOUT_RUT).await?;
    paid(gateway, &json!({"integrator_fee": "50"})).await?;
    until(gateway, "2026-03-04T17:05:00Z").await?;
    assert_eq!(balance(gateway, "integrator", integrator).await?, 0);
    let mut paid = paid_out(gateway)?;
    paid.sort_unstable();
    assert_eq!(paid, [200, 850, 950]);
    for made in all(gateway).await? {
        let shown = commands::show(&gateway.app.db, &made.id).await?;
        assert!(shown.shares[0].order.is_some(), "{}", made.id);
    }
    Ok(())
}
