//! Reading the statement: each line once, all of it, and nothing is done without it.

use anyhow::Result;
use ayni_domain::ids::PaymentId;
use ayni_gateway::reconciliation::review;
use ayni_gateway::witness::Witness;
use ayni_store::error::StoreError;
use ayni_testkit::account;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

use super::movements::{account_in_pesos, all, read_again};
use crate::bodies::{payment, state};

on_both_engines!(
    while_the_bank_is_down_nothing_becomes_done,
    a_line_is_stored_once_however_often_it_is_read,
    a_statement_of_many_pages_is_read_to_its_known_part,
    money_that_left_the_account_settles_nothing,
    a_replaced_login_is_read_with_at_once,
    a_movement_that_always_errs_waits_for_a_person_and_blocks_no_other,
);

async fn while_the_bank_is_down_nothing_becomes_done(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = gateway
        .create(payment(&json!({"notify_url": merchant.url("/")})))
        .await?;
    let mut payer = Payer::at(gateway)?;
    assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
    gateway.bank.stop().await?;
    for _ in 0..5 {
        read_again(gateway).await?;
        assert_eq!(payer.open(&format!("/payment/end/{id}")).await?, "authorised");
        assert_eq!(state(gateway, &id).await?, "verifying");
    }
    assert!(merchant.received().is_empty());
    gateway.bank.start_again().await?;
    read_again(gateway).await?;
    assert_eq!(
        (state(gateway, &id).await?.as_str(), merchant.received().len()),
        ("done/normal", 1)
    );
    Ok(())
}

async fn a_line_is_stored_once_however_often_it_is_read(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = gateway
        .create(payment(&json!({"notify_url": merchant.url("/")})))
        .await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
        .await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 77, "otro")
        .await?;
    for _ in 0..4 {
        read_again(gateway).await?;
        assert_eq!(all(gateway).await?.len(), 2);
    }
    assert_eq!(merchant.received().len(), 1);
    Ok(())
}

async fn a_statement_of_many_pages_is_read_to_its_known_part(gateway: &TestGateway) -> Result<()> {
    for number in 0..230 {
        gateway
            .bank
            .transfer("44.444.444-4", MERCHANT_RUT, 1 + number, "")
            .await?;
        gateway.clock.advance_ms(1);
    }
    read_again(gateway).await?;
    assert_eq!(all(gateway).await?.len(), 230);
    let id = gateway.create(payment(&json!({}))).await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
        .await?;
    for number in 0..120 {
        gateway
            .bank
            .transfer("44.444.444-4", MERCHANT_RUT, 1 + number, "")
            .await?;
    }
    read_again(gateway).await?;
    assert_eq!(
        (all(gateway).await?.len(), state(gateway, &id).await?.as_str()),
        (351, "done/normal")
    );
    Ok(())
}

async fn money_that_left_the_account_settles_nothing(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    gateway
        .bank
        .transfer(MERCHANT_RUT, "44.444.444-4", 1000, &id)
        .await?;
    read_again(gateway).await?;
    let movements = all(gateway).await?;
    assert_eq!((movements.len(), movements[0].state.as_str()), (1, "debit"));
    assert_eq!(state(gateway, &id).await?, "pending");
    Ok(())
}

async fn a_replaced_login_is_read_with_at_once(gateway: &TestGateway) -> Result<()> {
    let uuid = account_in_pesos(gateway).await?;
    let log_in_with = async |password: &str| -> Result<()> {
        account::replace_login(&gateway.app, &uuid, MERCHANT_RUT, password).await?;
        gateway.work().await
    };
    log_in_with("changed").await?;
    let id = gateway.create(payment(&json!({}))).await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
        .await?;
    read_again(gateway).await?;
    assert_eq!(
        state(gateway, &id).await?,
        "pending",
        "the bank refuses the login"
    );
    log_in_with("1234").await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    Ok(())
}

async fn a_movement_that_always_errs_waits_for_a_person_and_blocks_no_other(
    gateway: &TestGateway,
) -> Result<()> {
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = gateway.create(payment(&json!({}))).await?;
        gateway
            .bank
            .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
            .await?;
        ids.push(id);
        gateway.clock.advance_ms(1);
    }
    write_details(gateway, &ids[1], "{").await?;
    read_again(gateway).await?;
    let movements = all(gateway).await?;
    let states: Vec<&str> = movements.iter().map(|one| one.state.as_str()).collect();
    assert_eq!(states, ["matched", "review", "matched"]);
    assert!(
        movements[1].reason.starts_with("not-settled: "),
        "{}",
        movements[1].reason
    );
    for id in [&ids[0], &ids[2]] {
        assert_eq!(state(gateway, id).await?, "done/normal");
    }

    write_details(gateway, &ids[1], "{}").await?;
    let (account, damaged) = (account_in_pesos(gateway).await?, PaymentId::parse(&ids[1])?);
    review::assign(
        &gateway.app,
        &account,
        &movements[1].id,
        damaged,
        Witness::nobody(),
    )
    .await?;
    assert_eq!(state(gateway, &ids[1]).await?, "done/normal");
    Ok(())
}

/// Writes a payment's optional fields past the program, as a damaged database or another version may have them.
async fn write_details(gateway: &TestGateway, id: &str, details: &'static str) -> Result<()> {
    let id = id.to_owned();
    let written: Result<u64, StoreError> = gateway
        .app
        .db
        .write("test.details", move |tx| {
            tx.exec(
                "UPDATE payments SET details = $2 WHERE id = $1",
                &[id.as_str().into(), details.into()],
            )
        })
        .await;
    assert_eq!(written?, 1);
    Ok(())
}
