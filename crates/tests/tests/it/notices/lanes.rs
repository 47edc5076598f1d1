//! A dead receiver delays nobody else.

use std::time::Duration;

use anyhow::Result;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway, Wishes};
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::told::all;
use crate::bodies::payment;

on_both_engines!(with patient; fifty_notices_to_a_dead_receiver_delay_no_other);

/// Longer than the whole test: who waits for the dead receiver fails it.
fn patient() -> Wishes {
    Wishes {
        delivery_timeout: Duration::from_secs(3600),
        ..Wishes::default()
    }
}

async fn fifty_notices_to_a_dead_receiver_delay_no_other(gateway: &TestGateway) -> Result<()> {
    let (dead, alive) = (Merchant::start().await?, Merchant::start().await?);
    dead.reply_always(Reply::Never);
    for number in 0..51 {
        let merchant = if number < 50 { &dead } else { &alive };
        let id = gateway
            .create(payment(&json!({"notify_url": merchant.url("/n")})))
            .await?;
        gateway
            .bank
            .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
            .await?;
    }
    gateway.clock.advance_ms(31_000);
    let told = tokio::select! {
        worked = gateway.work() => panic!("the dead receiver answered: {worked:?}"),
        told = alive.wait_for(1) => told?,
    };
    assert_eq!(told.len(), 1);
    assert_eq!(all(gateway).await?.len(), 51);
    Ok(())
}
