//! Which events there are, and what each says.

use std::time::Duration;

use anyhow::Result;
use ayni_crypto::sign::verify_notification;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

use super::{client, connected, next};

on_both_engines!(
    a_paid_payment_without_address_is_told_as_it_would_be_notified,
    a_notification_is_told_with_the_bytes_that_the_merchant_gets,
    what_is_not_notified_is_told_without_a_notification,
    nothing_is_recorded_for_an_account_to_which_nobody_listens,
    an_event_can_be_had_again_by_its_own_account_only,
);

const PAID_BY: (&str, &str) = ("11.111.111-1", "11 22 33");

async fn pay(gateway: &TestGateway, notify_url: Option<String>) -> Result<String> {
    let new = json!({ "amount": 1000, "currency": "CLP", "subject": "Té «ñ»", "notify_url": notify_url });
    let id = gateway.create(new).await?;
    Payer::at(gateway)?.pay(&id, PAID_BY.0, PAID_BY.1).await?;
    gateway.work().await?;
    Ok(id)
}

async fn a_paid_payment_without_address_is_told_as_it_would_be_notified(gateway: &TestGateway) -> Result<()> {
    let mut stream = connected(gateway).await?;
    let id = pay(gateway, None).await?;
    let event = next(&mut stream).await?;
    assert_eq!((event.kind.as_str(), &event.subject), ("payment.done", &id));
    let notice = event.notice.unwrap();
    let signature = &notice.headers["x-khipu-signature"];
    let now_ms = gateway.clock.now().as_millisecond();
    verify_notification(
        &gateway.secret,
        signature,
        notice.body.as_bytes(),
        now_ms,
        Duration::ZERO,
    )?;
    let genuine = ayni_client::verify::notification(
        &gateway.secret,
        signature,
        notice.body.as_bytes(),
        now_ms,
        Duration::ZERO,
    )?;
    assert_eq!((genuine.payment_id, genuine.subject), (id, "Té «ñ»".to_owned()));
    assert!(rows(&gateway.app.db, "SELECT id FROM notices").await?.is_empty());
    Ok(())
}

async fn a_notification_is_told_with_the_bytes_that_the_merchant_gets(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let mut stream = connected(gateway).await?;
    pay(gateway, Some(merchant.url("/notify"))).await?;
    let event = next(&mut stream).await?;
    let (notice, received) = (event.notice.unwrap(), &merchant.received()[0]);
    assert_eq!(notice.body.as_bytes(), &received.body);
    assert_eq!(notice.content_type, received.headers["content-type"].to_str()?);
    // The clock stands still, so the signatures are the same, too.
    assert_eq!(notice.headers["x-khipu-signature"], received.signature());
    let noted = rows(&gateway.app.db, "SELECT id FROM notices").await?;
    assert_eq!(event.id, noted[0].str(0)?);
    Ok(())
}

async fn what_is_not_notified_is_told_without_a_notification(gateway: &TestGateway) -> Result<()> {
    let mut stream = connected(gateway).await?;
    let client = client(gateway)?;
    let plain = json!({ "amount": 1000, "currency": "CLP", "subject": "Té" });
    let (deleted, rejected) = (gateway.create(plain.clone()).await?, gateway.create(plain).await?);
    client.delete_payment(&deleted).await?;
    let mut payer = Payer::at(gateway)?;
    payer.open(&format!("/payment/reject/{rejected}")).await?;
    payer.submit("#decline", &[]).await?;
    let (first, second) = (next(&mut stream).await?, next(&mut stream).await?);
    let mut told = [(first.kind, first.subject), (second.kind, second.subject)];
    told.sort();
    assert_eq!(
        told,
        [
            ("payment.deleted".to_owned(), deleted),
            ("payment.rejected".to_owned(), rejected)
        ]
    );
    assert!(first.notice.is_none() && second.notice.is_none());

    let paid = pay(gateway, None).await?;
    assert_eq!(next(&mut stream).await?.subject, paid);
    client.refund_payment(&paid, None).await?;
    for _ in 0..3 {
        gateway.advance(SignedDuration::from_secs(31)).await?;
    }
    let refunded = next(&mut stream).await?;
    let refund = &client.payment(&paid).await?.refunds[0];
    assert_eq!(
        (refunded.kind.as_str(), &refunded.subject),
        ("refund.paid", &refund.id)
    );
    assert_eq!(refund.status, "paid");
    Ok(())
}

async fn nothing_is_recorded_for_an_account_to_which_nobody_listens(gateway: &TestGateway) -> Result<()> {
    let recorded = async || rows(&gateway.app.db, "SELECT id FROM account_events").await;
    pay(gateway, None).await?;
    assert!(recorded().await?.is_empty());
    let stream = connected(gateway).await?;
    drop(stream);
    // For a day after somebody listened, since they may come again.
    pay(gateway, None).await?;
    assert_eq!(recorded().await?.len(), 1);
    gateway.advance(SignedDuration::from_hours(25)).await?;
    assert!(recorded().await?.is_empty());
    pay(gateway, None).await?;
    assert!(recorded().await?.is_empty());
    Ok(())
}

async fn an_event_can_be_had_again_by_its_own_account_only(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    // A notification needs no listener to be had again.
    pay(gateway, Some(merchant.url("/notify"))).await?;
    let noted = rows(&gateway.app.db, "SELECT id FROM notices").await?;
    let id = noted[0].str(0)?;
    let event = client(gateway)?.event(id).await?;
    assert_eq!(
        event.notice.unwrap().body.as_bytes(),
        &merchant.received()[0].body
    );
    let other = ayni_testkit::account::open(&gateway.app, "77.777.777-7", None).await?;
    let stranger = ayni_client::Client::new(&format!("http://{}", gateway.address), &other.api_key)?;
    assert_eq!(stranger.event(id).await.unwrap_err().status(), Some(404));
    assert_eq!(
        client(gateway)?.event("nonsense").await.unwrap_err().status(),
        Some(404)
    );
    Ok(())
}
