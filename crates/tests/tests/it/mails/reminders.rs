//! Reminders: two, a week apart, as long as the payment is owed.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use jiff::SignedDuration;
use serde_json::json;

use super::{asked, for_weeks, of_payment, only};

on_both_engines!(with for_weeks;
    two_reminders_come_a_week_apart_and_no_third,
    who_is_late_still_waits_a_week_between_two_reminders,
    nobody_is_reminded_of_what_is_not_owed,
    a_payment_that_expires_before_the_week_is_over_reminds_nobody,
);

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn reminded() -> serde_json::Value {
    asked(&json!({"send_email": false, "send_reminders": true, "expires_date": "2026-05-01T00:00:00Z"}))
}

async fn two_reminders_come_a_week_apart_and_no_third(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(reminded()).await?;
    gateway.work().await?;
    assert!(of_payment(gateway, &id).await?.is_empty());
    for number in 1..=2 {
        gateway.advance(WEEK - MINUTE).await?;
        assert_eq!(of_payment(gateway, &id).await?.len(), number - 1);
        gateway.advance(MINUTE).await?;
        let received = gateway.mail()?.wait_for(number).await?.pop().unwrap();
        assert_eq!(
            received.header("Message-ID"),
            format!("<{id}-reminder-{number}@127.0.0.1>")
        );
        let subject = ["Recordatorio de pago a", "Último recordatorio de pago a"][number - 1];
        assert!(received.header("Subject").starts_with(subject));
        assert!(
            received
                .header("List-Unsubscribe")
                .contains("/mails/unsubscribe/")
        );
        assert_eq!(
            received.header("List-Unsubscribe-Post"),
            "List-Unsubscribe=One-Click"
        );
        assert!(
            !received
                .header("List-Unsubscribe")
                .to_lowercase()
                .contains("pagador")
        );
    }
    gateway.advance(WEEK * 2).await?;
    assert_eq!(
        (
            of_payment(gateway, &id).await?.len(),
            gateway.mail()?.received().len()
        ),
        (2, 2)
    );
    Ok(())
}

async fn who_is_late_still_waits_a_week_between_two_reminders(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(reminded()).await?;
    gateway.advance(WEEK * 3).await?;
    assert_eq!(
        of_payment(gateway, &id).await?.len(),
        1,
        "both fell due, and one is sent"
    );
    gateway.advance(WEEK).await?;
    assert_eq!(of_payment(gateway, &id).await?.len(), 2);
    Ok(())
}

async fn nobody_is_reminded_of_what_is_not_owed(gateway: &TestGateway) -> Result<()> {
    let (deleted, rejected, paid) = (
        gateway.create(reminded()).await?,
        gateway.create(reminded()).await?,
        gateway.create(reminded()).await?,
    );
    gateway
        .call("DELETE", &format!("/v3/payments/{deleted}"), None)
        .await?;
    let mut payer = Payer::at(gateway)?;
    payer.open(&format!("/payment/reject/{rejected}")).await?;
    payer.submit("#decline", &[]).await?;
    Payer::at(gateway)?.pay(&paid, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    gateway.advance(WEEK).await?;
    gateway.advance(WEEK).await?;
    for id in [&deleted, &rejected] {
        assert!(of_payment(gateway, id).await?.is_empty());
    }
    let mails = of_payment(gateway, &paid).await?;
    assert_eq!((mails.len(), mails[0].kind.as_str()), (1, "receipt"));
    Ok(())
}

async fn a_payment_that_expires_before_the_week_is_over_reminds_nobody(gateway: &TestGateway) -> Result<()> {
    let soon = asked(&json!({"send_reminders": true}));
    let id = gateway.create(soon).await?;
    gateway.advance(WEEK * 3).await?;
    assert!(only(gateway, &id, "reminder-1").await.is_err());
    Ok(())
}
