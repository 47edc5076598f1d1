//! Delivered is HTTP 200 and nothing else; every try is kept.

use std::time::Duration;

use anyhow::Result;
use axum::body::Bytes;
use ayni_crypto::sign::verify_notification;
use ayni_gateway::notices::commands;
use ayni_gateway::witness::Witness;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::merchant::{self, Merchant, Reply};
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;

use super::schedule::seldom_reading;
use super::told::{only, paid};

on_both_engines!(
    anything_but_200_is_tried_again,
    no_answer_is_tried_again,
    a_redirect_is_not_followed,
    of_an_answer_the_first_two_kibibytes_are_kept,
    a_notice_can_be_sent_again,
);
on_both_engines!(with seldom_reading; the_thirtieth_try_delivers);
on_both_engines!(with impatient; a_slow_merchant_is_given_up_and_tried_again);

async fn anything_but_200_is_tried_again(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let statuses = [500, 204, 201, 404, 400, 503];
    merchant.reply_next(statuses.map(Reply::Status));
    paid(gateway, &merchant.url("/n")).await?;
    for _ in 1..=statuses.len() {
        assert_eq!(only(gateway).await?.0.state, "pending");
        gateway.advance(SignedDuration::from_hours(2)).await?;
    }
    let (notice, tries) = only(gateway).await?;
    assert_eq!(
        (notice.state.as_str(), notice.tries, notice.next_at),
        ("delivered", 7, None)
    );
    let kept: Vec<Option<i64>> = tries.iter().map(|one| one.status).collect();
    let expected: Vec<Option<i64>> = statuses
        .iter()
        .map(|status| Some((*status).into()))
        .chain([Some(200)])
        .collect();
    assert_eq!(kept, expected);
    assert!(
        tries
            .iter()
            .zip(1..)
            .all(|(one, number)| one.number == number && one.latency_ms >= 0)
    );
    gateway.advance(SignedDuration::from_hours(2)).await?;
    assert_eq!(
        merchant.received().len(),
        7,
        "once it is delivered it is not sent again"
    );
    Ok(())
}

async fn no_answer_is_tried_again(gateway: &TestGateway) -> Result<()> {
    let deaf = merchant::that_hangs_up().await?;
    paid(gateway, &deaf).await?;
    let (notice, tries) = only(gateway).await?;
    assert_eq!(
        (notice.state.as_str(), tries.len(), tries[0].status),
        ("pending", 1, None)
    );
    assert!(!tries[0].error.as_ref().unwrap().is_empty());
    assert!(notice.next_at.is_some());
    Ok(())
}

async fn a_redirect_is_not_followed(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_always(Reply::Redirect);
    paid(gateway, &merchant.url("/n")).await?;
    let (notice, tries) = only(gateway).await?;
    assert_eq!((notice.state.as_str(), tries[0].status), ("pending", Some(302)));
    assert!(merchant.received().iter().all(|received| received.path == "/n"));
    Ok(())
}

async fn the_thirtieth_try_delivers(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_next(vec![Reply::Status(500); 29]);
    paid(gateway, &merchant.url("/n")).await?;
    for _ in 1..30 {
        next_try(gateway).await?;
    }
    let (notice, tries) = only(gateway).await?;
    assert_eq!((notice.state.as_str(), tries.len()), ("delivered", 30));
    let received = merchant.received();
    let mut signatures: Vec<&str> = received.iter().map(|one| one.signature()).collect();
    assert!(
        received.iter().all(|one| one.body == received[0].body),
        "byte for byte the same"
    );
    for (one, sent) in received.iter().zip(&tries) {
        let at_ms = sent.at.as_millisecond();
        verify_notification(&gateway.secret, one.signature(), &one.body, at_ms, Duration::ZERO)?;
    }
    signatures.sort_unstable();
    signatures.dedup();
    assert_eq!(signatures.len(), 30, "signed anew at each try");
    Ok(())
}

async fn of_an_answer_the_first_two_kibibytes_are_kept(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_always(Reply::Body(Bytes::from("añ\0".repeat(5000))));
    paid(gateway, &merchant.url("/n")).await?;
    let (notice, tries) = only(gateway).await?;
    assert_eq!(notice.state, "delivered");
    assert!(
        tries[0].answer.starts_with("añ") && tries[0].answer.len() < 4096,
        "{}",
        tries[0].answer.len()
    );
    Ok(())
}

async fn a_notice_can_be_sent_again(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    paid(gateway, &merchant.url("/n")).await?;
    let (notice, _) = only(gateway).await?;
    for again in 2..=3 {
        commands::resend(&gateway.app, None, &notice.id, Witness::nobody()).await?;
        gateway.work().await?;
        let (notice, tries) = only(gateway).await?;
        assert_eq!(
            (notice.state.as_str(), tries.len(), merchant.received().len()),
            ("delivered", again, again)
        );
        assert_eq!(
            notice.next_at, None,
            "what was sent again waits for no further try"
        );
    }
    assert!(
        commands::resend(&gateway.app, None, "no-such-notice", Witness::nobody())
            .await
            .is_err()
    );
    Ok(())
}

fn impatient() -> Wishes {
    Wishes {
        delivery_timeout: Duration::from_millis(300),
        ..Wishes::default()
    }
}

async fn a_slow_merchant_is_given_up_and_tried_again(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_next([Reply::Never]);
    paid(gateway, &merchant.url("/n")).await?;
    let (notice, tries) = only(gateway).await?;
    assert_eq!((notice.state.as_str(), tries[0].status), ("pending", None));
    assert!(tries[0].latency_ms >= 300 && tries[0].error.is_some());
    next_try(gateway).await?;
    assert_eq!(only(gateway).await?.0.state, "delivered");
    Ok(())
}

/// Moves the clock to the notice's next try and makes it.
async fn next_try(gateway: &TestGateway) -> Result<()> {
    let (notice, _) = only(gateway).await?;
    let at = notice.next_at.unwrap();
    gateway.advance(at.duration_since(gateway.clock.now())).await
}
