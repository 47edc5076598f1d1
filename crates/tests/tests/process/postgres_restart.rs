//! PostgreSQL restarted under load, cleanly and by a crash: the gateway goes on by itself and loses nothing.

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use ayni_testkit::payer::Payer;
use serde_json::json;

use crate::cluster::{Cluster, Stop};
use crate::house::{House, now};
use crate::load::{self, Dice};
use crate::shop::Shop;
use crate::verdict;
use crate::wait::{self, Looked, until};

#[test]
fn what_was_acknowledged_survives_restarts_of_postgresql() {
    wait::run(async {
        let seed = wait::seed()?;
        let mut cluster = Cluster::start().await?;
        let mut house = House::on(cluster.url()).await?;
        let shop = Shop::open(seed).await?;
        let (load, mut clients) = load::start(&house, shop, seed, PAYER_PAUSE_MS).await?;
        let dice = Dice::of(seed, 2000);
        for number in 0..RESTARTS {
            load.pause(dice.about_ms(LIFE_MS)).await;
            let how = if number % 2 == 0 {
                Stop::Fast
            } else {
                Stop::Immediate
            };
            cluster.stop(how).await?;
            cluster.start_again().await?;
        }
        load.pause(dice.about_ms(LIFE_MS)).await;
        load.stop.cancel();
        while let Some(ended) = clients.join_next().await {
            ended??;
        }
        ensure!(house.gateway.program()?.ended()?.is_none(), "the gateway ended");
        let unanswered = load.ledger.lock().answers.get(&0).copied().unwrap_or(0);
        verdict::after(&house, &load).await?;
        ensure!(
            unanswered == 0,
            "{unanswered} calls had no answer though the gateway ran"
        );
        Ok(())
    });
}

#[test]
fn while_postgresql_is_down_callers_are_told_so_and_afterwards_all_goes_on() {
    wait::run(async {
        let mut cluster = Cluster::start().await?;
        let house = House::on(cluster.url()).await?;
        let api = house.api()?;
        let order =
            json!({ "amount": 1000, "currency": "CLP", "subject": "Pedido", "transaction_id": "one" });
        let first = api
            .call("POST", "/v3/payments", Some(&order), Some("key"))
            .await?;
        let id = first.json()["payment_id"].as_str().unwrap_or_default().to_owned();
        cluster.stop(Stop::Fast).await?;
        let calls = [
            ("POST", "/v3/payments".to_owned()),
            ("GET", format!("/v3/payments/{id}")),
        ];
        for (method, path) in &calls {
            let answer = api.call(method, path, Some(&order), None).await?;
            let body = answer.json();
            ensure!(
                answer.status == 503 && body["status"] == 503,
                "{method}: {} {body}",
                answer.status
            );
            ensure!(body["message"].is_string(), "{method} says nothing: {body}");
        }
        ensure!(
            api.call("GET", "/readyz", None, None).await?.status == 503,
            "it says that it is ready"
        );
        let mut payer = Payer::of(&api.address, Arc::new(now))?;
        let page = payer.open(&format!("/payment/info/{id}")).await?;
        ensure!(
            page == "unavailable" && payer.status() == 503,
            "{page}: {}",
            payer.status()
        );

        cluster.start_again().await?;
        let again = until("creations to go on", DEADLINE, async || {
            let answer = api
                .call("POST", "/v3/payments", Some(&order), Some("key"))
                .await?;
            Ok(match answer.status.as_u16() {
                200 => Looked::There(answer),
                _ => Looked::NotYet(answer.text()),
            })
        })
        .await?;
        ensure!(again.json()["payment_id"] == id.as_str(), "{}", again.text());
        ensure!(
            api.payment(&id).await?.status == 200,
            "what was acknowledged is not there"
        );
        Ok(())
    });
}

const DEADLINE: Duration = Duration::from_secs(20);
/// Four payers' logins in such a run stay below what one address may send.
const PAYER_PAUSE_MS: u64 = 900;
const RESTARTS: u32 = 6;
const LIFE_MS: u64 = 1500;
