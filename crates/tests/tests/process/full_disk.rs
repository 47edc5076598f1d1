//! A disk without room: refusals that say so, nothing acknowledged lost, and writing again as soon as there is room.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use ayni_testkit::engine::Engine;
use ayni_testkit::http::Answer;
use serde_json::{Value, json};

use crate::api::Api;
use crate::house::House;
use crate::wait::{self, Looked, until};

/// The limit on the size of files stands for the full disk: it can be set and lifted without privileges.
#[test]
fn without_room_creations_are_refused_and_with_room_they_go_on() {
    wait::run(async {
        let mut house = House::open(Engine::Sqlite).await?;
        house.gateway.kill()?;
        house.gateway.invocation().file_blocks_max = Some(FILE_BLOCKS_MAX);
        house.gateway.start().await?;
        let api = house.api()?;
        let mut acknowledged = fill(&api, "large", LARGE).await?;
        acknowledged.extend(fill(&api, "small", SMALL).await?);
        println!("{} acknowledged before the disk was full", acknowledged.len());
        is_typed_refusal(
            &api.call("POST", "/v3/payments", Some(&order("again", LARGE)), Some("key"))
                .await?,
        )?;
        is_typed_refusal(&api.delete(&acknowledged[0].0).await?)?;
        are_there(&api, &acknowledged).await?;
        ensure!(
            api.with_reference("again").await?.is_empty(),
            "a refused payment is there"
        );

        lift_limit(house.gateway.program()?.id())?;
        let last = until("creations to go on", ROOM_DEADLINE, async || {
            let answer = api
                .call("POST", "/v3/payments", Some(&order("again", LARGE)), Some("key"))
                .await?;
            Ok(match answer.status.as_u16() {
                200 => Looked::There(answer),
                _ => Looked::NotYet(answer.text()),
            })
        })
        .await?;
        ensure!(last.json()["payment_id"] == api.with_reference("again").await?[0].as_str());
        are_there(&api, &acknowledged).await?;

        house.gateway.invocation().file_blocks_max = None;
        house.gateway.kill()?;
        house.gateway.start().await?;
        are_there(&api, &acknowledged).await?;
        ensure!(
            api.with_reference("again").await?.len() == 1,
            "made more than once"
        );
        Ok(())
    });
}

/// Creates until a creation is refused in words; what was acknowledged, with the length of its `custom`.
async fn fill(api: &Api, name: &str, custom: usize) -> Result<Vec<(String, usize)>> {
    let mut acknowledged = Vec::new();
    for number in 0..PAYMENTS_MAX {
        let transaction = format!("{name}-{number}");
        let answer = api
            .call("POST", "/v3/payments", Some(&order(&transaction, custom)), None)
            .await?;
        if answer.status != 200 {
            ensure!(
                api.with_reference(&transaction).await?.is_empty(),
                "{transaction} is refused and there"
            );
            is_typed_refusal(&answer)?;
            return Ok(acknowledged);
        }
        let id = answer.json()["payment_id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        acknowledged.push((id, custom));
    }
    anyhow::bail!("{PAYMENTS_MAX} {name} payments found room: the limit does not hold")
}

fn is_typed_refusal(answer: &Answer) -> Result<()> {
    let body = answer.json();
    let told = body["message"]
        .as_str()
        .is_some_and(|message| !message.is_empty());
    ensure!(
        answer.status == 503 && body["status"] == 503 && told,
        "{} {body}",
        answer.status
    );
    Ok(())
}

async fn are_there(api: &Api, acknowledged: &[(String, usize)]) -> Result<()> {
    for (id, custom) in acknowledged {
        let answer = api.payment(id).await?;
        ensure!(
            answer.status == 200,
            "acknowledged payment {id} answers {}",
            answer.status
        );
        ensure!(
            answer.json()["custom"].as_str().map(str::len) == Some(*custom),
            "{id} lost its custom"
        );
    }
    Ok(())
}

fn lift_limit(process: u32) -> Result<()> {
    let mut command = Command::new("prlimit");
    let lifted = command
        .args(["--pid", &process.to_string(), "--fsize=unlimited"])
        .status()?;
    ensure!(lifted.success(), "prlimit: {lifted}");
    Ok(())
}

fn order(transaction: &str, custom: usize) -> Value {
    json!({
        "amount": 1000, "currency": "CLP", "subject": "Pedido", "transaction_id": transaction,
        "custom": "x".repeat(custom),
    })
}

/// Of 512 bytes: three megabytes.
const FILE_BLOCKS_MAX: u64 = 6000;
const LARGE: usize = 100_000;
const SMALL: usize = 1;
const PAYMENTS_MAX: usize = 1000;
const ROOM_DEADLINE: Duration = Duration::from_secs(15);
