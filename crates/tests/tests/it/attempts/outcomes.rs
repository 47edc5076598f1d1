//! How an attempt can end at the bank, and what the payment makes of it.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use jiff::SignedDuration;
use serde_json::json;

use crate::bodies::{payment, state};

on_both_engines!(
    a_refused_transfer_leaves_the_payment_pending_and_a_second_attempt_pays,
    an_unclear_transfer_whose_money_came_is_done,
    an_unclear_transfer_whose_money_did_not_come_lapses,
    a_bank_that_is_down_fails_the_attempt_before_money_could_move,
    a_wrong_password_can_be_corrected,
    the_payer_may_leave_and_begin_again,
    a_payer_who_declines_ends_the_payment,
);

async fn a_refused_transfer_leaves_the_payment_pending_and_a_second_attempt_pays(
    gateway: &TestGateway,
) -> Result<()> {
    for coordinates in ["99 99 99", "12 34 56"] {
        let id = gateway.create(payment(&json!({}))).await?;
        let mut payer = Payer::at(gateway)?;
        assert_eq!(
            payer.pay(&id, "11.111.111-1", coordinates).await?,
            "failed",
            "{coordinates}"
        );
        gateway.work().await?;
        assert_eq!(state(gateway, &id).await?, "pending");
        assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
        gateway.work().await?;
        assert_eq!(state(gateway, &id).await?, "done/normal");
    }
    assert_eq!(gateway.bank.book()?.len(), 2);
    Ok(())
}

async fn an_unclear_transfer_whose_money_came_is_done(gateway: &TestGateway) -> Result<()> {
    // An odd check digit, and K, which counts as even.
    for (rut, expected) in [("11.111.111-1", "done/normal"), ("20.347.878-K", "verifying")] {
        let id = gateway.create(payment(&json!({}))).await?;
        assert_eq!(
            Payer::at(gateway)?.pay(&id, rut, "66 66 66").await?,
            "uncertain",
            "{rut}"
        );
        assert_eq!(state(gateway, &id).await?, "verifying", "{rut}");
        gateway.work().await?;
        assert_eq!(state(gateway, &id).await?, expected, "{rut}");
    }
    Ok(())
}

async fn an_unclear_transfer_whose_money_did_not_come_lapses(gateway: &TestGateway) -> Result<()> {
    let expiry = json!({"expires_date": "2026-03-10T00:00:00Z"});
    let id = gateway.create(payment(&expiry)).await?;
    let mut payer = Payer::at(gateway)?;
    assert_eq!(payer.pay(&id, "22.222.222-2", "66 66 66").await?, "uncertain");
    gateway
        .advance(SignedDuration::from_hours(48) - SignedDuration::from_secs(1))
        .await?;
    assert_eq!(state(gateway, &id).await?, "verifying");
    gateway.advance(SignedDuration::from_secs(60)).await?;
    assert_eq!(state(gateway, &id).await?, "pending");
    assert_eq!(payer.open(&format!("/payment/end/{id}")).await?, "not-seen");
    assert_eq!(payer.pay(&id, "22.222.222-2", "11 22 33").await?, "authorised");
    gateway.work().await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    Ok(())
}

async fn a_bank_that_is_down_fails_the_attempt_before_money_could_move(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    gateway.bank.stop().await?;
    let login = [("rut", "11.111.111-1"), ("password", "1234")];
    assert_eq!(payer.submit("#answer", &login).await?, "bank-unavailable");
    assert_eq!(state(gateway, &id).await?, "pending");
    gateway.bank.start_again().await?;
    assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
    Ok(())
}

async fn a_wrong_password_can_be_corrected(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    let wrong = [("rut", "11.111.111-1"), ("password", "4321")];
    assert_eq!(payer.submit("#answer", &wrong).await?, "login");
    assert!(payer.text("#problems").is_some(), "it is said");
    let no_rut = [("rut", "11.111.111-2"), ("password", "1234")];
    assert_eq!(
        (payer.submit("#answer", &no_rut).await?.as_str(), payer.status()),
        ("login", 422)
    );
    payer.log_in("11.111.111-1").await?;
    assert_eq!(payer.authorise("11 22 33").await?, "authorised");
    Ok(())
}

async fn the_payer_may_leave_and_begin_again(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    assert_eq!(payer.submit("#stop", &[]).await?, "left");
    assert_eq!(state(gateway, &id).await?, "pending");
    assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
    Ok(())
}

async fn a_payer_who_declines_ends_the_payment(gateway: &TestGateway) -> Result<()> {
    for (page, expected) in [
        ("reject", "done/rejected-by-payer"),
        ("abuse", "done/marked-as-abuse"),
    ] {
        let id = gateway.create(payment(&json!({}))).await?;
        let mut payer = Payer::at(gateway)?;
        payer.open(&format!("/payment/{page}/{id}")).await?;
        payer.submit("#decline", &[]).await?;
        assert_eq!(state(gateway, &id).await?, expected);
        payer.open(&format!("/payment/info/{id}")).await?;
        assert!(payer.text("#choose").is_none(), "it can't be paid any more");
    }
    Ok(())
}
