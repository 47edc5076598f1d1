//! Merchants' programs that give money back, classic and out of the wallet, whatever becomes of the gateway meanwhile.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_sandbox::bank::DemoBank;
use serde_json::{Value, json};

use crate::load::Load;
use crate::wait::{Looked, until};

/// A refund as a merchant's program asks for it, until it is answered for good.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its `Idempotency-Key`.
    pub key: String,
    /// Where it is sent.
    pub path: String,
    /// Its body.
    pub body: Value,
    /// The status that ended it: 200, or 400 for a refusal.
    pub status: u16,
}

/// Adds money to the wallet, before anything is killed, and waits until it is there.
pub async fn top_up(load: &Load, bank: &DemoBank, account: &str) -> Result<()> {
    let wallet = load.api.call("GET", WALLET, None, None).await?.json();
    let url = wallet["add_funds_url"].as_str().unwrap_or_default();
    let (_, reference) = url.rsplit_once('/').context("no wallet")?;
    let payer = Rut::parse("11.111.111-1")?;
    let moved = bank.transfer_by_hand(payer, account, FUNDS, Currency::Clp, reference);
    moved.await??;
    until("the wallet to be filled", TOP_UP_DEADLINE, async || {
        let wallet = load.api.call("GET", WALLET, None, None).await?.json();
        Ok(match wallet["balance"] == FUNDS.to_string() {
            true => Looked::There(()),
            false => Looked::NotYet(wallet.to_string()),
        })
    })
    .await
}

/// Refunds payments that were told of, in parts and at once, until the load ends.
pub async fn refund(load: Arc<Load>, client: u64) -> Result<()> {
    let dice = load.dice(client);
    for turn in 0u64.. {
        if load.stop.is_cancelled() {
            break;
        }
        let paid: Vec<String> = load.shop.deliveries().into_keys().collect();
        let place = dice.below(paid.len() as u64);
        if let Some(id) = paid.get(usize::try_from(place)?) {
            let part = (!dice.one_in(3)).then(|| 100 + dice.below(900));
            let is_classic = dice.one_in(2);
            let (path, body) = request(id, part, is_classic);
            ask(&load, format!("refund-{client}-{turn}"), path, body).await?;
        }
        load.pause(dice.about_ms(REFUND_PAUSE_MS)).await;
    }
    Ok(())
}

fn request(id: &str, part: Option<u64>, is_classic: bool) -> (String, Value) {
    match (is_classic, part) {
        (true, Some(part)) => (format!("/v3/payments/{id}/refunds"), json!({"amount": part})),
        (true, None) => (format!("/v3/payments/{id}/refunds"), json!({})),
        (false, Some(part)) => (
            "/v3/refunds".to_owned(),
            json!({"type": "partial", "payment_id": id, "amount": part.to_string()}),
        ),
        (false, None) => (
            "/v3/refunds".to_owned(),
            json!({"type": "full", "payment_id": id}),
        ),
    }
}

/// Sends a refund with its key until it is answered for good, also after the load was ended.
async fn ask(load: &Load, key: String, path: String, body: Value) -> Result<()> {
    for _ in 0..SENDS_MAX {
        let sent = load.api.call("POST", &path, Some(&body), Some(&key)).await;
        let status = sent.as_ref().map_or(0, |answer| answer.status.as_u16());
        load.ledger.answered(status);
        match (sent, status) {
            (_, 200 | 400) => {
                let asked = Asked {
                    key,
                    path,
                    body,
                    status,
                };
                load.ledger.lock().refunds.push(asked);
                return Ok(());
            }
            (Ok(answer), status) => ensure!(
                matches!(status, 409 | 503),
                "refund {key}: {status} {}",
                answer.text()
            ),
            (Err(_), _) => {}
        }
        tokio::time::sleep(RETRY_PAUSE).await;
    }
    anyhow::bail!("refund {key} was never answered")
}

const WALLET: &str = "/v3/refund-wallet/balance";
const FUNDS: Amount = Amount::from_units(400_000);
const TOP_UP_DEADLINE: Duration = Duration::from_secs(60);
const REFUND_PAUSE_MS: u64 = 200;
const RETRY_PAUSE: Duration = Duration::from_millis(100);
/// Longer than any restart.
const SENDS_MAX: u32 = 400;
