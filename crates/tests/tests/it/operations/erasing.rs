//! Data is kept for a day, sealed, and then only the metadata.

use anyhow::Result;
use ayni_gateway::notices::commands;
use ayni_gateway::told::Filter;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;

use super::calls::{DEBT, PASSWORD, RUT, SERVICES, debt, envelope, of_debt, of_services};

on_both_engines!(
    an_answer_is_erased_a_day_after_it_was_given,
    a_callbacks_answer_is_erased_a_day_after_its_delivery_or_when_its_two_days_end,
    arguments_and_logins_go_as_soon_as_the_visit_is_over,
);

async fn an_answer_is_erased_a_day_after_it_was_given(gateway: &TestGateway) -> Result<()> {
    let mut told = Vec::new();
    for client in ["25252525", "90004020"] {
        let before = envelope(&debt(gateway, client).await?)?;
        let path = format!("/v1/operations/{}", before["OperationId"].as_str().unwrap());
        told.push((before, path));
    }
    gateway.advance(SignedDuration::from_hours(23)).await?;
    for (before, path) in &told {
        assert_eq!(&envelope(&gateway.call("GET", path, None).await?)?, before);
    }
    gateway.advance(SignedDuration::from_hours(1)).await?;
    for (before, path) in &told {
        let after = envelope(&gateway.call("GET", path, None).await?)?;
        assert!(after["Data"].is_null() && after["AdditionalInformation"].is_string());
        assert_eq!(after["Status"], before["Status"]);
        assert_eq!(after["Error"]["Code"], before["Error"]["Code"]);
    }
    Ok(())
}

async fn a_callbacks_answer_is_erased_a_day_after_its_delivery_or_when_its_two_days_end(
    gateway: &TestGateway,
) -> Result<()> {
    let merchant = Merchant::start().await?;
    let accepted = envelope(
        &gateway
            .call("POST", DEBT, Some(of_debt("25252525", Some(&merchant.url("/c")))))
            .await?,
    )?;
    gateway.work().await?;
    let path = format!("/v1/operations/{}", accepted["OperationId"].as_str().unwrap());
    gateway.advance(SignedDuration::from_hours(23)).await?;
    assert!(gateway.call("GET", &path, None).await?.json()["Data"].is_object());
    gateway.advance(SignedDuration::from_hours(2)).await?;
    assert!(gateway.call("GET", &path, None).await?.json()["Data"].is_null());

    merchant.reply_always(Reply::Status(500));
    let body = of_debt("25252525", Some(&merchant.url("/never")));
    gateway.call("POST", DEBT, Some(body)).await?;
    gateway.work().await?;
    for _ in 0..50 {
        gateway.advance(SignedDuration::from_hours(1)).await?;
    }
    let kept = rows(
        &gateway.app.db,
        "SELECT id FROM operations WHERE answer_sealed IS NOT NULL",
    )
    .await?;
    assert!(kept.is_empty());
    let notices = commands::list(
        &gateway.app.db,
        Filter {
            limit: 9,
            ..Filter::default()
        },
    )
    .await?;
    assert_eq!(notices[0].state, "spent");
    Ok(())
}

async fn arguments_and_logins_go_as_soon_as_the_visit_is_over(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let body = of_services(RUT, PASSWORD, Some(&merchant.url("/c")));
    gateway.call("POST", SERVICES, Some(body)).await?;
    let sealed = async || {
        rows(
            &gateway.app.db,
            "SELECT id FROM operations WHERE request_sealed IS NOT NULL",
        )
        .await
    };
    assert_eq!(sealed().await?.len(), 1);
    gateway.work().await?;
    assert_eq!(sealed().await?.len(), 0);
    assert_eq!(merchant.received().len(), 1);
    Ok(())
}
