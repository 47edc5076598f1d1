//! Settlements, held payments and payout accounts, by way of the console.

use anyhow::{Context as _, Result};
use ayni_domain::role::Role;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

use crate::settlement::house::{only, paid, set_payout_account, until};

on_both_engines!(
    a_settlement_is_shown_with_its_payments_and_as_files_to_its_account_only,
    a_held_payment_is_confirmed_and_settled_on_the_next_business_day,
    what_waits_for_an_account_is_told_until_it_is_set,
    a_list_goes_on_where_its_page_ended,
);

async fn a_settlement_is_shown_with_its_payments_and_as_files_to_its_account_only(
    gateway: &TestGateway,
) -> Result<()> {
    set_payout_account(gateway).await?;
    let id = paid(gateway, &json!({"transaction_id": "=pedido-7"})).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let settlement = only(gateway).await?.settlement.id;

    let mut reader = gateway.console_as(Role::ReadOnly).await?;
    reader.open("/console/settlements").await?;
    let listed = reader.text("#settlements").context("no settlements")?;
    assert!(
        listed.contains("3 de marzo de 2026") && listed.contains("$1.000"),
        "{listed}"
    );
    let path = format!("/console/settlements/{settlement}");
    assert_eq!(reader.open(&path).await?, "settlement");
    assert_eq!(reader.text("#paid-out").as_deref(), Some("$1.000"));
    assert_eq!(reader.text("#state").as_deref(), Some("Pagada"));
    assert_eq!(
        reader.text("#order-state").as_deref(),
        Some("Vista en la cartola")
    );
    assert!(reader.text("#lines").context("no lines")?.contains(&id));

    reader.open(&format!("{path}/lines.csv")).await?;
    let expected = format!(
        "payment_id,transaction_id,amount,fee,integrator_fee,refunded,net\r\n{id},'=pedido-7,1000,0,0,0,1000\r\n"
    );
    assert_eq!(reader.html(), expected, "no spreadsheet takes it for a formula");
    let disposition = format!("attachment; filename=\"{settlement}.csv\"");
    assert_eq!(reader.header("content-disposition"), Some(disposition.as_str()));
    reader.open(&format!("{path}/rendition.json")).await?;
    let rendition: serde_json::Value = serde_json::from_str(&reader.html())?;
    assert_eq!(rendition["payments"][0]["payment_id"], json!(id));

    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    let mut stranger = gateway
        .console_of(other.receiver_id, "otra@example.com", Role::Owner)
        .await?;
    for path in [
        path.clone(),
        format!("{path}/lines.csv"),
        format!("{path}/rendition.json"),
    ] {
        assert_eq!(stranger.open(&path).await?, "not-found", "{path}");
    }
    stranger.open("/console/settlements").await?;
    assert!(stranger.text("#settlements").is_none());
    Ok(())
}

async fn a_held_payment_is_confirmed_and_settled_on_the_next_business_day(
    gateway: &TestGateway,
) -> Result<()> {
    set_payout_account(gateway).await?;
    let id = paid(gateway, &json!({"confirm_timeout_date": "2026-03-20T13:00:00Z"})).await?;
    let mut collector = gateway.console_as(Role::Collector).await?;
    collector.open("/console/settlements").await?;
    assert!(collector.text("#held").context("none held")?.contains(&id));
    let form = "form[action=\"/console/settlements/confirm\"]";
    let chosen = [("payment", id.as_str())];
    assert_eq!(collector.submit(form, &chosen).await?, "settlements");
    assert!(
        collector
            .text("#flash")
            .context("nothing said")?
            .starts_with("El pago fue confirmado")
    );
    assert!(collector.text("#held").is_none());
    until(gateway, "2026-03-03T17:05:00Z").await?;
    assert_eq!(only(gateway).await?.lines[0].payment.as_str(), id);
    let mut owner = gateway.console().await?;
    owner.open("/console/audit").await?;
    assert!(owner.html().contains("payment.confirm"));
    Ok(())
}

async fn what_waits_for_an_account_is_told_until_it_is_set(gateway: &TestGateway) -> Result<()> {
    paid(gateway, &json!({})).await?;
    let mut owner = gateway.console().await?;
    owner.open("/console/settlements").await?;
    assert_eq!(owner.text("[data-balance=collected]").as_deref(), Some("$1.000"));
    let waits = owner
        .text("[aria-labelledby=balances-heading] .note")
        .context("no reason")?;
    assert!(waits.starts_with("Lo cobrado en CLP espera"), "{waits}");

    let wrong = [
        ("number", "12 34"),
        ("holder", ""),
        ("identifier", "76.086.428-4"),
        ("email", "nadie"),
    ];
    owner.submit("#payout-account", &wrong).await?;
    assert_eq!(owner.status(), 422);
    for problem in [
        "#number-problem",
        "#holder-problem",
        "#identifier-problem",
        "#email-problem",
    ] {
        assert!(owner.text(problem).is_some(), "{problem}");
    }
    let right = [
        ("number", "00-123-45678-09"),
        ("holder", "Panadería Sol SpA"),
        ("identifier", "76.086.428-5"),
        ("email", "pagos@sol.example"),
    ];
    assert_eq!(owner.submit("#payout-account", &right).await?, "step-up");
    assert!(owner.text("#act").context("no act")?.contains("····7809"));
    assert_eq!(owner.confirm().await?, "settlements");
    let shown = owner.text("#payout-accounts").context("no account")?;
    assert!(
        shown.contains("····7809") && shown.contains("Panadería Sol SpA"),
        "{shown}"
    );
    assert!(!owner.html().contains("00-123-45678-09"));
    let waits = owner
        .text("[aria-labelledby=balances-heading] .note")
        .context("no date")?;
    assert!(waits.contains("2 de marzo de 2026, 14:00"), "{waits}");
    owner.open("/console/audit").await?;
    assert!(owner.html().contains("payout_account CLP") && !owner.html().contains("45678"));
    Ok(())
}

async fn a_list_goes_on_where_its_page_ended(gateway: &TestGateway) -> Result<()> {
    let account = gateway.receiver_id;
    gateway
        .app
        .db
        .write("test.settlements", move |tx| {
            for number in 1..=60_i64 {
                let (id, day) = (
                    format!("{account}-1-{number:03}"),
                    format!("2025-{:02}-10", number % 12 + 1),
                );
                tx.exec(
                    INSERT_SETTLEMENT,
                    &[
                        id.as_str().into(),
                        account.into(),
                        day.as_str().into(),
                        number.into(),
                    ],
                )?;
            }
            Ok::<_, ayni_store::error::StoreError>(())
        })
        .await?;
    let mut owner = gateway.console().await?;
    let (mut path, mut seen) = ("/console/settlements".to_owned(), Vec::new());
    loop {
        owner.open(&path).await?;
        let html = owner.html();
        let found = html.split("/console/settlements/").skip(1);
        let ids = found.filter_map(|rest| rest.split('"').next());
        seen.extend(ids.filter(|id| id.contains("-1-")).map(str::to_owned));
        match owner.attribute("#older", "href") {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!(seen.len(), 60);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 60, "none twice");
    clear(gateway).await
}

/// The made-up settlements would not stand the comparison at the test's end.
async fn clear(gateway: &TestGateway) -> Result<()> {
    let cleared = gateway.app.db.write("test.clear", |tx| {
        tx.exec("DELETE FROM settlements", &[])?;
        Ok::<_, ayni_store::error::StoreError>(())
    });
    Ok(cleared.await?)
}

const INSERT_SETTLEMENT: &str = "\
    INSERT INTO settlements (id, account_id, collecting_id, day, number, currency, made_at, payments, amount, fee, \
                             integrator_fee, refunded, carried, paid_out, state, order_id) \
    VALUES ($1, $2, 1, $3, $4, 'CLP', 0, 1, 10000, 0, 0, 0, 0, 10000, 'paid', $1)";
