//! What is carried over, what fails, and how much goes into one settlement.

use anyhow::Result;
use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_gateway::merchants::collecting;
use ayni_gateway::orders::commands as orders;
use ayni_gateway::payouts;
use ayni_gateway::settlement::PayoutState;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::house::{
    account_without_login, all, balance, correct, only, paid, paid_out, paid_plain, run_now,
    set_payout_account, transfer_unasked, until,
};
use crate::refunds::house::Shop;

on_both_engines!(
    what_a_merchant_owes_is_taken_from_its_next_settlement,
    what_a_merchant_has_besides_its_payments_is_paid_with_them,
    a_payout_that_failed_is_carried_over,
    a_payout_above_what_the_bank_transfers_at_once_goes_by_file,
);
on_both_engines!(with small;
    many_payments_are_settled_in_bounded_portions,
    payments_that_were_given_back_do_not_hold_up_those_after_them,
);

fn small() -> Wishes {
    Wishes {
        settlement_payments: 3,
        ..Wishes::default()
    }
}

async fn what_a_merchant_owes_is_taken_from_its_next_settlement(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    let collected = Purpose::collected(AccountId(gateway.receiver_id));
    paid_plain(gateway).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    paid(gateway, &json!({"amount": 300})).await?;
    correct(gateway, collected, Purpose::SUSPENSE, 300).await?;
    until(gateway, "2026-03-04T17:05:00Z").await?;
    assert_eq!(all(gateway).await?.len(), 1, "nothing was left to pay");
    paid(gateway, &json!({"amount": 500})).await?;
    until(gateway, "2026-03-05T17:05:00Z").await?;
    let second = all(gateway).await?.pop().unwrap();
    assert_eq!(
        [second.totals.net, second.carried, second.paid_out].map(Amount::plain),
        ["800", "-300", "500"]
    );
    assert_eq!(paid_out(gateway)?, [1000, 500]);
    assert_eq!(balance(gateway, "collected", gateway.receiver_id).await?, 0);
    Ok(())
}

async fn what_a_merchant_has_besides_its_payments_is_paid_with_them(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    let collected = Purpose::collected(AccountId(gateway.receiver_id));
    transfer_unasked(gateway, 250).await?;
    paid_plain(gateway).await?;
    correct(gateway, Purpose::SUSPENSE, collected, 250).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let made = only(gateway).await?.settlement;
    assert_eq!([made.carried, made.paid_out].map(Amount::plain), ["250", "1250"]);
    Ok(())
}

async fn a_payout_that_failed_is_carried_over(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    // An account whose transfers go by file, so that a person says what became of them.
    let account = account_without_login(gateway, "000333").await?;
    let id = gateway
        .create(crate::bodies::payment(
            &json!({"collect_account_uuid": account.uuid}),
        ))
        .await?;
    super::importing::import_csv(
        gateway,
        &account,
        &format!("date,amount,reference\n2026-03-02,1000,{id}\n"),
    )
    .await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let first = only(gateway).await?.settlement;
    assert_eq!(first.state, PayoutState::Ordered);
    orders::reject(&gateway.app, &first.order, "cuenta cerrada").await?;
    assert_eq!(only(gateway).await?.settlement.state, PayoutState::Failed);
    assert_eq!(balance(gateway, "payouts", gateway.receiver_id).await?, 0);
    assert_eq!(run_now(gateway).await?, 1);
    let second = all(gateway).await?.pop().unwrap();
    assert_eq!((second.number, second.totals.payments), (2, 0));
    assert_eq!(
        [second.carried, second.paid_out].map(Amount::plain),
        ["1000", "1000"]
    );
    assert_eq!(run_now(gateway).await?, 0);
    Ok(())
}

async fn a_payout_above_what_the_bank_transfers_at_once_goes_by_file(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    paid(gateway, &json!({"amount": 5_000_001})).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    assert_eq!(only(gateway).await?.settlement.state, PayoutState::Ordered);
    assert!(paid_out(gateway)?.is_empty());
    let accounts = collecting::list(&gateway.app.db, AccountId(gateway.receiver_id)).await?;
    let account = accounts
        .into_iter()
        .find(|account| account.currency == Currency::Clp);
    let made = payouts::make(&gateway.app, &account.unwrap().uuid).await?;
    assert_eq!(made.unwrap().total.plain(), "5000001");
    Ok(())
}

async fn many_payments_are_settled_in_bounded_portions(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    for pesos in 1..=7 {
        paid(gateway, &json!({"amount": pesos * 1000})).await?;
    }
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let made = all(gateway).await?;
    let counts: Vec<i64> = made.iter().map(|one| one.totals.payments).collect();
    assert_eq!(counts, [3, 3, 1]);
    let numbers: Vec<i64> = made.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(paid_out(gateway)?.iter().sum::<i64>(), 28_000);
    assert_eq!(balance(gateway, "collected", gateway.receiver_id).await?, 0);
    Ok(())
}

async fn payments_that_were_given_back_do_not_hold_up_those_after_them(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(paid_plain(gateway).await?);
    }
    until(gateway, "2026-03-03T17:05:00Z").await?;
    set_payout_account(gateway).await?;
    // Of those that are released together the lowest identifiers come first.
    ids.sort();
    for id in &ids[..3] {
        assert_eq!(shop.refund(gateway, id, None).await?.status, 200);
    }
    assert_eq!(run_now(gateway).await?, 1);
    let made = only(gateway).await?.settlement;
    assert_eq!(
        (
            made.totals.payments,
            made.totals.refunded.plain(),
            made.paid_out.plain()
        ),
        (5, "3000".to_owned(), "2000".to_owned())
    );
    Ok(())
}
