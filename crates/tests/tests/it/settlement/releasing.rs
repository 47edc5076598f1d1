//! When payments are settled, and what is paid out.

use anyhow::Result;
use ayni_domain::currency::Currency;
use ayni_domain::fee::FeeTerms;
use ayni_domain::fee::rate::Rate;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_gateway::ledger::fees;
use ayni_gateway::merchants::accounts;
use ayni_gateway::settlement::{PayoutState, commands, is_settled, run};
use ayni_store::error::StoreError;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::house::{all, balance, only, paid, paid_out, paid_plain, run_now, set_payout_account, until};

on_both_engines!(
    a_payment_is_paid_out_on_the_next_business_day,
    nothing_is_settled_over_a_weekend_and_a_holiday,
    money_waits_until_it_is_known_where_to_pay_it,
    the_merchant_is_told_with_a_signature_that_it_can_check,
    fee_and_vat_are_kept,
    a_day_that_was_missed_is_made_up_for,
    a_run_is_refused_for_a_day_that_is_none,
);

async fn settled(gateway: &TestGateway, id: &str) -> Result<bool> {
    let id = PaymentId::parse(id)?;
    let read = gateway.app.db.read("test.settled", move |tx| is_settled(tx, id));
    Ok(read.await.map_err(|error: StoreError| error)?)
}

async fn a_payment_is_paid_out_on_the_next_business_day(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    let id = paid_plain(gateway).await?;
    // Monday, after the run's hour: its day has not come.
    until(gateway, "2026-03-02T20:00:00Z").await?;
    assert!(all(gateway).await?.is_empty() && !settled(gateway, &id).await?);
    assert_eq!(balance(gateway, "collected", gateway.receiver_id).await?, -1000);
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let shown = only(gateway).await?;
    let made = &shown.settlement;
    assert_eq!(
        (made.day.as_str(), made.number, made.state),
        ("2026-03-03", 1, PayoutState::Paid)
    );
    assert_eq!(
        (made.totals.payments, made.paid_out.plain()),
        (1, "1000".to_owned())
    );
    assert_eq!(shown.lines[0].payment.as_str(), id);
    assert!(settled(gateway, &id).await?);
    assert_eq!(paid_out(gateway)?, [1000]);
    for kind in ["collected", "payouts"] {
        assert_eq!(balance(gateway, kind, gateway.receiver_id).await?, 0, "{kind}");
    }
    until(gateway, "2026-03-05T18:00:00Z").await?;
    assert_eq!(all(gateway).await?.len(), 1, "it is settled once");
    Ok(())
}

async fn nothing_is_settled_over_a_weekend_and_a_holiday(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    // Thursday of Holy Week: Friday and Saturday are holidays.
    until(gateway, "2026-04-02T18:00:00Z").await?;
    paid_plain(gateway).await?;
    until(gateway, "2026-04-05T20:00:00Z").await?;
    assert!(all(gateway).await?.is_empty());
    until(gateway, "2026-04-06T18:10:00Z").await?;
    assert_eq!(only(gateway).await?.settlement.day, "2026-04-06");
    Ok(())
}

async fn money_waits_until_it_is_known_where_to_pay_it(gateway: &TestGateway) -> Result<()> {
    paid_plain(gateway).await?;
    until(gateway, "2026-03-03T18:00:00Z").await?;
    assert!(all(gateway).await?.is_empty());
    let ran = run::run(&gateway.app, None).await?;
    assert_eq!((ran.made, ran.waiting.len()), (0, 1));
    assert!(ran.waiting[0].reason.contains("no payout account in CLP"));
    set_payout_account(gateway).await?;
    assert_eq!(run_now(gateway).await?, 1);
    assert_eq!(run_now(gateway).await?, 0);
    Ok(())
}

async fn the_merchant_is_told_with_a_signature_that_it_can_check(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    set_payout_account(gateway).await?;
    let url = merchant.url("/rendiciones");
    accounts::set_rendition_url(&gateway.app.db, AccountId(gateway.receiver_id), Some(url)).await?;
    let id = paid(gateway, &json!({"transaction_id": "pedido-7"})).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let received = merchant.received();
    assert_eq!(received.len(), 1);
    let told = &received[0];
    let (time, signature) = told.signature().split_once(",s=").unwrap();
    let t_ms: i64 = time.trim_start_matches("t=").parse()?;
    let expected = ayni_crypto::sign::notification_header(&gateway.secret, t_ms, &told.body);
    assert_eq!(told.signature(), expected);
    assert!(!signature.is_empty());
    let body = told.json();
    assert_eq!(
        (
            &body["receiver_id"],
            &body["day"],
            &body["paid_out"],
            &body["currency"]
        ),
        (
            &json!(gateway.receiver_id),
            &json!("2026-03-03"),
            &json!("1000.0000"),
            &json!("CLP")
        )
    );
    assert_eq!(
        body["payments"],
        json!([{
            "payment_id": id, "transaction_id": "pedido-7", "amount": "1000.0000", "fee": "0.0000",
            "integrator_fee": "0.0000", "refunded": "0.0000", "net": "1000.0000",
        }])
    );
    let settlement = only(gateway).await?.settlement;
    assert_eq!(
        (&body["settlement_id"], &body["payout_id"]),
        (&json!(settlement.id), &json!(settlement.order))
    );
    Ok(())
}

async fn fee_and_vat_are_kept(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    // Two percent, ten pesos at least, and 19 percent of VAT on it.
    let terms = FeeTerms {
        rate: Rate::from_parts_per_million(20_000)?,
        minimum: Amount::from_units(10),
        vat: Rate::from_parts_per_million(190_000)?,
    };
    fees::agree(
        &gateway.app.db,
        AccountId(gateway.receiver_id),
        Currency::Clp,
        terms,
    )
    .await?;
    paid(gateway, &json!({"amount": 10_000})).await?;
    paid(gateway, &json!({"amount": 100})).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let made = only(gateway).await?.settlement;
    // 200 + 38, and 10 + 1.9 rounded half up.
    assert_eq!(
        [
            made.totals.amount,
            made.totals.fee,
            made.totals.net,
            made.paid_out
        ]
        .map(|amount| amount.plain()),
        ["10100", "250", "9850", "9850"]
    );
    assert_eq!(paid_out(gateway)?, [9850]);
    assert_eq!(balance(gateway, "fees", 0).await?, -250);
    Ok(())
}

async fn a_day_that_was_missed_is_made_up_for(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    paid_plain(gateway).await?;
    // Nobody works for three days.
    gateway.clock.advance_ms(3 * 24 * 3_600_000);
    assert!(all(gateway).await?.is_empty());
    gateway.work().await?;
    assert_eq!(only(gateway).await?.settlement.day, "2026-03-05");
    Ok(())
}

async fn a_run_is_refused_for_a_day_that_is_none(gateway: &TestGateway) -> Result<()> {
    for (day, problem) in [("2026-03-01", "no business day"), ("2026-03-10", "not there yet")] {
        let refused = run::run(&gateway.app, Some(day.parse()?)).await.unwrap_err();
        assert!(refused.to_string().contains(problem), "{refused}");
    }
    let absent = commands::show(&gateway.app.db, "1-1-20260303-1")
        .await
        .unwrap_err();
    assert!(absent.to_string().contains("no settlement"), "{absent}");
    Ok(())
}
