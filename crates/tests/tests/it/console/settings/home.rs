//! The home page: its figures are those of what happened, whoever adds them up and however often.

use anyhow::{Context as _, Result};
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::run::all_at_once;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

use crate::bodies::payment;
use crate::notices::told::paid_with;
use crate::settlement::house::paid;

on_both_engines!(
    figures_are_there_at_once_and_stay_the_same_once_they_are_summed,
    a_day_of_chile_ends_at_its_midnight,
    nodes_that_sum_at_once_count_everything_once,
    what_needs_attention_is_named_with_the_way_to_it,
);

/// What the page says: paid, success, time.
async fn figures(person: &mut Person) -> Result<[String; 3]> {
    assert_eq!(person.open("/console").await?, "home");
    let of = |name: &str| {
        let found = person.text(&format!("[data-figure={name}]"));
        found.with_context(|| format!("no {name} on {}", person.html()))
    };
    Ok([of("volume")?, of("success")?, of("took")?])
}

async fn sums(gateway: &TestGateway) -> Result<Vec<(String, String, String, i64)>> {
    let found = rows(
        &gateway.app.db,
        "SELECT day, measure, part, value FROM daily_sums ORDER BY day, measure, part",
    );
    found
        .await?
        .iter()
        .map(|row| Ok((row.text(0)?, row.text(1)?, row.text(2)?, row.int(3)?)))
        .collect()
}

async fn figures_are_there_at_once_and_stay_the_same_once_they_are_summed(
    gateway: &TestGateway,
) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console").await?;
    assert!(owner.text("#empty").is_some() && owner.text("#all-well").is_some());
    for amount in [1000, 2500] {
        paid(gateway, &json!({"amount": amount})).await?;
    }
    gateway.create(payment(&json!({}))).await?;
    let before = figures(&mut owner).await?;
    assert_eq!(before[..2], ["$3.500".to_owned(), "100 %".to_owned()]);
    gateway.advance(SignedDuration::from_secs(90)).await?;
    assert!(!sums(gateway).await?.is_empty());
    assert_eq!(figures(&mut owner).await?, before);
    gateway.work().await?;
    assert_eq!(figures(&mut owner).await?, before, "nothing is added twice");
    Ok(())
}

async fn a_day_of_chile_ends_at_its_midnight(gateway: &TestGateway) -> Result<()> {
    // The statement is read half a minute after each transfer: at 23:59:30 of Monday, and at 00:00:01 of Tuesday.
    let start = gateway.clock.now();
    let at = |text: &str| -> Result<SignedDuration> {
        Ok(text.parse::<jiff::Timestamp>()?.duration_since(start) - SignedDuration::from_secs(31))
    };
    gateway.advance(at("2026-03-03T02:59:30Z")?).await?;
    paid(gateway, &json!({})).await?;
    paid(gateway, &json!({"amount": 2000})).await?;
    gateway.advance(SignedDuration::from_secs(90)).await?;
    let amounts: Vec<(String, i64)> = sums(gateway)
        .await?
        .into_iter()
        .filter(|(_, measure, _, _)| measure == "amount")
        .map(|(day, _, _, value)| (day, value / 10_000))
        .collect();
    assert_eq!(
        amounts,
        [("2026-03-02".to_owned(), 1000), ("2026-03-03".to_owned(), 2000)]
    );
    Ok(())
}

async fn nodes_that_sum_at_once_count_everything_once(gateway: &TestGateway) -> Result<()> {
    for _ in 0..5 {
        let id = gateway.create(payment(&json!({}))).await?;
        gateway
            .bank
            .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
            .await?;
    }
    gateway.advance(SignedDuration::from_secs(31)).await?;
    gateway.clock.advance_ms(90_000);
    let worked = all_at_once((0..4).map(|_| gateway.work())).await;
    worked.into_iter().collect::<Result<Vec<()>>>()?;
    let paid: Vec<i64> = sums(gateway)
        .await?
        .into_iter()
        .filter(|(_, measure, _, _)| measure == "paid")
        .map(|(_, _, _, value)| value)
        .collect();
    assert_eq!(paid, [5]);
    Ok(())
}

async fn what_needs_attention_is_named_with_the_way_to_it(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_always(Reply::Status(500));
    paid_with(gateway, &json!({"notify_url": merchant.url("/n")})).await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 777, "nada")
        .await?;
    gateway.advance(SignedDuration::from_secs(31)).await?;
    let mut owner = gateway.console().await?;
    owner.open("/console").await?;
    for (id, said, href) in [
        (
            "failing",
            "1 notificación falló y se reintenta",
            "/console/deliveries",
        ),
        (
            "review",
            "1 movimiento espera que alguien lo revise",
            "/console/review",
        ),
    ] {
        let link = format!("#attention-{id}");
        assert_eq!(owner.text(&link).as_deref(), Some(said), "{}", owner.html());
        assert_eq!(owner.attribute(&link, "href").as_deref(), Some(href));
    }
    merchant.reply_always(Reply::Status(200));
    gateway.advance(SignedDuration::from_hours(1)).await?;
    owner.open("/console").await?;
    assert!(owner.text("#attention-failing").is_none());
    Ok(())
}
