//! Time: an attempt has three hours, a verification 48, a payment until its expiry.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

use crate::bodies::{payment, state};

on_both_engines!(
    an_attempt_ends_after_three_hours_and_what_was_typed_is_erased,
    an_expired_payment_can_not_be_begun,
    an_attempt_begun_before_expiry_may_finish_after_it,
    a_verification_does_not_lapse_while_the_bank_can_not_be_read,
);

async fn an_attempt_ends_after_three_hours_and_what_was_typed_is_erased(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    gateway
        .advance(SignedDuration::from_hours(3) - SignedDuration::from_millis(1))
        .await?;
    assert_eq!(
        payer.open(&format!("/payment/simplified/{id}")).await?,
        "coordinates"
    );
    gateway.advance(SignedDuration::from_millis(1)).await?;
    let attempts = rows(&gateway.app.db, "SELECT state, session_sealed FROM attempts").await?;
    assert_eq!((attempts[0].str(0)?, attempts[0].opt_bytes(1)?), ("lapsed", None));
    assert_eq!(payer.authorise("11 22 33").await?, "lapsed");
    assert!(gateway.bank.book()?.is_empty());
    assert_eq!(state(gateway, &id).await?, "pending");
    assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
    Ok(())
}

async fn an_expired_payment_can_not_be_begun(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(&json!({"expires_date": "2026-03-02T16:00:00Z"})))
        .await?;
    let mut payer = Payer::at(gateway)?;
    payer.open(&format!("/payment/info/{id}")).await?;
    gateway
        .advance(SignedDuration::from_hours(1) + SignedDuration::from_millis(1))
        .await?;
    let fields = [("bank", "Bawdf"), ("method", "simplified_transfer")];
    assert_eq!(payer.submit("#choose", &fields).await?, "expired");
    for page in ["info", "simplified", "manual"] {
        assert_eq!(
            payer.open(&format!("/payment/{page}/{id}")).await?,
            "expired",
            "{page}"
        );
    }
    assert_eq!(state(gateway, &id).await?, "pending", "there is no status for it");
    assert!(rows(&gateway.app.db, "SELECT id FROM attempts").await?.is_empty());
    Ok(())
}

async fn an_attempt_begun_before_expiry_may_finish_after_it(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(&json!({"expires_date": "2026-03-02T16:00:00Z"})))
        .await?;
    let (mut payer, mut late) = (Payer::at(gateway)?, Payer::at(gateway)?);
    payer.begin(&id).await?;
    gateway.advance(SignedDuration::from_hours(2)).await?;
    assert_eq!(late.open(&format!("/payment/info/{id}")).await?, "expired");
    payer.log_in("11.111.111-1").await?;
    assert_eq!(payer.authorise("11 22 33").await?, "authorised");
    gateway.work().await?;
    let paid = gateway.payment(&id).await?;
    assert_eq!(
        (&paid["status"], &paid["out_of_date_conciliation"]),
        (&json!("done"), &json!(true))
    );
    Ok(())
}

async fn a_verification_does_not_lapse_while_the_bank_can_not_be_read(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(&json!({"expires_date": "2026-03-20T00:00:00Z"})))
        .await?;
    Payer::at(gateway)?.pay(&id, "22.222.222-2", "66 66 66").await?;
    gateway.work().await?;
    gateway.bank.stop().await?;
    for _ in 0..4 {
        gateway.advance(SignedDuration::from_hours(24)).await?;
        assert_eq!(state(gateway, &id).await?, "verifying");
    }
    gateway.bank.start_again().await?;
    gateway.advance(SignedDuration::from_mins(1)).await?;
    gateway.advance(SignedDuration::from_mins(1)).await?;
    assert_eq!(state(gateway, &id).await?, "pending");
    Ok(())
}
