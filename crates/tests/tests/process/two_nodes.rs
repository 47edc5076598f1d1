//! Two gateways on one PostgreSQL: what a killed one had begun, the other finishes.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use ayni_testkit::engine::Engine;
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::payer::Payer;
use serde_json::{Value, json};

use crate::api::Api;
use crate::balancer::Balancer;
use crate::house::{House, Node, now};
use crate::wait::{self, Looked, until};

#[test]
fn an_attempt_begun_at_a_killed_node_is_finished_at_another() {
    wait::run(async {
        let (mut house, mut other, api) = two_nodes().await?;
        other.start().await?;
        let door = Balancer::open(&house.gateway.address()).await?;
        let (begun, logged_in) = (create(&api, None).await?, create(&api, None).await?);
        let mut payers = [
            Payer::of(&door.address(), Arc::new(now))?,
            Payer::of(&door.address(), Arc::new(now))?,
        ];
        payers[0].begin(&begun).await?;
        payers[1].begin(&logged_in).await?;
        payers[1].log_in(RUT).await?;

        house.gateway.kill()?;
        door.lead_to(&other.address());
        if payers[0].log_in(RUT).await.is_err() {
            // The browser wrote on the connection that died with the node, before it saw that: nothing arrived.
            payers[0].log_in(RUT).await?;
        }
        let api = Api {
            address: other.address(),
            ..api
        };
        for (payer, id) in payers.iter_mut().zip([&begun, &logged_in]) {
            let page = payer.authorise("11 22 33").await?;
            ensure!(page == "authorised", "{page}: {}", payer.html());
            is_done(&api, id).await?;
        }
        Ok(())
    });
}

#[test]
fn what_a_killed_node_had_to_do_is_done_by_another() {
    wait::run(async {
        let (mut house, mut other, api) = two_nodes().await?;
        let merchant = Merchant::start().await?;
        merchant.reply_next([Reply::Never]);
        let told = create(&api, Some(merchant.url("/webhook"))).await?;
        pay(&api, &told).await?;
        merchant.wait_for(1).await?;
        let unseen = create(&api, Some(merchant.url("/webhook"))).await?;
        pay(&api, &unseen).await?;
        // The one delivers and the other is read, or about to be, when their node dies.
        house.gateway.kill()?;

        other.start().await?;
        let api = Api {
            address: other.address(),
            ..api
        };
        is_done(&api, &unseen).await?;
        let received = merchant.wait_for(3).await?;
        let bodies = |id: &str| -> Vec<_> {
            received
                .iter()
                .filter(|one| one.json()["payment_id"] == id)
                .map(|one| one.body.clone())
                .collect()
        };
        let (of_told, of_unseen) = (bodies(&told), bodies(&unseen));
        ensure!(of_told.len() == 2 && of_told[0] == of_told[1], "{of_told:?}");
        ensure!(of_unseen.len() == 1, "{of_unseen:?}");
        Ok(())
    });
}

/// A house on PostgreSQL, and a second gateway for it with the same master key, not yet started.
async fn two_nodes() -> Result<(House, Node, Api)> {
    let house = House::open(Engine::Postgres).await?;
    let api = house.api()?;
    let mut other = Node::gateway(
        "other",
        house.folder.path(),
        &house.database_url,
        &house.bank,
        &house.portal,
    )?;
    let key =
        std::fs::read_to_string(house.folder.path().join("gateway/master.key")).context("master.key")?;
    other
        .invocation()
        .environment
        .push(("AYNI_MASTER_KEY", key.trim().to_owned()));
    Ok((house, other, api))
}

async fn create(api: &Api, notify_url: Option<String>) -> Result<String> {
    let mut body = json!({ "amount": 1000, "currency": "CLP", "subject": "Pedido" });
    if let Some(url) = notify_url {
        body["notify_url"] = Value::from(url);
    }
    let answer = api.call("POST", "/v3/payments", Some(&body), None).await?;
    ensure!(answer.status == 200, "{}", answer.text());
    Ok(answer.json()["payment_id"]
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

async fn pay(api: &Api, id: &str) -> Result<()> {
    let page = Payer::of(&api.address, Arc::new(now))?
        .pay(id, RUT, "11 22 33")
        .await?;
    // The statement may have been read before the page was shown.
    ensure!(matches!(page.as_str(), "authorised" | "done"), "{page}");
    Ok(())
}

async fn is_done(api: &Api, id: &str) -> Result<()> {
    until("the payment to be done", DONE_DEADLINE, async || {
        let payment = api.payment(id).await?.json();
        Ok(match payment["status"].as_str() {
            Some("done") => Looked::There(()),
            other => Looked::NotYet(format!("{other:?}")),
        })
    })
    .await
}

const RUT: &str = "11.111.111-1";
/// A dead node's leases, and the pause after them.
const DONE_DEADLINE: Duration = Duration::from_secs(40);
