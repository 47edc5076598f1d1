//! Links that can't be used, or changed under a payer's hands.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_gateway::merchants::accounts;
use ayni_gateway::payer::limits::ORDERS_PER_ADDRESS_MAX;
use ayni_gateway::payment_links::commands;
use ayni_gateway::witness::Witness;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;
use serde_json::json;

use super::house::{form, link, page_of, path, payment_of, send, uses};

on_both_engines!(
    a_link_that_ended_says_so_and_makes_nothing,
    a_link_that_changed_is_shown_anew_before_anything_is_made,
    one_address_makes_so_many_payments_and_then_waits,
);

async fn a_link_that_ended_says_so_and_makes_nothing(gateway: &TestGateway) -> Result<()> {
    let account = AccountId(gateway.receiver_id);
    let expires = json!({ "amount": 4500, "expires_date": "2026-03-02T16:00:00Z" });
    let (expiring, once) = (
        link(gateway, expires).await?,
        link(gateway, json!({ "amount": 4500, "uses_max": 1 })).await?,
    );
    let off = link(gateway, json!({ "amount": 4500 })).await?;
    let forms = [
        form(gateway, expiring.code).await?,
        form(gateway, once.code).await?,
        form(gateway, off.code).await?,
    ];
    let last = send(gateway, once.code, &form(gateway, once.code).await?, &[]).await?;
    assert_eq!(last.status, 303);
    gateway.advance(SignedDuration::from_hours(1)).await?;
    commands::set_active(&gateway.app, account, off.code, false, Witness::nobody()).await?;
    let ended = [
        (expiring.code, "payment-link-expired"),
        (once.code, "payment-link-exhausted"),
        (off.code, "payment-link-inactive"),
    ];
    for ((code, page), hidden) in ended.into_iter().zip(&forms) {
        let looked = gateway.call_as("GET", &path(code), &[]).await?;
        let sent = send(gateway, code, hidden, &[]).await?;
        for answer in [looked, sent] {
            assert_eq!((answer.status.as_u16(), page_of(&answer).as_str()), (410, page));
        }
    }
    commands::set_active(&gateway.app, account, off.code, true, Witness::nobody()).await?;
    assert_eq!(send(gateway, off.code, &forms[2], &[]).await?.status, 303);
    accounts::set_disabled(&gateway.app, account, true).await?;
    assert_eq!(
        page_of(&gateway.call_as("GET", &path(off.code), &[]).await?),
        "payment-link-inactive"
    );
    let missing = gateway
        .call_as("GET", "/payment/process/aaaaaaaaaaaa", &[])
        .await?;
    assert_eq!(
        (missing.status.as_u16(), page_of(&missing).as_str()),
        (404, "payment-link-missing")
    );
    Ok(())
}

async fn a_link_that_changed_is_shown_anew_before_anything_is_made(gateway: &TestGateway) -> Result<()> {
    let link = link(gateway, json!({ "amount": 4500 })).await?;
    let hidden = form(gateway, link.code).await?;
    let account = accounts::find(&gateway.app.db, link.account).await?;
    let dearer = json!({ "amount": 5000, "currency": "CLP", "subject": "Entrada" }).to_string();
    let change = |version| {
        let change = commands::change(
            &gateway.app,
            &account,
            (link.code, version),
            dearer.as_bytes(),
            Lang::Es,
            Witness::nobody(),
        );
        Box::pin(change)
    };
    change(1).await?;
    assert!(change(1).await.is_err(), "of two who change it one is told");
    let answer = send(gateway, link.code, &hidden, &[]).await?;
    assert_eq!(
        (answer.status.as_u16(), page_of(&answer).as_str()),
        (409, "payment-link")
    );
    assert!(answer.text().contains("$5.000") && answer.text().contains("id=\"notice\""));
    assert_eq!(uses(gateway, link.code).await?, (0, 0));
    let answer = send(gateway, link.code, &form(gateway, link.code).await?, &[]).await?;
    let payment = gateway.payment(&payment_of(&answer).unwrap()).await?;
    assert_eq!(payment["amount"], "5000.0000");
    Ok(())
}

async fn one_address_makes_so_many_payments_and_then_waits(gateway: &TestGateway) -> Result<()> {
    let link = link(gateway, json!({ "amount": 4500 })).await?;
    let now = gateway.clock.now();
    let here = Some("127.0.0.1".parse()?);
    assert!((0..ORDERS_PER_ADDRESS_MAX).all(|_| gateway.app.payer_limits.take_order(here, now)));
    let hidden = form(gateway, link.code).await?;
    let answer = send(gateway, link.code, &hidden, &[]).await?;
    assert_eq!(answer.status, 429);
    gateway.advance(SignedDuration::from_mins(10)).await?;
    assert_eq!(send(gateway, link.code, &hidden, &[]).await?.status, 303);
    Ok(())
}
