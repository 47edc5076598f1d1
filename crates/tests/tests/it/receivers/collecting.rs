//! On which bank accounts a merchant may collect: its own and its integrator's, which several merchants share.

use anyhow::Result;
use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;
use ayni_gateway::merchants::collecting;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::truth::rows;
use serde_json::{Value, json};

use super::family::{self, Receiver, another, receiver};
use crate::bodies::{payment, state};

on_both_engines!(
    merchants_that_share_a_bank_account_get_their_own_money,
    a_merchant_may_choose_its_integrators_account_and_nobody_elses,
    an_account_of_the_merchants_own_goes_before_its_integrators,
    an_integrators_fee_needs_an_integrator_and_is_at_most_the_amount,
);

async fn merchants_that_share_a_bank_account_get_their_own_money(gateway: &TestGateway) -> Result<()> {
    let (sun, moon) = (receiver(gateway).await?, another(gateway, "Librería Luna").await?);
    let mut paid = Vec::new();
    for merchant in [&sun, &moon] {
        let id = family::create(gateway, merchant, payment(&json!({}))).await?;
        let mut payer = Payer::at(gateway)?;
        assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
        paid.push(id);
    }
    let own = gateway.create(payment(&json!({}))).await?;
    gateway.work().await?;
    for (merchant, id) in [(&sun, &paid[0]), (&moon, &paid[1])] {
        let shown = family::call(gateway, merchant, "GET", &format!("/v3/payments/{id}"), None).await?;
        assert_eq!(
            (&shown.json()["status"], &shown.json()["receiver_id"]),
            (&json!("done"), &json!(merchant.id))
        );
    }
    assert_eq!(state(gateway, &own).await?, "pending");
    let shared = rows(&gateway.app.db, "SELECT DISTINCT collecting_id FROM payments").await?;
    assert_eq!(shared.len(), 1, "all of them collect on one bank account");
    Ok(())
}

async fn a_merchant_may_choose_its_integrators_account_and_nobody_elses(gateway: &TestGateway) -> Result<()> {
    let merchant = receiver(gateway).await?;
    let stranger = account::open(&gateway.app, "77.777.777-7", None).await?;
    let shared = pesos(gateway, gateway.receiver_id).await?;
    let foreign = pesos(gateway, stranger.receiver_id).await?;
    for (uuid, status) in [(shared.uuid.to_uppercase(), 200), (foreign.uuid, 400)] {
        let body = payment(&json!({"collect_account_uuid": uuid}));
        let answer = family::call(gateway, &merchant, "POST", "/v3/payments", Some(body)).await?;
        assert_eq!(answer.status, status, "{}", answer.text());
        if status == 400 {
            assert_eq!(answer.fields(), ["collect_account_uuid"]);
        }
    }
    let taken: Result<u64, ayni_store::error::StoreError> = gateway
        .app
        .db
        .write("test.own", move |tx| {
            tx.exec("UPDATE collecting_accounts SET custody = 'own'", &[])
        })
        .await;
    assert!(taken? > 0);
    let answer = family::call(
        gateway,
        &merchant,
        "POST",
        "/v3/payments",
        Some(payment(&json!({}))),
    )
    .await?;
    assert_eq!(
        answer.fields(),
        ["currency"],
        "an integrator's own money is not shared"
    );
    assert_eq!(can_collect(gateway).await?, json!(false));
    Ok(())
}

async fn an_account_of_the_merchants_own_goes_before_its_integrators(gateway: &TestGateway) -> Result<()> {
    let merchant = receiver(gateway).await?;
    let mut own = account::add_own(&gateway.app, merchant.id, "77.777.777-7").await?;
    own.retain(|one| one.currency == Currency::Clp);
    let own = own.remove(0);
    let at = |uuid: Option<String>| {
        let body = payment(&json!({"collect_account_uuid": uuid}));
        collected_at(gateway, &merchant, body)
    };
    let shared = pesos(gateway, gateway.receiver_id).await?;
    assert_eq!(at(None).await?, own.id);
    assert_eq!(at(Some(shared.uuid)).await?, shared.id);
    assert_eq!(at(Some(own.uuid)).await?, own.id);
    Ok(())
}

async fn an_integrators_fee_needs_an_integrator_and_is_at_most_the_amount(
    gateway: &TestGateway,
) -> Result<()> {
    let merchant = receiver(gateway).await?;
    for (fee, status) in [
        ("1000", 200),
        ("0", 200),
        ("1001", 400),
        ("1.5", 400),
        ("-1", 400),
    ] {
        let body = payment(&json!({"integrator_fee": fee}));
        let answer = family::call(gateway, &merchant, "POST", "/v3/payments", Some(body.clone())).await?;
        assert_eq!(answer.status, status, "{fee}: {}", answer.text());
        let without = gateway.call("POST", "/v3/payments", Some(body)).await?;
        assert_eq!(without.fields(), ["integrator_fee"]);
    }
    Ok(())
}

/// The collecting account of a new payment.
async fn collected_at(gateway: &TestGateway, merchant: &Receiver, body: Value) -> Result<i64> {
    let id = family::create(gateway, merchant, body).await?;
    let made = rows(&gateway.app.db, "SELECT id, collecting_id FROM payments").await?;
    let found = made.iter().find(|row| row.str(0).is_ok_and(|found| found == id));
    Ok(found.unwrap().int(1)?)
}

async fn pesos(gateway: &TestGateway, account: i64) -> Result<collecting::CollectingAccount> {
    let all = collecting::list(&gateway.app.db, AccountId(account)).await?;
    Ok(all.into_iter().find(|one| one.currency == Currency::Clp).unwrap())
}

async fn can_collect(gateway: &TestGateway) -> Result<Value> {
    let page = gateway.call("GET", "/v3/receivers/children", None).await?.json();
    Ok(page["receivers"][0]["can_collect"].clone())
}
