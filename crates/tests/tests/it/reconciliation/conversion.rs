//! Other currencies: each on its own account, and the UF paid in pesos.

use anyhow::Result;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

use super::movements::{all, arrives, read_again};
use crate::bodies::{payment, state};

on_both_engines!(
    a_payment_in_uf_is_paid_in_pesos,
    a_payment_in_uf_takes_the_pesos_of_an_attempt_only,
    a_payment_in_dollars_is_paid_on_the_account_in_dollars,
);

async fn a_payment_in_uf_is_paid_in_pesos(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    // 1.2345 × 39,500 = 48,762.75, rounded half up.
    let body = json!({"amount": 1.2345, "currency": "CLF", "notify_url": merchant.url("/")});
    let id = gateway.create(payment(&body)).await?;
    let mut payer = Payer::at(gateway)?;
    payer.open(&format!("/payment/info/{id}")).await?;
    assert!(
        payer.text("#pesos").unwrap().contains("48.763"),
        "{:?}",
        payer.text("#pesos")
    );
    payer.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    assert_eq!(gateway.bank.book()?[0].amount.to_string(), "48763.0000");
    let told = merchant.received()[0].json();
    assert_eq!(
        (&told["amount"], &told["currency"]),
        (&json!("1.2345"), &json!("CLF"))
    );
    assert_eq!(state(gateway, &id).await?, "done/normal");
    Ok(())
}

async fn a_payment_in_uf_takes_the_pesos_of_an_attempt_only(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(&json!({"amount": 1, "currency": "CLF"})))
        .await?;
    assert_eq!(
        arrives(gateway, "44.444.444-4", 39_500, &id).await?.reason,
        "other-amount"
    );
    Payer::at(gateway)?
        .begin_by_hand(&id, "44.444.444-4", "a@b.example")
        .await?;
    assert_eq!(
        arrives(gateway, "44.444.444-4", 39_500, &id).await?.payment,
        Some(id)
    );
    Ok(())
}

async fn a_payment_in_dollars_is_paid_on_the_account_in_dollars(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(&json!({"amount": 10.5, "currency": "USD"})))
        .await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 10, &id)
        .await?;
    read_again(gateway).await?;
    assert_eq!(
        all(gateway).await?[0].reason,
        "other-account",
        "pesos are no dollars"
    );
    Payer::at(gateway)?.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    assert_eq!(
        gateway.payment(&id).await?["bank_account_number"]
            .as_str()
            .unwrap()
            .len(),
        21
    );
    Ok(())
}
