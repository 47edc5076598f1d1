//! A payment that is paid and told of, and what is recorded of the telling.

use anyhow::Result;
use ayni_gateway::notices::commands;
use ayni_gateway::notices::{NoticeEntry, TryEntry};
use ayni_gateway::told::Filter;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use serde_json::{Value, json};

use crate::bodies::payment;

/// Creates a payment told to `url`, and its money arrives; the first try is made.
pub async fn paid(gateway: &TestGateway, url: &str) -> Result<String> {
    paid_with(gateway, &json!({"notify_url": url})).await
}

/// The same with these fields.
pub async fn paid_with(gateway: &TestGateway, fields: &Value) -> Result<String> {
    let id = gateway.create(payment(fields)).await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
        .await?;
    gateway.advance(jiff::SignedDuration::from_secs(31)).await?;
    Ok(id)
}

/// The only notice, and its tries.
pub async fn only(gateway: &TestGateway) -> Result<(NoticeEntry, Vec<TryEntry>)> {
    let listed = all(gateway).await?;
    assert_eq!(listed.len(), 1);
    let (notice, _, tries) = commands::show(&gateway.app.db, &listed[0].id).await?;
    Ok((notice, tries))
}

/// Every notice, newest first.
pub async fn all(gateway: &TestGateway) -> Result<Vec<NoticeEntry>> {
    let filter = Filter {
        limit: 1000,
        ..Filter::default()
    };
    Ok(commands::list(&gateway.app.db, filter).await?)
}
