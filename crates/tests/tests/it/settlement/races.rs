//! Two nodes at once, and a run that is said twice.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::ledger::purpose::Purpose;
use ayni_gateway::settlement::run;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use serde_json::json;

use super::house::{all, balance, correct, paid, paid_out, set_payout_account, transfer_unasked, until};

on_both_engines!(
    of_many_runs_at_once_each_payment_is_settled_by_one,
    money_that_arrives_during_a_run_is_settled_once,
    of_many_runs_at_once_what_was_carried_over_is_paid_by_one,
);

async fn of_many_runs_at_once_each_payment_is_settled_by_one(gateway: &TestGateway) -> Result<()> {
    for pesos in 1..=5 {
        paid(gateway, &json!({"amount": pesos * 1000})).await?;
    }
    until(gateway, "2026-03-03T17:05:00Z").await?;
    set_payout_account(gateway).await?;
    let runs = all_at_once((0..6).map(|_| run::run(&gateway.app, None))).await;
    let made: u64 = runs
        .into_iter()
        .map(|ran| ran.map(|ran| ran.made).unwrap_or_default())
        .sum();
    assert_eq!(made, 1);
    until(gateway, "2026-03-03T18:05:00Z").await?;
    assert_eq!(all(gateway).await?.len(), 1);
    assert_eq!(paid_out(gateway)?, [15_000]);
    assert_eq!(balance(gateway, "collected", gateway.receiver_id).await?, 0);
    Ok(())
}

async fn money_that_arrives_during_a_run_is_settled_once(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    paid(gateway, &json!({"amount": 1000})).await?;
    gateway.clock.advance_ms(24 * 3_600_000);
    let id = gateway
        .create(crate::bodies::payment(&json!({"amount": 700})))
        .await?;
    gateway
        .bank
        .transfer("44.444.444-4", ayni_testkit::gateway::MERCHANT_RUT, 700, &id)
        .await?;
    let (ran, worked) = tokio::join!(run::run(&gateway.app, None), gateway.work());
    worked?;
    let _ = ran?;
    until(gateway, "2026-03-05T17:05:00Z").await?;
    assert_eq!(paid_out(gateway)?.iter().sum::<i64>(), 1700);
    let payments: i64 = all(gateway).await?.iter().map(|one| one.totals.payments).sum();
    assert_eq!(payments, 2);
    Ok(())
}

/// Money that is held and not released must not pay for what another run has paid.
async fn of_many_runs_at_once_what_was_carried_over_is_paid_by_one(gateway: &TestGateway) -> Result<()> {
    let held = json!({"amount": 9000, "confirm_timeout_date": "2026-03-20T15:00:00.000Z"});
    paid(gateway, &held).await?;
    transfer_unasked(gateway, 250).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let collected = Purpose::collected(AccountId(gateway.receiver_id));
    correct(gateway, Purpose::SUSPENSE, collected, 250).await?;
    set_payout_account(gateway).await?;
    let runs = all_at_once((0..6).map(|_| run::run(&gateway.app, None))).await;
    for ran in runs {
        ran?;
    }
    until(gateway, "2026-03-03T17:20:00Z").await?;
    assert_eq!(paid_out(gateway)?, [250]);
    assert_eq!(balance(gateway, "collected", gateway.receiver_id).await?, -9000);
    Ok(())
}
