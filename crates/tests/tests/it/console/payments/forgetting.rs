//! A person who is erased is not found any more; the payment is.

use anyhow::Result;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_gateway::console::payments::search;
use ayni_store::error::StoreError;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::find;
use crate::bodies::payment;

on_both_engines!(
    a_person_who_is_forgotten_is_not_found_but_the_payment_is,
    what_was_not_walked_to_yet_can_be_forgotten_too,
);

async fn forget(gateway: &TestGateway, id: &str) -> Result<()> {
    let (account, id) = (AccountId(gateway.receiver_id), PaymentId::parse(id)?);
    let forgotten = gateway.app.db.write("test.forget", move |tx| {
        search::forget(tx, account, &[id])?;
        Ok::<_, StoreError>(())
    });
    Ok(forgotten.await?)
}

async fn a_person_who_is_forgotten_is_not_found_but_the_payment_is(gateway: &TestGateway) -> Result<()> {
    let body = json!({
        "subject": "Arriendo", "payer_name": "Ana Rojas", "payer_email": "ana@example.com",
        "fixed_payer_personal_identifier": "12.345.678-5",
    });
    let ids = [
        gateway.create(payment(&body)).await?,
        gateway.create(payment(&body)).await?,
    ];
    gateway.work().await?;
    forget(gateway, &ids[0]).await?;
    gateway.work().await?;
    let mut person = gateway.console().await?;
    for typed in ["rojas", "ana@example.com", "12.345.678-5"] {
        assert_eq!(find(&mut person, typed).await?, [ids[1].clone()], "{typed}");
    }
    assert_eq!(find(&mut person, "arriendo").await?.len(), 2);
    Ok(())
}

async fn what_was_not_walked_to_yet_can_be_forgotten_too(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({"subject": "Arriendo"}))).await?;
    forget(gateway, &id).await?;
    gateway.work().await?;
    let mut person = gateway.console().await?;
    assert_eq!(find(&mut person, "arriendo").await?, [id]);
    Ok(())
}
