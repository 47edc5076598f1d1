//! What the operator and the integrator keep of a payment.

use anyhow::Result;
use ayni_domain::currency::Currency;
use ayni_domain::fee::FeeTerms;
use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use ayni_gateway::ledger::fees;
use ayni_store::error::StoreError;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

use super::books::{OPENING, holdings};
use crate::bodies::payment;
use crate::reconciliation::movements::arrives;

on_both_engines!(
    the_fee_is_taken_when_the_money_is_seen,
    the_integrator_gets_its_share_and_the_fee_yields_to_it,
    of_a_payment_in_uf_both_are_taken_in_pesos,
    an_integrator_fee_that_leaves_no_room_for_the_fee_is_refused,
);

async fn agree(gateway: &TestGateway, minimum: i64) -> Result<()> {
    let terms = FeeTerms {
        rate: "1.49%".parse()?,
        minimum: Amount::from_units(minimum),
        vat: "19%".parse()?,
    };
    let id = AccountId(gateway.receiver_id);
    Ok(fees::agree(&gateway.app.db, id, Currency::Clp, terms).await?)
}

/// The merchant has an integrator from now on.
async fn integrated(gateway: &TestGateway) -> Result<()> {
    let set: Result<u64, StoreError> = gateway
        .app
        .db
        .write("test.integrator", |tx| {
            tx.exec("UPDATE accounts SET integrator_account_id = 123", &[])
        })
        .await;
    assert_eq!(set?, 1);
    Ok(())
}

async fn the_fee_is_taken_when_the_money_is_seen(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({"amount": 10_000}))).await?;
    agree(gateway, 100).await?;
    arrives(gateway, "44.444.444-4", 10_000, &id).await?;
    // 149 × 1.19 = 177.31.
    assert_eq!(
        holdings(gateway).await?,
        [
            format!("bank {}", OPENING + 10_000),
            "collected:M 9823".to_owned(),
            "fees 177".to_owned(),
            format!("suspense {OPENING}"),
        ]
    );
    agree(gateway, 5_000).await?;
    assert!(
        holdings(gateway).await?.contains(&"fees 177".to_owned()),
        "what was paid stays"
    );
    Ok(())
}

async fn the_integrator_gets_its_share_and_the_fee_yields_to_it(gateway: &TestGateway) -> Result<()> {
    integrated(gateway).await?;
    let id = gateway
        .create(payment(&json!({"amount": 1000, "integrator_fee": "950"})))
        .await?;
    agree(gateway, 100).await?;
    arrives(gateway, "44.444.444-4", 1000, &id).await?;
    assert_eq!(holdings(gateway).await?[1..3], ["fees 50", "integrator:123 950"]);
    Ok(())
}

async fn of_a_payment_in_uf_both_are_taken_in_pesos(gateway: &TestGateway) -> Result<()> {
    integrated(gateway).await?;
    agree(gateway, 0).await?;
    let body = json!({"amount": 2, "currency": "CLF", "integrator_fee": "0.1"});
    let id = gateway.create(payment(&body)).await?;
    Payer::at(gateway)?.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    // 79,000 pesos: a twentieth is 3,950; 1,177.1 × 1.19 = 1,400.749.
    assert_eq!(
        holdings(gateway).await?[1..4],
        ["collected:M 73649", "fees 1401", "integrator:123 3950"]
    );
    Ok(())
}

async fn an_integrator_fee_that_leaves_no_room_for_the_fee_is_refused(gateway: &TestGateway) -> Result<()> {
    integrated(gateway).await?;
    agree(gateway, 100).await?;
    for (fee, status) in [("881", 200), ("882", 400)] {
        let body = payment(&json!({"amount": 1000, "integrator_fee": fee}));
        let answer = gateway.call("POST", "/v3/payments", Some(body)).await?;
        assert_eq!(answer.status, status, "{fee}: {}", answer.text());
        if status == 400 {
            assert_eq!(answer.json()["errors"][0]["field"], "integrator_fee");
        }
    }
    Ok(())
}
