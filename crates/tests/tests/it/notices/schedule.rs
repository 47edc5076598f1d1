//! When an undelivered notification is tried again, and when no more.

use std::time::Duration;

use anyhow::Result;
use ayni_gateway::notices::commands;
use ayni_gateway::witness::Witness;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::on_both_engines;

use super::told::{only, paid};

on_both_engines!(with seldom_reading; tries_follow_the_schedule_until_two_days_are_over);

/// The one reading at the start is enough: what costs time here are the tries.
pub fn seldom_reading() -> Wishes {
    Wishes {
        statement_pause: Duration::from_secs(30 * 24 * 3600),
        ..Wishes::default()
    }
}

async fn tries_follow_the_schedule_until_two_days_are_over(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_always(Reply::Status(500));
    paid(gateway, &merchant.url("/n")).await?;
    let (mut notice, _) = only(gateway).await?;
    let mut pauses_ms = Vec::new();
    while let Some(next) = notice.next_at {
        let pause = next.duration_since(gateway.clock.now());
        pauses_ms.push(i64::try_from(pause.as_millis())?);
        gateway.clock.advance_ms(i64::try_from(pause.as_millis())? - 1);
        assert_eq!(
            gateway.app.clock.now() + jiff::SignedDuration::from_millis(1),
            next
        );
        gateway.advance(jiff::SignedDuration::from_millis(1)).await?;
        notice = only(gateway).await?.0;
    }
    let expected_s = [5, 15, 60, 120, 300, 600, 1200, 2400]
        .into_iter()
        .chain(std::iter::repeat(3600));
    for (pause_ms, expected_s) in pauses_ms.iter().zip(expected_s) {
        assert!(
            (expected_s * 900..=expected_s * 1100).contains(pause_ms),
            "{pause_ms} ms for {expected_s} s"
        );
    }
    assert!(
        (50..=62).contains(&(pauses_ms.len() + 1)),
        "{} tries",
        pauses_ms.len() + 1
    );
    assert_eq!(
        (notice.state.as_str(), notice.tries as usize),
        ("spent", pauses_ms.len() + 1)
    );
    assert_eq!(merchant.received().len(), pauses_ms.len() + 1);
    let lived = notice.ended_at.unwrap().duration_since(notice.created_at);
    assert!(lived.as_hours() >= 46 && lived.as_hours() < 48, "{lived}");

    merchant.reply_always(Reply::Status(200));
    commands::resend(&gateway.app, None, &notice.id, Witness::nobody()).await?;
    gateway.work().await?;
    assert_eq!(
        only(gateway).await?.0.state,
        "delivered",
        "a spent one can still be sent by hand"
    );
    Ok(())
}
