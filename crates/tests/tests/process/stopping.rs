//! Being asked to stop, and starting where it should not: SIGTERM, another's master key, a newer schema.

use std::time::Duration;

use anyhow::{Result, ensure};
use ayni_store::error::StoreError;
use ayni_testkit::engine::Engine;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::house::House;
use crate::wait::{self, Looked, until};

#[test]
fn a_request_under_way_is_answered_before_the_process_ends() {
    wait::run(async {
        let mut house = House::open(Engine::Sqlite).await?;
        let api = house.api()?;
        let body =
            json!({ "amount": 1000, "currency": "CLP", "subject": "Pedido", "transaction_id": "last" })
                .to_string();
        let head = format!(
            "POST /v3/payments HTTP/1.1\r\nhost: {}\r\nx-api-key: {}\r\ncontent-length: {}\r\n\r\n",
            api.address,
            api.key,
            body.len()
        );
        let (first, rest) = body.split_at(body.len() / 2);
        let mut client = TcpStream::connect(&api.address).await?;
        client.write_all(head.as_bytes()).await?;
        client.write_all(first.as_bytes()).await?;
        // Whatever comes after it on another connection was answered: so the first request is being read.
        ensure!(api.payment("aaaaaaaaaaaa").await?.status == 404);

        house.gateway.program()?.ask_to_stop()?;
        until("the door to be closed", STOP_DEADLINE, async || {
            Ok(match TcpStream::connect(&api.address).await {
                Err(_) => Looked::There(()),
                Ok(_) => Looked::NotYet("new connections are taken".to_owned()),
            })
        })
        .await?;
        ensure!(
            house.gateway.program()?.ended()?.is_none(),
            "it ended with a request under way"
        );
        client.write_all(rest.as_bytes()).await?;
        let mut answer = String::new();
        client.read_to_string(&mut answer).await?;
        ensure!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let status = house.gateway.program()?.ends_within(STOP_DEADLINE).await?;
        ensure!(
            status.code() == Some(0),
            "{status}: {}",
            house.gateway.program()?.last_words()
        );
        house.gateway.start().await?;
        ensure!(
            api.with_reference("last").await?.len() == 1,
            "what was acknowledged at the end is not there"
        );
        Ok(())
    });
}

#[test]
fn a_client_that_never_ends_its_request_does_not_keep_the_process() {
    wait::run(async {
        let mut house = House::open(Engine::Sqlite).await?;
        let mut client = TcpStream::connect(house.gateway.address()).await?;
        let head = format!(
            "POST /v3/payments HTTP/1.1\r\nhost: x\r\nx-api-key: {}\r\ncontent-length: 9\r\n\r\n{{",
            house.api()?.key
        );
        client.write_all(head.as_bytes()).await?;
        ensure!(house.api()?.payment("aaaaaaaaaaaa").await?.status == 404);
        house.gateway.program()?.ask_to_stop()?;
        let status = house.gateway.program()?.ends_within(STOP_DEADLINE).await?;
        ensure!(
            status.code() == Some(0),
            "{status}: {}",
            house.gateway.program()?.last_words()
        );
        Ok(())
    });
}

#[test]
fn a_gateway_does_not_start_with_another_databases_master_key() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        wait::run(async {
            let mut house = House::open(engine).await?;
            house.gateway.kill()?;
            let other = ("AYNI_MASTER_KEY", "5a".repeat(32));
            house.gateway.invocation().environment.push(other);
            refuses(&mut house, "AYNI_MASTER_KEY").await?;
            house.gateway.invocation().environment.pop();
            house.gateway.start().await
        });
    }
}

#[test]
fn a_gateway_does_not_start_on_a_newer_schema() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        wait::run(async {
            let mut house = House::open(engine).await?;
            house.gateway.kill()?;
            let db = house.db()?;
            db.write("test.newer", |tx| {
                tx.exec(INSERT_LATER, &[]).map_err(|error: StoreError| error)
            })
            .await?;
            refuses(&mut house, "newer").await
        });
    }
}

/// It ends by itself, not well, and says why.
async fn refuses(house: &mut House, why: &str) -> Result<()> {
    house.gateway.spawn()?;
    let status = house.gateway.program()?.ends_within(STOP_DEADLINE).await?;
    let said = house.gateway.program()?.last_words();
    ensure!(status.code() == Some(1), "{status}: {said}");
    ensure!(
        said.contains(why) && said.contains('→'),
        "it does not say why and what to do: {said}"
    );
    Ok(())
}

const INSERT_LATER: &str =
    "INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'later', 0)";
/// The drain's own limits, requests' and then jobs', and a busy machine.
const STOP_DEADLINE: Duration = Duration::from_secs(50);
