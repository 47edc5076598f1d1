//! Receipts of paid payments: the PDF, and the page that verifies it.

mod reader;
mod serving;
mod verifying;

use anyhow::{Context as _, Result};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::payer::Payer;
use serde_json::{Value, json};

use crate::bodies::payment;

/// Pays a payment of this body; returns it as `GET` tells it, and the browser that paid.
async fn paid(gateway: &TestGateway, body: &Value) -> Result<(Value, Payer)> {
    let id = gateway.create(payment(body)).await?;
    let mut payer = Payer::at(gateway)?;
    payer.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    Ok((gateway.payment(&id).await?, payer))
}

/// The path of a paid payment's receipt.
fn receipt_path(payment: &Value) -> Result<String> {
    let url = payment["receipt_url"].as_str().unwrap_or_default();
    let (_, rest) = url
        .split_once("/payment/")
        .context("the payment has no receipt")?;
    Ok(format!("/payment/{rest}"))
}

/// The path of the page that verifies it.
fn verify_path(payment: &Value) -> Result<String> {
    let path = receipt_path(payment)?;
    let (folder, _) = path.rsplit_once('/').context("no folder")?;
    Ok(format!("{folder}/verify"))
}

/// A body with this subject.
fn about(subject: &str) -> Value {
    json!({"subject": subject})
}
