//! `/payment/manual/{id}`: the payer transfers without us, and may say so.

use anyhow::Result;
use ayni_domain::attempt::DECLARED_LIFE;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use jiff::SignedDuration;
use serde_json::json;

use super::movements::read_again;
use crate::bodies::{payment, state};

on_both_engines!(
    a_declared_transfer_is_verified_and_then_done,
    a_declared_transfer_that_never_came_lapses,
    money_that_came_before_it_was_declared_counts,
    the_form_says_what_is_wrong_with_it,
    a_declared_transfer_is_taken_back_by_its_browser_only,
    a_payment_is_not_held_for_good_by_declaring_again_and_again,
);

async fn a_declared_transfer_is_verified_and_then_done(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = gateway
        .create(payment(&json!({"notify_url": merchant.url("/")})))
        .await?;
    let mut payer = Payer::at(gateway)?;
    assert_eq!(
        payer
            .begin_by_hand(&id, "44.444.444-4", "ana@ejemplo.example")
            .await?,
        "manual-transfer"
    );
    assert_eq!(payer.text("#reference"), Some(id.clone()));
    assert_eq!(payer.text("#account").unwrap().len(), 21);
    assert_eq!(payer.text("#holder-rut"), Some(MERCHANT_RUT.to_owned()));
    assert_eq!(payer.declare().await?, "declared");
    gateway.work().await?;
    assert_eq!(state(gateway, &id).await?, "verifying");
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
        .await?;
    read_again(gateway).await?;
    let paid = gateway.payment(&id).await?;
    assert_eq!(
        (&paid["status"], &paid["payment_method"]),
        (&json!("done"), &json!("regular_transfer"))
    );
    let told = merchant.received()[0].json();
    assert_eq!(
        (&told["payment_method"], &told["payer_email"]),
        (&json!("regular_transfer"), &json!("ana@ejemplo.example"))
    );
    Ok(())
}

async fn a_declared_transfer_that_never_came_lapses(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(&json!({"expires_date": "2026-03-10T00:00:00Z"})))
        .await?;
    let mut payer = Payer::at(gateway)?;
    payer
        .begin_by_hand(&id, "44.444.444-4", "ana@ejemplo.example")
        .await?;
    payer.declare().await?;
    gateway
        .advance(DECLARED_LIFE - SignedDuration::from_secs(1))
        .await?;
    assert_eq!(state(gateway, &id).await?, "verifying");
    gateway.advance(SignedDuration::from_secs(1)).await?;
    gateway.advance(SignedDuration::from_mins(1)).await?;
    assert_eq!(state(gateway, &id).await?, "pending");
    assert_eq!(payer.open(&format!("/payment/end/{id}")).await?, "not-seen");
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
        .await?;
    read_again(gateway).await?;
    assert_eq!(state(gateway, &id).await?, "done/normal", "late money is money");
    Ok(())
}

async fn money_that_came_before_it_was_declared_counts(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer
        .begin_by_hand(&id, "44.444.444-4", "ana@ejemplo.example")
        .await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, "")
        .await?;
    read_again(gateway).await?;
    assert_eq!(payer.declare().await?, "done", "it is shown what is");
    assert_eq!(state(gateway, &id).await?, "done/normal");
    Ok(())
}

async fn the_form_says_what_is_wrong_with_it(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    for (rut, email, problems) in [
        ("44.444.444-5", "ana@ejemplo.example", vec!["#rut"]),
        ("44.444.444-4", "ana", vec!["#email"]),
        ("", "", vec!["#rut", "#email"]),
    ] {
        assert_eq!(payer.begin_by_hand(&id, rut, email).await?, "manual-form");
        assert_eq!(
            (payer.status(), payer.all("#problems a", "href")?),
            (422, problems.iter().map(|&p| p.to_owned()).collect())
        );
    }
    Ok(())
}

async fn a_declared_transfer_is_taken_back_by_its_browser_only(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer
        .begin_by_hand(&id, "44.444.444-4", "ana@ejemplo.example")
        .await?;
    payer.declare().await?;
    let mut other = Payer::at(gateway)?;
    assert_eq!(other.open(&format!("/payment/end/{id}")).await?, "verifying");
    assert!(other.all("#withdraw", "id")?.is_empty());
    assert_eq!(payer.submit("#withdraw", &[]).await?, "withdrawn");
    assert_eq!(state(gateway, &id).await?, "pending");
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, "")
        .await?;
    read_again(gateway).await?;
    assert_eq!(state(gateway, &id).await?, "done/normal", "the payer was wrong");
    Ok(())
}

async fn a_payment_is_not_held_for_good_by_declaring_again_and_again(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    for _ in 0..3 {
        let mut payer = Payer::at(gateway)?;
        payer
            .begin_by_hand(&id, "44.444.444-4", "ana@ejemplo.example")
            .await?;
        assert_eq!(payer.declare().await?, "declared");
        assert_eq!(payer.submit("#withdraw", &[]).await?, "withdrawn");
    }
    let mut payer = Payer::at(gateway)?;
    payer
        .begin_by_hand(&id, "44.444.444-4", "ana@ejemplo.example")
        .await?;
    assert_eq!(payer.declare().await?, "too-many-claims");
    let deleted = gateway
        .call("DELETE", &format!("/v3/payments/{id}"), None)
        .await?;
    assert_eq!(deleted.status, 200);
    Ok(())
}
