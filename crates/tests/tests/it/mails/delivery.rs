//! Tries: what is tried again, until when, and what is not sent any more.

use anyhow::Result;
use ayni_gateway::mails::commands;
use ayni_gateway::witness::Witness;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;
use serde_json::json;

use super::{asked, for_weeks, of_payment, only};

on_both_engines!(with for_weeks;
    a_refusal_for_now_is_tried_again_and_one_for_good_is_not,
    what_died_before_it_was_recorded_is_sent_again_as_the_same_mail,
    a_mail_is_given_up_after_two_days_and_can_be_sent_by_hand,
    a_request_that_nobody_owes_any_more_is_dropped,
    few_mails_are_under_way_at_once,
);

mod without_a_mail_server {
    use super::*;

    on_both_engines!(mails_that_were_asked_for_are_held_and_seen);

    async fn mails_that_were_asked_for_are_held_and_seen(gateway: &TestGateway) -> Result<()> {
        let id = gateway.create(asked(&json!({"send_reminders": true}))).await?;
        gateway.work().await?;
        let mails = of_payment(gateway, &id).await?;
        assert_eq!(
            (mails.len(), mails[0].state.as_str(), mails[0].tries),
            (1, "held", 0)
        );
        let shown = commands::show(&gateway.app, &mails[0].id).await?;
        assert!(shown.text.contains("Cobro de prueba") && shown.tries.is_empty());
        Ok(())
    }
}

async fn a_refusal_for_now_is_tried_again_and_one_for_good_is_not(gateway: &TestGateway) -> Result<()> {
    let server = gateway.mail()?;
    server.answer_recipients(&["451 4.7.1 try again later <Pagador@email.com>"])?;
    let id = gateway.create(asked(&json!({}))).await?;
    gateway.work().await?;
    let mail = only(gateway, &id, "request").await?;
    assert_eq!((mail.state.as_str(), mail.tries), ("pending", 1));
    let pause = mail.next_at.unwrap().duration_since(gateway.clock.now());
    assert!((4_500..=5_500).contains(&pause.as_millis()), "{pause}");
    gateway.advance(pause).await?;
    let mail = only(gateway, &id, "request").await?;
    assert_eq!(
        (mail.state.as_str(), mail.tries, server.wait_for(1).await?.len()),
        ("sent", 2, 1)
    );

    server.answer_recipients(&["550 5.1.1 no such user"])?;
    let id = gateway.create(asked(&json!({}))).await?;
    gateway.work().await?;
    gateway.advance(SignedDuration::from_hours(1)).await?;
    let mail = only(gateway, &id, "request").await?;
    let told = (mail.state.as_str(), mail.reason.as_deref(), mail.tries);
    assert_eq!(told, ("failed", Some("refused"), 1));
    let tries = commands::show(&gateway.app, &mail.id).await?.tries;
    assert_eq!(tries[0].code, Some(550));
    assert!(tries[0].said.contains("no such user"), "{}", tries[0].said);
    assert_eq!(server.received().len(), 1);
    Ok(())
}

async fn what_died_before_it_was_recorded_is_sent_again_as_the_same_mail(
    gateway: &TestGateway,
) -> Result<()> {
    let server = gateway.mail()?;
    // Taken, and the word of it lost: the same as a process that dies in between.
    server.answer_mails(&["take and hang up"])?;
    let id = gateway.create(asked(&json!({}))).await?;
    gateway.work().await?;
    gateway.advance(SignedDuration::from_secs(6)).await?;
    let received = server.wait_for(2).await?;
    assert_eq!(received.len(), 2);
    assert_eq!(
        received[0].raw, received[1].raw,
        "byte for byte, the Message-ID too"
    );
    assert_eq!(only(gateway, &id, "request").await?.state, "sent");
    Ok(())
}

async fn a_mail_is_given_up_after_two_days_and_can_be_sent_by_hand(gateway: &TestGateway) -> Result<()> {
    let server = gateway.mail()?;
    server.answer_recipients(&["450 busy"; 100])?;
    let id = gateway
        .create(asked(&json!({"expires_date": "2026-03-30T00:00:00Z"})))
        .await?;
    gateway.work().await?;
    let mut mail = only(gateway, &id, "request").await?;
    while let Some(next) = mail.next_at {
        gateway.advance(next.duration_since(gateway.clock.now())).await?;
        mail = only(gateway, &id, "request").await?;
    }
    let lived = mail.ended_at.unwrap().duration_since(mail.created_at);
    assert!((46..48).contains(&lived.as_hours()), "{lived}");
    assert_eq!(
        (mail.state.as_str(), mail.reason.as_deref()),
        ("failed", Some("two-days-over"))
    );
    assert!(server.received().is_empty());

    let left = 100 - usize::try_from(mail.tries)?;
    commands::resend(&gateway.app, None, &mail.id, Witness::nobody()).await?;
    gateway.work().await?;
    let tried = only(gateway, &id, "request").await?;
    assert_eq!((tried.state.as_str(), tried.tries), ("pending", mail.tries + 1));
    for _ in 1..left {
        commands::resend(&gateway.app, None, &mail.id, Witness::nobody()).await?;
        gateway.work().await?;
    }
    commands::resend(&gateway.app, None, &mail.id, Witness::nobody()).await?;
    gateway.work().await?;
    assert_eq!(only(gateway, &id, "request").await?.state, "sent");
    Ok(())
}

async fn a_request_that_nobody_owes_any_more_is_dropped(gateway: &TestGateway) -> Result<()> {
    let server = gateway.mail()?;
    server.answer_recipients(&["450 busy", "450 busy"])?;
    let deleted = gateway.create(asked(&json!({}))).await?;
    let expired = gateway
        .create(asked(&json!({"expires_date": "2026-03-02T15:00:03Z"})))
        .await?;
    gateway.work().await?;
    gateway
        .call("DELETE", &format!("/v3/payments/{deleted}"), None)
        .await?;
    gateway.advance(SignedDuration::from_secs(6)).await?;
    for (id, reason) in [(&deleted, "deleted"), (&expired, "expired")] {
        let mail = only(gateway, id, "request").await?;
        assert_eq!(
            (mail.state.as_str(), mail.reason.as_deref()),
            ("dropped", Some(reason))
        );
    }
    assert!(server.received().is_empty());
    Ok(())
}

async fn few_mails_are_under_way_at_once(gateway: &TestGateway) -> Result<()> {
    for _ in 0..12 {
        gateway.create(asked(&json!({}))).await?;
    }
    gateway.work().await?;
    let received = gateway.mail()?.wait_for(12).await?;
    let at_once = received.iter().map(|mail| mail.at_once).max().unwrap();
    assert!((1..=4).contains(&at_once), "{at_once} at once");
    Ok(())
}
