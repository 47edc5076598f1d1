//! Payers whose transfer was sent after the backup was taken.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::payer::Payer;
use ayni_testkit::{on_both_engines, truth};
use serde_json::json;

use super::{backed_up, restored};
use crate::bodies::{payment, state};
use crate::refunds::house::read_statement;

on_both_engines!(
    a_transfer_sent_after_the_backup_is_not_authorised_again,
    a_payment_made_after_the_restoration_does_not_wait,
);

const RUT: &str = "11.111.111-1";

async fn a_transfer_sent_after_the_backup_is_not_authorised_again(outer: &TestGateway) -> Result<()> {
    let gateway = TestGateway::start(outer.engine()).await?;
    gateway.work().await?;
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(&gateway)?;
    payer.begin(&id).await?;
    payer.log_in(RUT).await?;
    let backup = backed_up(&gateway).await?;
    let mut other_tab = payer.another_tab(&gateway)?;
    assert_eq!(payer.authorise("11 22 33").await?, "authorised");
    assert_eq!(gateway.bank.book()?.len(), 1, "the transfer was sent");
    gateway.clock.advance_ms(1000);
    let gateway = restored(gateway, backup).await?;
    assert_eq!(state(&gateway, &id).await?, "pending", "as the backup knows it");
    other_tab.open(&format!("/payment/simplified/{id}")).await?;
    assert!(
        other_tab.all("#answer input", "name")?.is_empty(),
        "what was under way has ended: {}",
        other_tab.html()
    );
    let mut again = Payer::at(&gateway)?;
    assert_eq!(again.pay(&id, RUT, "11 22 33").await?, "unavailable");
    assert_eq!(gateway.bank.book()?.len(), 1, "it was not sent again");
    read_statement(&gateway).await?;
    assert_eq!(state(&gateway, &id).await?, "done/normal");
    truth::check(&gateway).await
}

async fn a_payment_made_after_the_restoration_does_not_wait(outer: &TestGateway) -> Result<()> {
    let gateway = TestGateway::start(outer.engine()).await?;
    gateway.work().await?;
    let old = gateway.create(payment(&json!({}))).await?;
    let backup = backed_up(&gateway).await?;
    let gateway = restored(gateway, backup).await?;
    gateway.clock.advance_ms(1);
    let new = gateway.create(payment(&json!({}))).await?;
    assert_eq!(
        Payer::at(&gateway)?.pay(&new, RUT, "11 22 33").await?,
        "authorised"
    );
    read_statement(&gateway).await?;
    assert_eq!(state(&gateway, &new).await?, "done/normal");
    assert_eq!(
        Payer::at(&gateway)?.pay(&old, RUT, "11 22 33").await?,
        "authorised",
        "the statement was read"
    );
    read_statement(&gateway).await?;
    truth::check(&gateway).await
}
